"""What must agree between files: each check with files that disagree and files that agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml
from generator.check import check_files
from generator.model import paths

CLOUD: dict[str, Any] = {
    "modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}, "dynamicController": {"enable": True}}
}
EDGE: dict[str, Any] = {
    "modules": {
        "edgeHub": {"websocket": {"server": "192.0.2.10:10000"}, "httpServer": "https://192.0.2.10:10002"},
        "edged": {"tailoredKubeletConfig": {"clusterDNS": ["169.254.96.16"]}},
        "metaManager": {"metaServer": {"enable": True}},
    }
}
MESH: dict[str, Any] = {"modules": {"edgeProxy": {"enable": True}, "edgeTunnel": {"enable": True}}}
GATEWAY: dict[str, Any] = {"modules": {"edgeGateway": {"enable": True}, "edgeTunnel": {"enable": True}}}
FILES = {"cloudcore": CLOUD, "edgecore": EDGE, "edgemesh-agent": MESH, "edgemesh-gateway": GATEWAY}

SECURITY = "kubeAPIConfig.metaServer.security.requireAuthorization"
GATE = "featureGates.requireAuthorization"
TUNNEL = "modules.edgeTunnel"
# (rule, what makes it hold: component, key, value)
DISAGREE: list[tuple[str, list[tuple[str, str, Any]]]] = [
    ("together/dynamic-controller", [("cloudcore", "modules.dynamicController.enable", False)]),
    ("together/endpoint", [("edgecore", "modules.metaManager.metaServer.enable", False)]),
    ("together/endpoint-address", [("edgecore", "modules.metaManager.metaServer.server", "127.0.0.1:1")]),
    (
        "together/endpoint-address",
        [("edgemesh-gateway", "kubeAPIConfig.metaServer.server", "http://127.0.0.1:1")],
    ),
    ("together/ports", [("cloudcore", "modules.cloudHub.websocket.port", 11000)]),
    ("together/ports", [("cloudcore", "modules.cloudHub.https.port", 11002)]),
    ("together/advertise-address", [("edgecore", "modules.edgeHub.websocket.server", "192.0.2.11:10000")]),
    ("together/streams", [("cloudcore", "modules.cloudStream.enable", True)]),
    ("together/streams", [("edgecore", "modules.edgeStream.enable", True)]),
    ("together/mesh", [("edgemesh-gateway", f"{TUNNEL}.transport", "ws")]),
    ("together/mesh", [("edgemesh-agent", f"{TUNNEL}.psk.enable", False)]),
    ("together/mesh", [("edgemesh-agent", f"{TUNNEL}.rendezvous", "HERE")]),
    (
        "together/mesh",
        [("edgemesh-agent", f"{TUNNEL}.relayNodes", [{"nodeName": "a", "advertiseAddress": ["192.0.2.1"]}])],
    ),
    ("rule/authorization-on-cloud-only", [("cloudcore", GATE, True)]),
    ("rule/authorization-on-edge-only", [("edgecore", GATE, True)]),
    ("rule/authorization-missing-on-agent", [("edgecore", GATE, True), ("cloudcore", GATE, True)]),
    ("rule/authorization-on-agent-only", [("edgemesh-agent", SECURITY, True)]),
    ("rule/authorization-on-gateway-only", [("edgemesh-gateway", SECURITY, True)]),
    ("rule/cluster-dns-differs", [("edgemesh-agent", "commonConfig.bridgeDeviceIP", "169.254.96.17")]),
    (
        "rule/edge-cluster-domain",
        [("edgecore", "modules.edged.tailoredKubeletConfig.clusterDomain", "edge.example")],
    ),
    (
        "rule/edge-hub-protocol-closed",
        [
            ("edgecore", "modules.edgeHub.quic.enable", True),
            ("edgecore", "modules.edgeHub.websocket.enable", False),
        ],
    ),
]


def rules_of(folder: Path, changes: list[tuple[str, str, Any]], **options: Any) -> list[str]:
    """Check all four files with some keys changed, and return the rules that hold."""
    names = []
    for component, config in FILES.items():
        copied = go_yaml.load(go_yaml.dump(config))
        for changed, key, value in changes:
            if changed == component:
                paths.put(copied, key, value)
        file = folder / f"{component}.yaml"
        file.write_text(go_yaml.dump(copied), "utf-8")
        names.append(str(file))
    found = [finding.rule for finding in check_files(names, **options).findings]
    # These files are plain, which is always warned of.
    return [rule for rule in found if rule != "rule/open-endpoint"]


@pytest.mark.parametrize(("rule", "changes"), DISAGREE)
def test_disagreement_is_found(rule: str, changes: list[tuple[str, str, Any]], tmp_path: Path) -> None:
    assert rule in rules_of(tmp_path, changes)


def test_files_that_agree_have_no_finding(tmp_path: Path) -> None:
    assert rules_of(tmp_path, []) == []


def test_the_second_listener_counts_under_the_gate(tmp_path: Path) -> None:
    dummy = ("edgemesh-agent", "kubeAPIConfig.metaServer.server", "https://169.254.30.10:10550")
    gates = [("cloudcore", GATE, True), ("edgecore", GATE, True)]
    agents = [("edgemesh-agent", SECURITY, True), ("edgemesh-gateway", SECURITY, True)]
    assert "together/endpoint-address" in rules_of(tmp_path, [dummy])
    assert "together/endpoint-address" not in rules_of(tmp_path, [dummy, *gates, *agents])


def test_the_issuer_of_the_cluster(tmp_path: Path) -> None:
    assert rules_of(tmp_path, [], issuer="https://kubernetes.default.svc.cluster.local") == []
    assert rules_of(tmp_path, [], issuer="https://oidc.example.com") == ["together/issuer"]


def test_every_edge_node_is_held_to_the_cloud(tmp_path: Path) -> None:
    (tmp_path / "cloud.yaml").write_text(go_yaml.dump(CLOUD), "utf-8")
    for name, server in (("a", "192.0.2.10:10000"), ("b", "192.0.2.11:10000")):
        edge = go_yaml.load(go_yaml.dump(EDGE))
        paths.put(edge, "modules.edgeHub.websocket.server", server)
        (tmp_path / f"edge-{name}.yaml").write_text(go_yaml.dump(edge), "utf-8")
    report = check_files([str(tmp_path / name) for name in ("cloud.yaml", "edge-a.yaml", "edge-b.yaml")])
    problems = [finding for finding in report.findings if finding.rule != "rule/open-endpoint"]
    assert [Path(finding.file).name for finding in problems] == ["edge-b.yaml"]
    assert [len(verdict.edges) for verdict in report.verdicts] == [1, 1]
    assert {name for verdict in report.verdicts for name in verdict.profiles} == {"plain"}


def test_a_key_of_another_file_keeps_its_index(tmp_path: Path) -> None:
    file = tmp_path / "edgecore.yaml"
    file.write_text("kind: EdgeCore\n", "utf-8")
    said = [finding.fix for finding in check_files([str(file)]).findings]
    assert said == [
        "set modules.cloudHub.advertiseAddress[0] of cloudcore.yaml, or pass --cloudcore-ipport to keadm"
    ]


# --- keys of one file, and of several ------------------------------------------------------

HUB = "modules.edgeHub"
KUBELET = "modules.edged.tailoredKubeletConfig"
STREAM = ("edgecore", "modules.edgeStream", {"enable": True, "server": "192.0.2.10:10004"})
# (rule, what makes it hold, what comes close and is right)
ALONE: list[tuple[str, tuple[str, str, Any], tuple[str, str, Any]]] = [
    ("rule/cloudcore-port-twice", ("cloudcore", "modules.cloudHub.websocket.port", 10002),
     ("cloudcore", "modules.cloudHub.websocket.port", 10003)),
    ("rule/edgecore-port-twice", ("edgecore", f"{KUBELET}.readOnlyPort", 10550),
     ("edgecore", f"{KUBELET}.readOnlyPort", 10551)),
    ("rule/agent-port-twice", ("edgemesh-agent", f"{TUNNEL}.metricConfig", {"enable": True, "port": 20006}),
     ("edgemesh-agent", f"{TUNNEL}.metricConfig", {"enable": False, "port": 20006})),
    ("rule/advertise-address-everywhere", ("cloudcore", "modules.cloudHub.advertiseAddress", ["0.0.0.0"]),
     ("cloudcore", "modules.cloudHub.advertiseAddress", ["192.0.2.10"])),
    ("rule/hub-certificate-address", ("edgecore", f"{HUB}.httpServer", "192.0.2.10:10002"),
     ("edgecore", f"{HUB}.httpServer", "https://192.0.2.10:10002")),
    ("rule/stream-host", ("edgecore", "modules.edgeStream.enable", True), STREAM),
    ("rule/keepalive-interval", ("edgecore", f"{HUB}.heartbeat", 30), ("edgecore", f"{HUB}.heartbeat", 29)),
    ("rule/keepalive-interval", ("cloudcore", "modules.cloudHub.keepaliveInterval", 15),
     ("cloudcore", "modules.cloudHub.keepaliveInterval", 16)),
    ("rule/edge-hub-off", ("edgecore", f"{HUB}.enable", False), ("edgecore", f"{HUB}.enable", True)),
    ("rule/node-label-reserved", ("edgecore", "modules.edged.nodeLabels", {"kubernetes.io/a": ""}),
     ("edgecore", "modules.edged.nodeLabels", {"kubernetes.io/os": "linux"})),
    ("placeholder", ("edgecore", f"{HUB}.websocket.server", "YOUR_IP:10000"),
     ("edgecore", f"{HUB}.websocket.server", "192.0.2.10:10000")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "wrong", "right"), ALONE)
def test_a_rule_is_found_in_files(
    rule: str, wrong: tuple[str, str, Any], right: tuple[str, str, Any], tmp_path: Path
) -> None:
    assert rule in rules_of(tmp_path, [wrong])
    assert rule not in rules_of(tmp_path, [right])


@pytest.mark.parametrize(("names", "found"), [(("a", "a"), 1), (("a", "b"), 0), (("", ""), 0)])
def test_one_node_name_in_two_files(names: tuple[str, str], found: int, tmp_path: Path) -> None:
    files = []
    for number, name in enumerate(names):
        edge = go_yaml.load(go_yaml.dump(EDGE))
        paths.put(edge, "modules.edged.hostnameOverride", name)
        files.append(str(tmp_path / f"{number}.yaml"))
        Path(files[-1]).write_text(go_yaml.dump(edge), "utf-8")
    assert [f.rule for f in check_files(files).findings].count("node-name-twice") == found


# --- objects around the configs ------------------------------------------------------------

KEY = "cLk1p0mM0ZxYb2nQm6aVd8f3r7sWq5tUe9hJ4gKxLzA="


def stream(*objects: dict[str, Any]) -> str:
    """Write objects as a stream."""
    return "---\n".join(go_yaml.dump(value) for value in objects)


def holder(kind: str, name: str, part: str, key: str) -> dict[str, Any]:
    """Return an object that holds the network's key."""
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, part: {"psk": key}}


PUBLIC = "JugH9HP1XBouyO5pWGeZa8LtipDURrf17EJvUHcJGuQ="
KEYS: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([holder("Secret", "a", "stringData", KEY)], []),
    ([holder("Secret", "a", "stringData", KEY), holder("Secret", "b", "stringData", KEY)], []),
    ([holder("ConfigMap", "a", "data", KEY)], ["together/psk-config-map"]),
    ([holder("Secret", "a", "stringData", "short")], ["together/psk"]),
    ([holder("Secret", "a", "stringData", PUBLIC)], ["together/psk-public"]),
    ([holder("Secret", "a", "stringData", KEY), holder("Secret", "b", "stringData", PUBLIC)],
     ["together/psk-public", "together/psk"]),
]  # fmt: skip


@pytest.mark.parametrize(("objects", "rules"), KEYS)
def test_keys_of_the_network(objects: list[dict[str, Any]], rules: list[str], tmp_path: Path) -> None:
    file = tmp_path / "mesh.yaml"
    file.write_text(stream(*objects), "utf-8")
    report = check_files([str(file)])
    assert [finding.rule for finding in report.findings] == rules
    assert KEY not in "".join(map(str, report.findings))


def pods(mount: str) -> dict[str, Any]:
    """Return the agent's DaemonSet with one mount."""
    container = {
        "name": "agent",
        "image": "registry.example/kubeedge/edgemesh-agent:v1.17.0",
        "volumeMounts": [{"name": "x", "mountPath": mount}],
    }
    spec = {"template": {"spec": {"containers": [container]}}}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": spec}


@pytest.mark.parametrize(
    ("mount", "key", "value", "rules"),
    [
        ("/etc/edgemesh/metaserver", SECURITY, True, []),
        ("/etc/edgemesh/metaserver/", SECURITY, True, []),
        ("/etc/edgemesh/config", SECURITY, True, ["together/certificates"]),
        ("/etc/edgemesh/config", SECURITY, False, []),
    ],
)
def test_the_agent_needs_its_certificates_mounted(
    mount: str, key: str, value: Any, rules: list[str], tmp_path: Path
) -> None:
    agent = go_yaml.load(go_yaml.dump(MESH))
    paths.put(agent, key, value)
    config = {
        "kind": "ConfigMap",
        "metadata": {"name": "cfg"},
        "data": {"edgemesh-agent.yaml": go_yaml.dump(agent)},
    }
    file = tmp_path / "mesh.yaml"
    file.write_text(stream(config, pods(mount)), "utf-8")
    assert [finding.rule for finding in check_files([str(file)]).findings] == rules
