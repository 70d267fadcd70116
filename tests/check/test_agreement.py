"""What must agree between files: each check with files that disagree and files that agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml, paths
from generator.check import check_files
from tests.check.configs import CLOUD, EDGE, GATE, SECURITY, TUNNEL, rules_of

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
]


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
    problems = [finding for finding in report.findings if finding.code != "open-endpoint"]
    assert [Path(finding.file).name for finding in problems] == ["edge-b.yaml"]
    assert [len(verdict.edges) for verdict in report.verdicts] == [1, 1]
    assert {name for verdict in report.verdicts for name in verdict.profiles} == {"plain"}


@pytest.mark.parametrize(
    ("component", "key", "value"),
    [
        ("cloudcore", "modules.cloudHub.advertiseAddress", ["<EXTERNAL_IP>"]),
        ("edgecore", "modules.edgeHub.websocket.server", "CLOUD_NODE_IP:10000"),
    ],
)
def test_a_placeholder_disagrees_with_no_address(
    component: str, key: str, value: Any, tmp_path: Path
) -> None:
    found = rules_of(tmp_path, [(component, key, value)])
    assert "placeholder" in found
    assert "together/advertise-address" not in found
