"""The rules for config files: each with files that break it, and with similar files that are correct."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.check import check_files
from tests.check.configs import GATE, SECURITY, TUNNEL, rules_of

# (rule, changes that break it: component, key, value)
BROKEN: list[tuple[str, list[tuple[str, str, Any]]]] = [
    ("authorization-on-cloud-only", [("cloudcore", GATE, True)]),
    ("authorization-on-edge-only", [("edgecore", GATE, True)]),
    ("authorization-missing-on-agent", [("edgecore", GATE, True), ("cloudcore", GATE, True)]),
    ("authorization-on-agent-only", [("edgemesh-agent", SECURITY, True)]),
    ("authorization-on-gateway-only", [("edgemesh-gateway", SECURITY, True)]),
    ("cluster-dns-differs", [("edgemesh-agent", "commonConfig.bridgeDeviceIP", "169.254.96.17")]),
    (
        "edge-cluster-domain",
        [("edgecore", "modules.edged.tailoredKubeletConfig.clusterDomain", "edge.example")],
    ),
    (
        "edge-hub-protocol-closed",
        [
            ("edgecore", "modules.edgeHub.quic.enable", True),
            ("edgecore", "modules.edgeHub.websocket.enable", False),
        ],
    ),
]


@pytest.mark.parametrize(("rule", "changes"), BROKEN)
def test_rule_on_several_files(rule: str, changes: list[tuple[str, str, Any]], tmp_path: Path) -> None:
    assert rule in rules_of(tmp_path, changes)


def test_a_missing_address_of_cloudcore_is_found(tmp_path: Path) -> None:
    file = tmp_path / "edgecore.yaml"
    file.write_text("kind: EdgeCore\n", "utf-8")
    fixes = [finding.fix for finding in check_files([str(file)]).findings]
    assert fixes == ["set it to host:port, or pass --cloudcore-ipport to keadm"]


HUB = "modules.edgeHub"
KUBELET = "modules.edged.tailoredKubeletConfig"
STREAM = ("edgecore", "modules.edgeStream", {"enable": True, "server": "192.0.2.10:10004"})
# (rule, a change that breaks it, a similar change that does not)
ALONE: list[tuple[str, tuple[str, str, Any], tuple[str, str, Any]]] = [
    ("cloudcore-port-twice", ("cloudcore", "modules.cloudHub.websocket.port", 10002),
     ("cloudcore", "modules.cloudHub.websocket.port", 10003)),
    ("edgecore-port-twice", ("edgecore", f"{KUBELET}.readOnlyPort", 10550),
     ("edgecore", f"{KUBELET}.readOnlyPort", 10551)),
    ("agent-port-twice", ("edgemesh-agent", f"{TUNNEL}.metricConfig", {"enable": True, "port": 20006}),
     ("edgemesh-agent", f"{TUNNEL}.metricConfig", {"enable": False, "port": 20006})),
    ("advertise-address-everywhere", ("cloudcore", "modules.cloudHub.advertiseAddress", ["0.0.0.0"]),
     ("cloudcore", "modules.cloudHub.advertiseAddress", ["192.0.2.10"])),
    ("hub-certificate-address", ("edgecore", f"{HUB}.httpServer", "192.0.2.10:10002"),
     ("edgecore", f"{HUB}.httpServer", "https://192.0.2.10:10002")),
    ("stream-host", ("edgecore", "modules.edgeStream.enable", True), STREAM),
    ("keepalive-interval", ("edgecore", f"{HUB}.heartbeat", 30), ("edgecore", f"{HUB}.heartbeat", 29)),
    ("keepalive-interval", ("cloudcore", "modules.cloudHub.keepaliveInterval", 15),
     ("cloudcore", "modules.cloudHub.keepaliveInterval", 16)),
    ("edge-hub-off", ("edgecore", f"{HUB}.enable", False), ("edgecore", f"{HUB}.enable", True)),
    ("node-label-reserved", ("edgecore", "modules.edged.nodeLabels", {"kubernetes.io/a": ""}),
     ("edgecore", "modules.edged.nodeLabels", {"kubernetes.io/os": "linux"})),
    ("placeholder", ("edgecore", f"{HUB}.websocket.server", "YOUR_IP:10000"),
     ("edgecore", f"{HUB}.websocket.server", "192.0.2.10:10000")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "wrong", "right"), ALONE)
def test_rule_on_one_file(
    rule: str, wrong: tuple[str, str, Any], right: tuple[str, str, Any], tmp_path: Path
) -> None:
    assert rule in rules_of(tmp_path, [wrong])
    assert rule not in rules_of(tmp_path, [right])
