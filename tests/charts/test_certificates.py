"""Sources of certificates in the charts: Secrets, cert-manager, files; and the copy on edge nodes."""

from __future__ import annotations

import json
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.errors import HelmError
from tests.charts import kubernetes
from tests.charts.conftest import ENGINES, Render
from tests.charts.objects import config, find, has

FILES = ("1.12", "1.13", "1.14", "1.15", "1.16")
CLUSTER = ("1.17", "1.22", "1.23")
MANAGER = {"enable": True, "issuerRef": {"name": "ca"}}


def copying(kubeedge: str = "1.16", **more: Any) -> dict[str, Any]:
    """Return values with the copy switched on."""
    return {
        "profile": "mtls",
        "kubeedgeVersion": kubeedge,
        "metaServer": {"serverCertificate": {"existingSecret": "server"}},
        "certificateCopy": {"enable": True, **more},
    }


def copy_pod(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the pod spec of the copy."""
    spec: dict[str, Any] = find(objects, "DaemonSet", "edgecore-certs")["spec"]["template"]["spec"]
    return spec


# --- the copy ------------------------------------------------------------------------------


@pytest.mark.parametrize("kubeedge", [*FILES, *CLUSTER])
def test_copy_is_off_by_default(render: Render, kubeedge: str) -> None:
    objects = render("edgecore", {"profile": "mtls", "kubeedgeVersion": kubeedge})
    assert {o["kind"] for o in objects} == {"ConfigMap"}


@pytest.mark.parametrize("kubeedge", FILES)
def test_copy_writes_the_files_that_edgecore_reads(render: Render, kubeedge: str) -> None:
    objects = render("edgecore", copying(kubeedge))
    pod = copy_pod(objects)
    secret, *nodes = pod["volumes"]
    assert secret["secret"]["secretName"] == "server"
    assert {i["key"] for i in secret["secret"]["items"]} == {"rootCA.crt", "server.crt", "server.key"}
    places = [volume["hostPath"]["path"] for volume in nodes]
    assert places == ["/etc/kubeedge/metaserver"]
    server = config(objects, "edgecore", "edgecore.yaml")["modules"]["metaManager"]["metaServer"]
    script = pod["containers"][0]["args"][0]
    for field in ("tlsCaFile", "tlsCertFile", "tlsPrivateKeyFile"):
        assert f"/node{server[field]}" in script


def test_copy_needs_few_permissions(render: Render) -> None:
    pod = copy_pod(render("edgecore", copying()))
    security = pod["containers"][0]["securityContext"]
    assert security["allowPrivilegeEscalation"] is False
    assert security["capabilities"] == {"drop": ["ALL"]}
    assert security["readOnlyRootFilesystem"] is True
    assert pod["automountServiceAccountToken"] is False
    assert pod["volumes"][0]["secret"]["defaultMode"] == 0o400
    edge = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert edge["nodeSelectorTerms"][0]["matchExpressions"][0]["key"] == "node-role.kubernetes.io/edge"


EVERYTHING = {
    "interval": 5,
    "image": {
        "repository": "tools/sh",
        "digest": "sha256:" + "0" * 64,
        "pullSecrets": ["a"],
        "pullPolicy": "Always",
    },
    "labels": {"a": "b", "k8s-app": "mine"},
    "podLabels": {"c": "d"},
    "annotations": {"e": "f"},
    "podAnnotations": {"g": "h"},
    "nodeSelector": {"i": "j"},
    "tolerations": [{"operator": "Exists"}],
    "affinity": {},
    "priorityClassName": "system-node-critical",
    "terminationGracePeriodSeconds": 0,
    "podSecurityContext": {"runAsUser": 0},
    "extraEnv": [{"name": "A", "value": "1"}],
    "extraVolumes": [{"name": "x", "emptyDir": {}}],
    "extraVolumeMounts": [{"name": "x", "mountPath": "/x"}],
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("more", [{}, EVERYTHING], ids=["plain", "everything"])
def test_kubernetes_accepts_the_copy(render: Render, more: dict[str, Any], engine: str) -> None:
    values = copying(**more)
    values["images"] = {"registry": "mirror.example:5000/"}
    values["metaServer"]["keyFile"] = "/opt/keys/server.key"
    objects = render("edgecore", values, engine=engine)
    assert [
        f for o in objects for version in kubernetes.VERSIONS for f in kubernetes.faults(o, version)
    ] == []
    found = find(objects, "DaemonSet", "edgecore-certs")
    template = found["spec"]["template"]
    assert found["spec"]["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    assert template["metadata"]["labels"]["k8s-app"] == "kubeedge"
    pod = template["spec"]
    mounts = {m["name"] for m in pod["containers"][0]["volumeMounts"]}
    assert mounts == {volume["name"] for volume in pod["volumes"]}
    assert [v["hostPath"]["path"] for v in pod["volumes"] if "hostPath" in v] == [
        "/etc/kubeedge/metaserver",
        "/opt/keys",
    ]
    image = "tools/sh@sha256:" + "0" * 64 if more else "busybox:1.37.0"
    assert pod["containers"][0]["image"] == f"mirror.example:5000/{image}"
    assert json.dumps(objects) == json.dumps(render("edgecore", values))


def test_name_of_the_copy_leaves_room_for_the_hash_of_its_pods(render: Render) -> None:
    values = {**copying(), "fullnameOverride": "x" * 60}
    (found,) = [o for o in render("edgecore", values) if o["kind"] == "DaemonSet"]
    assert len(found["metadata"]["name"]) <= 52


class Node:
    """The copy at work: its script, with the secret and the node as folders."""

    def __init__(self, folder: Path, script: str) -> None:
        self.secret, self.node = folder / "certificates", folder / "node"
        (self.node / "etc/kubeedge/metaserver").mkdir(parents=True)
        self.secret.mkdir()
        text = script.replace("/certificates/", f"{self.secret}/").replace('"/node', f'"{self.node}')
        # Only the interval is quicker than in a pod.
        self.script = text.replace("sleep 60", "sleep 0.05")
        self.process: subprocess.Popen[str] | None = None
        self.log = folder / "log"

    def bring(self, version: str) -> None:
        """Swap a version of the secret in, as the kubelet does."""
        data = self.secret / f"..{version}"
        data.mkdir()
        for name in ("rootCA.crt", "server.crt", "server.key"):
            (data / name).write_text(f"{name} {version}")
            (data / name).chmod(0o400)
        link = self.secret / "..data_tmp"
        link.symlink_to(data.name)
        link.replace(self.secret / "..data")

    def start(self) -> None:
        """Run the script."""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(["sh", "-c", self.script], stdout=log, stderr=log, text=True)

    def wait_for(self, version: str) -> None:
        """Wait until the node has a version."""
        wanted = {name: f"{name} {version}" for name in ("rootCA.crt", "server.crt", "server.key")}
        self.wait_until(lambda: self.there() == wanted, version)

    def wait_until(self, reached: Callable[[], bool], what: str) -> None:
        """Wait until something is the case, at most 5 s."""
        for _ in range(200):
            if reached():
                return
            time.sleep(0.025)
        raise AssertionError(f"{what} never came: {self.there()} {self.log.read_text()}")

    def there(self) -> dict[str, str]:
        """Return what is on the node."""
        folder = self.node / "etc/kubeedge/metaserver"
        return {p.name: p.read_text() for p in folder.iterdir() if not p.name.endswith(".new")}

    def stop(self) -> int:
        """End the script as Kubernetes does, and return its exit code."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(5)


@pytest.fixture
def node(render: Render, tmp_path: Path) -> Any:
    """Return a node on which the copy does not run yet; it is stopped in the end."""
    script = copy_pod(render("edgecore", copying()))["containers"][0]["args"][0]
    made = Node(tmp_path, script)
    yield made
    if made.process and made.process.poll() is None:
        made.process.kill()
        made.process.wait(5)


def test_copy_follows_a_renewed_secret(node: Node) -> None:
    node.bring("one")
    node.start()
    node.wait_for("one")
    node.bring("two")
    node.wait_for("two")
    for path in (node.node / "etc/kubeedge/metaserver").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    # The script says it after the copy.
    node.wait_until(lambda: node.log.read_text().count("systemctl restart edgecore") == 2, "the message")
    # The shell's sleep is one more process; it ends by itself.
    assert node.stop() == 0
    said = node.log.read_text()
    assert said.count("systemctl restart edgecore") == 2
    assert "server.key one" not in said


def test_copy_reverts_changes_on_the_node(node: Node) -> None:
    node.bring("one")
    node.start()
    node.wait_for("one")
    (node.node / "etc/kubeedge/metaserver/server.key").unlink()
    node.wait_for("one")


def test_copy_that_cannot_write_keeps_the_old_files(node: Node) -> None:
    node.bring("one")
    node.start()
    node.wait_for("one")
    node.stop()
    shutil.rmtree(node.secret / "..one")
    node.start()
    assert node.process
    assert node.process.wait(5) != 0
    assert node.there()["server.key"] == "server.key one"


# --- cert-manager --------------------------------------------------------------------------


@pytest.mark.parametrize("kubeedge", FILES)
def test_certificate_of_the_endpoint(render: Render, kubeedge: str) -> None:
    group = {"modules": {"metaManager": {"metaServer": {"server": "[2001:db8::1]:10550"}}}}
    values = {
        "profile": "mtls",
        "kubeedgeVersion": kubeedge,
        "metaServer": {"serverCertificate": {"certManager": MANAGER}},
        "edgeCore": {"nodeGroups": {"a": group, "b": {}}},
        "agent": {"kubeAPIConfig": {"metaServer": {"server": "https://edge.local:10550"}}},
        "certificateCopy": {"enable": True},
    }
    objects = render("edgecore", values)
    spec = find(objects, "Certificate", "edgecore-endpoint")["spec"]
    assert spec["ipAddresses"] == ["2001:db8::1", "127.0.0.1", "169.254.30.10"]
    assert spec["dnsNames"] == ["edge.local"]
    assert "server auth" in spec["usages"]
    assert "client auth" not in spec["usages"]
    assert spec["issuerRef"] == {"name": "ca", "kind": "Issuer", "group": "cert-manager.io"}
    secret = copy_pod(objects)["volumes"][0]["secret"]
    assert secret["secretName"] == spec["secretName"]
    assert {item["key"]: item["path"] for item in secret["items"]} == {
        "ca.crt": "rootCA.crt",
        "tls.crt": "server.crt",
        "tls.key": "server.key",
    }


@pytest.mark.parametrize("kubeedge", CLUSTER)
def test_from_1_17_on_no_certificate_of_the_endpoint_is_requested(render: Render, kubeedge: str) -> None:
    values = {"kubeedgeVersion": kubeedge, "metaServer": {"serverCertificate": {"certManager": MANAGER}}}
    assert not has(render("edgecore", values), "Certificate", "edgecore-endpoint")


@pytest.mark.parametrize("kubeedge", ["1.16", "1.23"])
def test_certificate_of_the_agent(render: Render, kubeedge: str) -> None:
    values = {
        "profile": "mtls",
        "kubeedgeVersion": kubeedge,
        "metaServer": {"clientCertificate": {"certManager": MANAGER}},
        "gateway": {"enable": True},
    }
    objects = render("edgemesh", values)
    spec = find(objects, "Certificate", "edgemesh-agent")["spec"]
    assert (spec["secretName"], spec["usages"]) == ("metaserver-certs", ["digital signature", "client auth"])
    for kind, name in (("DaemonSet", "edgemesh-agent"), ("Deployment", "edgemesh-gateway")):
        volumes = find(objects, kind, name)["spec"]["template"]["spec"]["volumes"]
        (secret,) = [v["secret"] for v in volumes if v["name"] == "metaserver-certs"]
        assert {item["key"]: item["path"] for item in secret["items"]} == {
            "ca.crt": "rootCA.crt",
            "tls.crt": "server.crt",
            "tls.key": "server.key",
        }


@pytest.mark.parametrize("profile", ["plain", "one-way"])
def test_no_certificate_is_requested_if_none_is_mounted(render: Render, profile: str) -> None:
    values = {"profile": profile, "metaServer": {"clientCertificate": {"certManager": MANAGER}}}
    assert not [o for o in render("edgemesh", values) if o["kind"] == "Certificate"]


def test_an_existing_secret_is_mounted_unchanged(render: Render) -> None:
    objects = render("edgemesh", {"profile": "mtls"})
    volumes = find(objects, "DaemonSet", "edgemesh-agent")["spec"]["template"]["spec"]["volumes"]
    (secret,) = [v["secret"] for v in volumes if v["name"] == "metaserver-certs"]
    assert secret == {"secretName": "metaserver-certs", "defaultMode": 256}


# --- cloudcore's stream pair ---------------------------------------------------------------

STREAM: dict[str, dict[str, Any]] = {
    "secret": {"existingSecret": "stream"},
    "cert-manager": {"certManager": MANAGER},
    "files": {"files": {"enable": True, "key": "/srv/stream.key"}},
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("source", STREAM.values(), ids=STREAM)
def test_each_source_of_the_stream_certificate_turns_cloudstream_on(
    render: Render, source: dict[str, Any], engine: str
) -> None:
    objects = render("cloudcore", {"cloudCore": {"streamCertificate": source}}, engine=engine)
    assert config(objects, "cloudcore", "cloudcore.yaml")["modules"]["cloudStream"]["enable"] is True
    pod = find(objects, "Deployment", "cloudcore")["spec"]["template"]["spec"]
    mounts = {m["mountPath"]: m["name"] for m in pod["containers"][0]["volumeMounts"]}
    wanted = ("ca/streamCA.crt", "certs/stream.crt", "certs/stream.key")
    names = [mounts[f"/etc/kubeedge/{path}"] for path in wanted]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    kinds = {next(kind for kind in volumes[name] if kind != "name") for name in names}
    assert kinds == ({"hostPath"} if "files" in source else {"secret"})
    if "files" in source:
        assert [volumes[name]["hostPath"]["path"] for name in names] == [
            "/etc/kubeedge/ca/streamCA.crt",
            "/etc/kubeedge/certs/stream.crt",
            "/srv/stream.key",
        ]
    assert [f for o in objects for f in kubernetes.faults(o, kubernetes.VERSIONS[-1])] == []


def test_without_a_source_cloudstream_is_off(render: Render) -> None:
    objects = render("cloudcore")
    assert config(objects, "cloudcore", "cloudcore.yaml")["modules"]["cloudStream"]["enable"] is False


def test_two_sources_are_rejected(render: Render) -> None:
    with pytest.raises(HelmError, match=r"together with cloudCore\.streamCertificate\.existingSecret"):
        render("cloudcore", {"cloudCore": {"streamCertificate": {**STREAM["secret"], **STREAM["files"]}}})


def test_no_template_creates_a_key() -> None:
    root = Path(__file__).resolve().parents[2] / "charts"
    for path in root.rglob("templates/*"):
        if path.is_file():
            assert not {"genCA", "genSignedCert", "genSelfSignedCert", "genPrivateKey"} & {
                *path.read_text("utf-8").replace("(", " ").split()
            }
