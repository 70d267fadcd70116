"""Files that must agree: each check, with files that differ and with files that agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml, paths
from generator.check import check_files
from tests.check.configs import CLOUD, EDGE, GATE, SECURITY, TUNNEL, rules_of

# (code, changes that cause it: component, key, value)
DISAGREE: list[tuple[str, list[tuple[str, str, Any]]]] = [
    ("endpoint-without-controller", [("cloudcore", "modules.dynamicController.enable", False)]),
    ("agent-without-endpoint", [("edgecore", "modules.metaManager.metaServer.enable", False)]),
    ("endpoint-address-differs", [("edgecore", "modules.metaManager.metaServer.server", "127.0.0.1:1")]),
    (
        "endpoint-address-differs",
        [("edgemesh-gateway", "kubeAPIConfig.metaServer.server", "http://127.0.0.1:1")],
    ),
    ("cloudcore-port-differs", [("cloudcore", "modules.cloudHub.websocket.port", 11000)]),
    ("cloudcore-port-differs", [("cloudcore", "modules.cloudHub.https.port", 11002)]),
    ("address-not-in-certificate", [("edgecore", "modules.edgeHub.websocket.server", "192.0.2.11:10000")]),
    ("streams-differ", [("cloudcore", "modules.cloudStream.enable", True)]),
    ("streams-differ", [("edgecore", "modules.edgeStream.enable", True)]),
    ("tunnel-settings-differ", [("edgemesh-gateway", f"{TUNNEL}.transport", "ws")]),
    ("tunnel-settings-differ", [("edgemesh-agent", f"{TUNNEL}.psk.enable", False)]),
    ("tunnel-settings-differ", [("edgemesh-agent", f"{TUNNEL}.rendezvous", "HERE")]),
    (
        "tunnel-settings-differ",
        [("edgemesh-agent", f"{TUNNEL}.relayNodes", [{"nodeName": "a", "advertiseAddress": ["192.0.2.1"]}])],
    ),
]


@pytest.mark.parametrize(("code", "changes"), DISAGREE)
def test_difference_is_found(code: str, changes: list[tuple[str, str, Any]], tmp_path: Path) -> None:
    assert code in rules_of(tmp_path, changes)


def test_files_that_agree_have_no_finding(tmp_path: Path) -> None:
    assert rules_of(tmp_path, []) == []


def test_the_second_listener_counts_with_require_authorization(tmp_path: Path) -> None:
    dummy = ("edgemesh-agent", "kubeAPIConfig.metaServer.server", "https://169.254.30.10:10550")
    gates = [("cloudcore", GATE, True), ("edgecore", GATE, True)]
    agents = [("edgemesh-agent", SECURITY, True), ("edgemesh-gateway", SECURITY, True)]
    assert "endpoint-address-differs" in rules_of(tmp_path, [dummy])
    assert "endpoint-address-differs" not in rules_of(tmp_path, [dummy, *gates, *agents])


def test_a_cluster_with_another_issuer_is_found(tmp_path: Path) -> None:
    assert rules_of(tmp_path, [], issuer="https://kubernetes.default.svc.cluster.local") == []
    assert rules_of(tmp_path, [], issuer="https://oidc.example.com") == ["issuer-not-trusted"]


def test_every_edgecore_is_compared_with_cloudcore(tmp_path: Path) -> None:
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
def test_a_placeholder_is_not_compared(component: str, key: str, value: Any, tmp_path: Path) -> None:
    found = rules_of(tmp_path, [(component, key, value)])
    assert "placeholder" in found
    assert "address-not-in-certificate" not in found
