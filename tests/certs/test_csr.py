"""The Kubernetes CSR API, with a stand-in for kubectl that signs with a CA of its own."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509

from generator import go_yaml
from generator.certs import ca, csr, pem
from generator.certs.ca import CA
from generator.certs.material import collect
from generator.certs.names import Names
from generator.certs.signers import Issue, IssueOptions
from generator.certs.verify import verify
from generator.errors import ClusterError, InvalidInput
from generator.io.kubectl import Kubectl
from generator.io.write import write_files
from tests.certs.pki import NOW, Made, make
from tests.certs.sites import planned

PLAN = planned("mtls", "1.23")
WISH = IssueOptions(NOW, days=30)


class Cluster(Kubectl):
    """A cluster that signs approved requests."""

    def __init__(self, *, signs: bool = True, approves: bool = False, root: Made | None = None) -> None:
        self.root = root or make("kubernetes", ca=True)
        self.bundle = self.root.cert_text
        self.signs, self.approved, self.denied = signs, approves, False
        self.calls: list[tuple[str, ...]] = []
        self.request: dict[str, Any] = {}
        self.key: Any = None

    def run(self, *arguments: str, text: str | None = None) -> str:
        self.calls.append(arguments)
        if arguments[0] == "apply":
            self.request = go_yaml.load(text or "")
        elif arguments[:2] == ("certificate", "approve"):
            self.approved = True
        elif arguments[:2] == ("get", "csr"):
            return json.dumps({"status": self._status()})
        elif arguments[:2] == ("get", "configmap"):
            return json.dumps({"data": {"ca.crt": self.bundle}})
        return ""

    def _status(self) -> dict[str, Any]:
        if self.denied:
            return {"conditions": [{"type": "Denied", "message": "not on my watch"}]}
        if not self.approved:
            return {}
        found: dict[str, Any] = {"conditions": [{"type": "Approved"}]}
        if self.signs:
            found["certificate"] = base64.b64encode(self._sign().encode()).decode()
        return found

    def _sign(self) -> str:
        asked = x509.load_pem_x509_csr(base64.b64decode(self.request["spec"]["request"]))
        signer = CA(self.root.certificate, self.root.key)

        class Asked:
            def public_key(self) -> Any:
                return asked.public_key()

        key: Any = self.key or Asked()
        return pem.certificate_text(ca.sign(signer, key, Names("edgemesh-metaserver-client"), "client", NOW))


def prepare(folder: Path) -> Issue:
    """Create the key and the request, not signed yet."""
    pair = PLAN.pair("client")
    assert pair
    made = csr.prepare(pair, folder, WISH)
    write_files(folder, made.files, keep=made.keep)
    return made


def fetch(folder: Path, cluster: Cluster, *, approve: bool = True) -> Issue:
    """Fetch the signed certificate."""
    return csr.fetch(PLAN, folder, WISH, cluster, approve=approve, wait=6, sleep=lambda _: None)


def test_the_request_has_the_names_and_usages(tmp_path: Path) -> None:
    (note,) = prepare(tmp_path).notes
    found = go_yaml.load((tmp_path / csr.MANIFEST).read_text())
    assert found["spec"]["signerName"] == "kubernetes.io/kube-apiserver-client"
    assert found["spec"]["usages"] == ["client auth", "digital signature"]
    assert found["spec"]["expirationSeconds"] == 30 * 86400
    request = x509.load_pem_x509_csr(base64.b64decode(found["spec"]["request"]))
    assert request.is_signature_valid
    assert request.subject.rfc4514_string() == "CN=edgemesh-metaserver-client"
    assert not (tmp_path / "client.key").exists()
    assert f"kubectl certificate approve {found['metadata']['name']}" in note.fix


def test_a_second_run_keeps_the_unsigned_request(tmp_path: Path) -> None:
    prepare(tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert prepare(tmp_path).files == {}
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_a_signed_certificate_is_fetched(tmp_path: Path) -> None:
    prepare(tmp_path)
    cluster = Cluster()
    made = fetch(tmp_path, cluster)
    write_files(tmp_path, made.files, remove=made.remove, keep=made.keep)
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == {
        "rootCA.crt",
        "client.crt",
        "client.key",
        "secrets/metaserver-certs.yaml",
    }
    assert verify(PLAN, collect([str(tmp_path)], PLAN.secrets), NOW).rejections == ()
    assert [call[0] for call in cluster.calls] == ["apply", "certificate", "get", "get"]
    # kubectl never received the key.
    assert "PRIVATE KEY" not in json.dumps(cluster.request)


def test_a_request_approved_by_somebody_else_is_fetched(tmp_path: Path) -> None:
    prepare(tmp_path)
    cluster = Cluster(approves=True)
    assert "client.key" in fetch(tmp_path, cluster, approve=False).files
    assert ("certificate", "approve") not in [call[:2] for call in cluster.calls]


@pytest.mark.parametrize(
    ("cluster", "approve", "message"),
    [
        (Cluster(), False, "not approved after 6 s"),
        (Cluster(signs=False), True, "approved, but not signed after 6 s"),
    ],
)
def test_request_that_is_not_signed_in_time(
    cluster: Cluster, approve: bool, message: str, tmp_path: Path
) -> None:
    prepare(tmp_path)
    with pytest.raises(ClusterError, match=message):
        fetch(tmp_path, cluster, approve=approve)
    assert not (tmp_path / "client.key").exists()
    assert (tmp_path / csr.KEY).exists()


def test_a_denied_request_is_reported(tmp_path: Path) -> None:
    prepare(tmp_path)
    cluster = Cluster()
    cluster.denied = True
    with pytest.raises(ClusterError, match="denied: not on my watch"):
        fetch(tmp_path, cluster)


def test_a_certificate_for_another_key_is_rejected(tmp_path: Path) -> None:
    prepare(tmp_path)
    cluster = Cluster()
    cluster.key = make("other").key
    with pytest.raises(InvalidInput, match="signed for another key"):
        fetch(tmp_path, cluster)


def test_a_certificate_of_an_unpublished_ca_is_rejected(tmp_path: Path) -> None:
    prepare(tmp_path)
    cluster = Cluster()
    cluster.bundle = trustme.CA().cert_pem.bytes().decode()
    with pytest.raises(InvalidInput, match="the cluster's own bundle does not contain CN=kubernetes"):
        fetch(tmp_path, cluster)


# --- kubectl itself ------------------------------------------------------------------------


def stand_in(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Kubectl:
    """Put a script with the name kubectl on PATH."""
    script = folder / "kubectl"
    script.write_text(f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    monkeypatch.setenv("KUBECTL", str(script))
    return Kubectl(context="edge", timeout=1)


def test_kubectl_receives_text_and_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl = stand_in(tmp_path, 'echo "$@"; cat', monkeypatch)
    assert kubectl.run("apply", "-f", "-", text="hello") == "--context=edge apply -f -\nhello"


def test_a_failure_of_kubectl_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl = stand_in(tmp_path, "echo 'error: forbidden' >&2; exit 1", monkeypatch)
    with pytest.raises(ClusterError, match="kubectl apply: error: forbidden") as caught:
        kubectl.run("apply")
    assert caught.value.exit_code == 3


def test_kubectl_times_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl = stand_in(tmp_path, "exec sleep 20", monkeypatch)
    with pytest.raises(ClusterError, match="timed out after 1 s"):
        kubectl.run("get")


def test_a_missing_kubectl_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECTL", "/nowhere/kubectl")
    with pytest.raises(ClusterError, match="kubectl not found"):
        Kubectl()
