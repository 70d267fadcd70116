"""Files that `issue` writes and keeps; an interrupted run changes no file."""

from __future__ import annotations

import base64
import ipaddress
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from generator import go_yaml
from generator.certs import chain, pem
from generator.certs.as_text import line
from generator.certs.ca import KEY_TYPES, SKEW
from generator.certs.material import collect
from generator.certs.plan import CertPlan
from generator.certs.signers import IssueOptions, issue
from generator.certs.verify import verify
from generator.errors import InvalidInput, UnwritableOutput, WouldOverwrite
from generator.io.write import write_files
from tests.certs.pki import DAY, NOW, make
from tests.certs.sites import CLUSTER_RELEASES, FILES_RELEASES, TLS_PROFILES, planned

STREAM = "cloudCore.streamCertificate.existingSecret=stream"
ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress={192.0.2.10,2001:db8::1}"
NAMES = "cloudCore.modules.cloudHub.dnsNames={cloud.example.com,*.example.org}"


def made(folder: Path, found: CertPlan, **wish: Any) -> dict[str, str]:
    """Issue into a folder and return the files of the folder."""
    new = issue(found, folder, IssueOptions(NOW, **wish))
    write_files(folder, new.files, keep=() if wish.get("force") else new.keep)
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


def certificate(text: str) -> x509.Certificate:
    """Read the first certificate of a text."""
    return pem.certificates(text.encode(), "test")[0]


@pytest.mark.parametrize("kubeedge", FILES_RELEASES)
@pytest.mark.parametrize("profile", TLS_PROFILES)
def test_files_of_a_profile(profile: str, kubeedge: str, tmp_path: Path) -> None:
    there = made(tmp_path, planned(profile, kubeedge))
    client = {"client.crt", "client.key"} if profile == "mtls" else set()
    secret = {"secrets/metaserver-certs.yaml"} if profile != "one-way" else set()
    assert there.keys() == {"ca/rootCA.key", "rootCA.crt", "server.crt", "server.key"} | client | secret
    found = planned(profile, kubeedge)
    assert verify(found, collect([str(tmp_path)], found.secrets), NOW).rejections == ()


@pytest.mark.parametrize("kubeedge", CLUSTER_RELEASES)
@pytest.mark.parametrize("profile", ["one-way", "one-way-verified"])
def test_from_1_17_on_no_files_are_issued(profile: str, kubeedge: str, tmp_path: Path) -> None:
    assert made(tmp_path, planned(profile, kubeedge)) == {}


def test_secret_stores_the_client_pair_under_server_names(tmp_path: Path) -> None:
    there = made(tmp_path, planned("mtls", "1.16"))
    secret = go_yaml.load(there["secrets/metaserver-certs.yaml"])
    assert (secret["kind"], secret["type"]) == ("Secret", "Opaque")
    assert secret["metadata"] == {"name": "metaserver-certs", "namespace": "kubeedge"}
    data = {key: base64.b64decode(value).decode() for key, value in secret["data"].items()}
    assert data == {
        "rootCA.crt": there["rootCA.crt"],
        "server.crt": there["client.crt"],
        "server.key": there["client.key"],
    }


def test_secret_of_a_verifying_agent_holds_no_key(tmp_path: Path) -> None:
    there = made(tmp_path, planned("one-way-verified", "1.16"))
    assert go_yaml.load(there["secrets/metaserver-certs.yaml"])["data"].keys() == {"rootCA.crt"}


def test_stream_pair_has_its_own_ca_and_every_name_of_cloudcore(tmp_path: Path) -> None:
    found = planned("mtls", "1.16", STREAM, ADDRESS, NAMES)
    there = made(tmp_path, found)
    assert there["streamCA.crt"] != there["rootCA.crt"]
    stream = certificate(there["stream.crt"])
    assert chain.addresses(stream) == ["127.0.0.1", "192.0.2.10", "2001:db8::1"]
    assert {"cloudcore", "cloudcore.kubeedge.svc", "cloud.example.com", "*.example.org"} <= {
        *chain.dns_names(stream)
    }
    secret = go_yaml.load(there["secrets/stream.yaml"])
    assert secret["data"].keys() == {"streamCA.crt", "stream.crt", "stream.key"}
    assert verify(found, collect([str(tmp_path)], found.secrets), NOW).rejections == ()


def test_server_certificate_has_the_addresses_of_the_site(tmp_path: Path) -> None:
    flags = ("metaServer.address=10.1.2.3", "agent.kubeAPIConfig.metaServer.server=https://edge.local:10550")
    server = certificate(made(tmp_path, planned("mtls", "1.16", *flags))["server.crt"])
    assert chain.addresses(server) == ["10.1.2.3", "169.254.30.10"]
    assert chain.dns_names(server) == ["edge.local"]


def test_server_certificate_has_the_names_of_every_node_group(tmp_path: Path) -> None:
    group = "edgeCore.nodeGroups.a.modules.metaManager.metaServer.server"
    found = planned("mtls", "1.16", f"{group}=10.9.9.9:10550", "edgeCore.nodeGroups.b.database.dataSource=x")
    server = certificate(made(tmp_path, found)["server.crt"])
    assert chain.addresses(server) == ["10.9.9.9", "127.0.0.1", "169.254.30.10"]


@pytest.mark.parametrize("kind", KEY_TYPES)
def test_keys_have_the_requested_type(kind: str, tmp_path: Path) -> None:
    there = made(tmp_path, planned("mtls", "1.16"), key_type=kind)
    for name in ("rootCA", "server", "client"):
        public = certificate(there[f"{name}.crt"]).public_key()
        assert isinstance(public, rsa.RSAPublicKey if kind.startswith("rsa") else ec.EllipticCurvePublicKey)
        assert public.key_size == int(kind.split("-")[1])
    found = planned("mtls", "1.16")
    assert verify(found, collect([str(tmp_path)]), NOW).rejections == ()


def test_leaf_certificates_have_the_expected_fields(tmp_path: Path) -> None:
    there = made(tmp_path, planned("mtls", "1.16"), days=10)
    root, server, client = (certificate(there[f"{name}.crt"]) for name in ("rootCA", "server", "client"))
    assert chain.use_names(server) == ["server auth"]
    assert chain.use_names(client) == ["client auth"]
    assert not client.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    for leaf in (server, client):
        assert leaf.not_valid_before_utc == NOW - SKEW
        assert leaf.not_valid_after_utc == NOW + 10 * DAY
        assert 0 < leaf.serial_number < 2**159
        basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints)
        assert (basic.critical, basic.value.ca) == (True, False)
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        assert (usage.digital_signature, usage.key_cert_sign) == (True, False)
    assert len({one.serial_number for one in (root, server, client)}) == 3
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address(ip) for ip in ("127.0.0.1", "169.254.30.10")
    ]


def test_no_leaf_outlives_its_ca(tmp_path: Path) -> None:
    there = made(tmp_path, planned("mtls", "1.16"), days=365, ca_days=30)
    assert certificate(there["server.crt"]).not_valid_after_utc == NOW + 30 * DAY


def test_each_file_has_one_block_without_parameters(tmp_path: Path) -> None:
    there = made(tmp_path, planned("mtls", "1.16", STREAM))
    labels = {name: [b.label for b in pem.blocks(text.encode())] for name, text in there.items()}
    for name, found in labels.items():
        if name.endswith((".crt", ".key")):
            assert found == ["PRIVATE KEY" if name.endswith(".key") else "CERTIFICATE"]


def test_only_the_owner_can_read_keys(tmp_path: Path) -> None:
    made(tmp_path, planned("mtls", "1.16", STREAM), nodes=("a",))
    for path in tmp_path.rglob("*"):
        private = path.suffix == ".key" or path.parent.name == "secrets"
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == (0o600 if private else 0o644), path


def test_each_node_gets_its_own_pair(tmp_path: Path) -> None:
    there = made(tmp_path, planned("mtls", "1.16"), nodes=("edge-1", "edge-2"))
    assert "server.key" not in there
    assert there["nodes/edge-1/server.key"] != there["nodes/edge-2/server.key"]
    for node in ("edge-1", "edge-2"):
        assert there[f"nodes/{node}/rootCA.crt"] == there["rootCA.crt"]
        server = certificate(there[f"nodes/{node}/server.crt"])
        assert chain.common_name(server) == f"edgecore-metaserver {node}"
        assert "127.0.0.1" in chain.addresses(server)


# --- second run, and other CAs -----------------------------------------------------


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    found = planned("mtls", "1.16", STREAM)
    assert made(tmp_path, found) == made(tmp_path, found)


def test_missing_pairs_are_signed_by_the_same_ca(tmp_path: Path) -> None:
    before = made(tmp_path, planned("one-way-verified", "1.16"))
    after = made(tmp_path, planned("mtls", "1.16"))
    assert after.keys() - before.keys() == {"client.crt", "client.key"}
    assert {**after, **{k: v for k, v in before.items() if k[:7] != "secrets"}} == after
    found = planned("mtls", "1.16")
    assert verify(found, collect([str(tmp_path)], found.secrets), NOW).rejections == ()


def test_force_replaces_leaves_and_keeps_the_ca(tmp_path: Path) -> None:
    found = planned("mtls", "1.16")
    before = made(tmp_path, found)
    after = made(tmp_path, found, force=True)
    same = {name for name in before if before[name] == after[name]}
    assert same == {"rootCA.crt", "ca/rootCA.key"}


def test_a_kept_certificate_without_a_needed_name_is_reported(tmp_path: Path) -> None:
    made(tmp_path, planned("mtls", "1.16"))
    found = planned("mtls", "1.16", "metaServer.address=10.0.0.7")
    assert line(issue(found, tmp_path, IssueOptions(NOW)).notes[0]) == (
        "server.crt and server.key are kept, but the certificate lacks the names 10.0.0.7 "
        "(--force makes them again) [pair-kept]"
    )


def test_a_given_ca_signs_the_certificates(tmp_path: Path) -> None:
    own = make("corporate CA", ca=True)
    (tmp_path / "ca.crt").write_text(own.cert_text)
    (tmp_path / "ca.key").write_text(own.key_text)
    given = {"ca_cert": str(tmp_path / "ca.crt"), "ca_key": str(tmp_path / "ca.key")}
    folder = tmp_path / "certs"
    there = made(folder, planned("mtls", "1.16"), **given)
    assert there["rootCA.crt"] == own.cert_text
    assert "ca/rootCA.key" not in there
    found = planned("mtls", "1.16")
    assert verify(found, collect([str(folder)]), NOW).rejections == ()


def test_a_ca_is_not_replaced_without_force(tmp_path: Path) -> None:
    own = make("corporate CA", ca=True)
    (tmp_path / "ca.crt").write_text(own.cert_text)
    (tmp_path / "ca.key").write_text(own.key_text)
    folder = tmp_path / "certs"
    before = made(folder, planned("mtls", "1.16"))
    with pytest.raises(WouldOverwrite):
        made(
            folder, planned("mtls", "1.16"), ca_cert=str(tmp_path / "ca.crt"), ca_key=str(tmp_path / "ca.key")
        )
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == before.keys()
    assert (folder / "rootCA.crt").read_text() == before["rootCA.crt"]


# --- failures ------------------------------------------------------------------------------


def snapshot(folder: Path) -> dict[str, bytes]:
    """Map every file, hidden ones too, to its content."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def rejected_ca(folder: Path, cert: str, key: str, **wish: Any) -> str:
    """Try to issue with an invalid CA; return the message."""
    (folder / "ca.crt").write_text(cert)
    (folder / "ca.key").write_text(key)
    given: dict[str, Any] = {"ca_cert": str(folder / "ca.crt"), "ca_key": str(folder / "ca.key")}
    with pytest.raises(InvalidInput) as caught:
        issue(planned("mtls", "1.16"), folder / "certs", IssueOptions(NOW, **given, **wish))
    assert not (folder / "certs").exists()
    assert key.splitlines()[1] not in str(caught.value) if key.count("\n") > 1 else True
    return str(caught.value)


def test_a_wrong_password_is_rejected(tmp_path: Path) -> None:
    own = make("CA", ca=True)
    locked = pem.key_text(own.key, b"right")
    assert "wrong password for the private key" in rejected_ca(
        tmp_path, own.cert_text, locked, password=b"no"
    )
    assert "is encrypted (give its password with --ca-password-file)" in rejected_ca(
        tmp_path, own.cert_text, locked
    )
    assert "not encrypted" in rejected_ca(tmp_path, own.cert_text, own.key_text, password=b"needless")


def test_the_right_password_is_accepted(tmp_path: Path) -> None:
    found = planned("mtls", "1.16")
    there = made(tmp_path, found, password=b"right")
    assert "ENCRYPTED PRIVATE KEY" in there["ca/rootCA.key"]
    assert made(tmp_path, found, password=b"right", force=True)["ca/rootCA.key"] == there["ca/rootCA.key"]
    with pytest.raises(InvalidInput, match="wrong password"):
        issue(found, tmp_path, IssueOptions(NOW, password=b"no", force=True))


def test_a_key_of_another_ca_is_rejected(tmp_path: Path) -> None:
    one, other = make("CA", ca=True), make("CA", ca=True)
    assert (
        f"ca.key: the private key does not belong to {tmp_path}/ca.crt [key-of-other-certificate]"
        in rejected_ca(tmp_path, one.cert_text, other.key_text)
    )


def test_expired_ca_is_rejected(tmp_path: Path) -> None:
    own = make("CA", ca=True, start=-9 * DAY, end=-DAY)
    assert f"the CA expired on {NOW - DAY:%Y-%m-%d %H:%M} UTC" in rejected_ca(
        tmp_path, own.cert_text, own.key_text
    )


def test_a_ca_that_is_not_valid_yet_is_rejected(tmp_path: Path) -> None:
    own = make("CA", ca=True, start=timedelta(minutes=5))
    assert "(check the clock of this machine) [ca-not-yet-valid]" in rejected_ca(
        tmp_path, own.cert_text, own.key_text
    )


def test_files_without_a_ca_are_rejected(tmp_path: Path) -> None:
    own = make("leaf")
    assert "not a CA certificate" in rejected_ca(tmp_path, own.cert_text, own.key_text)
    assert "has no private key" in rejected_ca(tmp_path, own.cert_text, "nonsense")
    assert "has no certificate" in rejected_ca(tmp_path, "nonsense", own.key_text)


def test_a_missing_key_of_the_own_ca_is_reported(tmp_path: Path) -> None:
    made(tmp_path, planned("mtls", "1.16"))
    (tmp_path / "ca/rootCA.key").unlink()
    with pytest.raises(InvalidInput, match=r"this CA cannot sign without .*rootCA\.key"):
        issue(planned("mtls", "1.16"), tmp_path, IssueOptions(NOW, force=True))


def test_a_certificate_or_key_alone_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "server.key").write_text("somebody's key")
    with pytest.raises(WouldOverwrite, match=r"server\.key: exists already with other content"):
        made(tmp_path, planned("mtls", "1.16"))
    assert snapshot(tmp_path) == {"server.key": b"somebody's key"}
    made(tmp_path, planned("mtls", "1.16"), force=True)


def test_an_unwritable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "certs").write_text("a file")
    with pytest.raises(UnwritableOutput):
        made(tmp_path / "certs", planned("mtls", "1.16"))


@pytest.mark.parametrize("fails_at", range(5))
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("first", [True, False])
def test_an_interrupted_run_writes_all_files_or_none(
    fails_at: int,
    error: type[BaseException],
    first: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = planned("mtls", "1.16")
    if not first:
        made(tmp_path, found)
    before = snapshot(tmp_path)
    real, calls = Path.replace, 0

    def replace(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == fails_at + 1:
            raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises((KeyboardInterrupt, UnwritableOutput)):
        made(tmp_path, found, force=True)
    monkeypatch.undo()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("profile", "kubeedge", "wish", "message"),
    [
        ("mtls", "1.16", {"signer": "csr"}, "with --signer csr the cluster signs client certificates only"),
        ("mtls", "1.23", {"signer": "own-ca"}, "x509: certificate signed by unknown authority"),
        ("mtls", "1.16", {"ca_cert": "a"}, "--ca-cert and --ca-key go together"),
        ("mtls", "1.16", {"nodes": ("../x",)}, "--node: must be a node name"),
        ("mtls", "1.23", {"nodes": ("edge-1",)}, "needs no certificate files on its nodes"),
        ("mtls", "1.23", {"signer": "cluster-ca", "ca_cert": "/no", "ca_key": "/no"}, "/no: does not exist"),
    ],
)
def test_wrong_options_are_rejected(
    profile: str, kubeedge: str, wish: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput) as caught:
        issue(planned(profile, kubeedge), tmp_path, IssueOptions(NOW, **wish))
    assert message in str(caught.value)
