"""Values that look like a mistake but are right: no rule reports them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.errors import InvalidInput
from generator.load import load_site

HUB = "edgeCore.modules.edgeHub"
CLOUD = "cloudCore.modules.cloudHub"
EDGED = "edgeCore.modules.edged"
KUBELET = f"{EDGED}.tailoredKubeletConfig"
RELAY = {"nodeName": "relay-1.example", "advertiseAddress": ["192.0.2.1"]}
STREAM = {"cloudCore.streamCertificate.existingSecret": "stream"}
OFF = "cloudCore.hostNetWork"

# (codes that must not appear, values)
RIGHT: list[tuple[str, dict[str, Any]]] = [
    # Addresses
    ("hub-websocket-address", {f"{HUB}.websocket.server": "[2001:db8::1]:10000"}),
    ("hub-websocket-address", {f"{HUB}.websocket.server": "cloud_core.example:443"}),
    ("hub-websocket-address", {f"{HUB}.websocket.server": ""}),
    ("hub-websocket-address", {f"{HUB}.websocket.server": "wss://a", f"{HUB}.enable": False}),
    ("hub-quic-address", {f"{HUB}.quic.server": "wss://a:1"}),
    ("hub-certificate-address", {f"{HUB}.httpServer": "https://[2001:db8::1]:10002"}),
    ("hub-certificate-address", {f"{HUB}.httpServer": "https://cloud.example:443/"}),
    ("stream-address", {"edgeCore.modules.edgeStream.server": "192.0.2.10"}),
    ("advertise-address", {f"{CLOUD}.advertiseAddress": ["2001:db8::1", "::ffff:192.0.2.1", "192.0.2.1"]}),
    ("advertise-address-everywhere", {f"{CLOUD}.advertiseAddress": ["2001:db8::", "10.0.0.0"]}),
    ("advertise-address-loopback", {f"{CLOUD}.advertiseAddress": ["12.7.0.1", "::10"]}),
    ("websocket-listener-ipv6", {f"{CLOUD}.websocket": {"enable": False, "address": "::"}}),
    ("quic-listener-ipv6", {f"{CLOUD}.quic.address": "::"}),
    ("https-listener-ipv6", {f"{CLOUD}.https.address": "[::]"}),
    ("router-listener-ipv6", {"cloudCore.modules.router.address": "::"}),
    # Ports
    ("cloudcore-port-twice", {f"{CLOUD}.websocket.port": 10004}),
    ("cloudcore-port-twice", {f"{CLOUD}.websocket.port": 9443, **STREAM}),
    ("cloudcore-port-twice", {f"{CLOUD}.quic": {"enable": True, "port": 10000}, **STREAM}),
    (
        "cloudcore-port-twice",
        {f"{CLOUD}.websocket": {"port": 9091, "address": "192.0.2.1"}, "kubeedgeVersion": "v1.23.1"},
    ),
    ("cloudcore-port-twice", {f"{CLOUD}.websocket.port": 9091, "kubeedgeVersion": "v1.12.7"}),
    ("service-port-twice", {f"{CLOUD}.quic": {"enable": True, "port": 10000}}),
    (
        "service-port-twice",
        {
            f"{CLOUD}.websocket.address": "192.0.2.1",
            "cloudCore.modules.router": {"enable": True, "address": "192.0.2.2", "port": 10000},
            "cloudCore.service.enable": False,
        },
    ),
    ("node-port-twice", {"cloudCore.service.cloudhubNodePort": 30002}),
    ("node-port-twice", {OFF: False, "cloudCore.service.type": "LoadBalancer",
                         "cloudCore.service.cloudhubNodePort": 30002}),
    ("node-port-twice", {OFF: False, "cloudCore.service.cloudhubNodePort": 0,
                         "cloudCore.service.tunnelNodePort": 0}),
    ("node-port-range", {OFF: False, "cloudCore.service.cloudhubNodePort": 32767}),
    ("node-port-range", {"cloudCore.service.cloudhubNodePort": 10000}),
    ("balancer-of-two-protocols", {"cloudCore.service.type": "LoadBalancer"}),
    ("edgecore-port-twice", {f"{KUBELET}.readOnlyPort": 10550}),
    ("edgecore-port-twice", {f"{KUBELET}.readOnlyPort": 0, "edgeCore.modules.serviceBus.enable": True}),
    ("edgecore-port-twice", {"profile": "plain", "metaServer.address": "0.0.0.0"}),
    (
        "edgecore-port-twice",
        {"profile": "mtls", "kubeedgeVersion": "v1.16.6", "metaServer.address": "0.0.0.0"},
    ),
    (
        "edgecore-port-twice",
        {"edgeCore.modules.eventBus.mqttServerInternal": "tcp://127.0.0.1:10350"},
    ),
    ("agent-port-twice", {"agent.modules.edgeTunnel.metricConfig": {"port": 20006}}),
    ("agent-port-twice", {"agent.modules.edgeProxy.socks5Proxy": {"listenPort": 53}}),
    ("gateway-port-twice", {"gateway.modules.edgeTunnel.metricConfig": {"enable": True, "port": 20006}}),
    # The stream and the hub
    (
        "stream-host",
        {f"{CLOUD}.advertiseAddress": ["192.0.2.10"], "edgeCore.modules.edgeStream.enable": True, **STREAM},
    ),
    (
        "stream-host",
        {f"{HUB}.websocket.server": "localhost:10000", "edgeCore.modules.edgeStream.enable": True},
    ),
    ("stream-host", {f"{HUB}.websocket.server": "192.0.2.10:10000"}),
    ("keepalive-interval", {f"{HUB}.heartbeat": 29}),
    # The kubelet
    ("container-runtime-docker", {"kubeedgeVersion": "v1.13.5", f"{EDGED}.containerRuntime": "docker"}),
    ("container-runtime-docker", {"kubeedgeVersion": "v1.15.4", f"{EDGED}.containerRuntime": "remote"}),
    (
        "dockershim-socket",
        {"kubeedgeVersion": "v1.13.5", f"{EDGED}.remoteRuntimeEndpoint": "unix:///var/run/dockershim.sock"},
    ),
    ("dockershim-socket", {f"{KUBELET}.containerRuntimeEndpoint": "unix:///var/run/cri-dockerd.sock"}),
    ("image-gc-thresholds", {f"{KUBELET}.imageGCHighThresholdPercent": 81}),
    (
        "image-gc-thresholds-1.15",
        {"kubeedgeVersion": "v1.15.4", f"{KUBELET}.imageGCLowThresholdPercent": 79},
    ),
    ("max-pods", {f"{KUBELET}.maxPods": 0}),
    ("hairpin-mode", {f"{KUBELET}.hairpinMode": "hairpin-veth"}),
    (
        "eviction-threshold",
        {f"{KUBELET}.evictionHard": {"memory.available": "0.5Gi", "pid.available": "7.5%"}},
    ),
    ("eviction-signal", {f"{KUBELET}.evictionSoft": {"containerfs.inodesFree": "5%"}}),
    ("enforce-without-cgroups", {f"{KUBELET}.cgroupsPerQOS": False, f"{KUBELET}.enforceNodeAllocatable": []}),
    ("kubelet-gate-name", {f"{KUBELET}.featureGates": {"AllBeta": False}}),
    (
        "kubelet-gate-of-1.21",
        {"kubeedgeVersion": "v1.21.2", f"{KUBELET}.featureGates": {"DisableCSIVolumePlugin": True}},
    ),
    ("node-label-reserved", {f"{EDGED}.nodeLabels": {"a.node.kubernetes.io/b": "", "kubernetes.io/os": ""}}),
    ("node-label-reserved", {f"{EDGED}.nodeLabels": {"mykubernetes.io/a": "b"}}),
    ("node-label-name", {f"{EDGED}.nodeLabels": {"example.com/Line_1.a": ""}}),
    ("node-label-value", {f"{EDGED}.nodeLabels": {"a": "", "b": "A.b_c-1"}}),
    # Modules and rules
    ("iptables-in-pod-network", {"iptablesManager.hostNetWork": False, "iptablesManager.mode": "internal"}),
    ("iptables-in-pod-network", {"iptablesManager.hostNetWork": False, "iptablesManager.enable": False}),
    ("iptables-in-cloudcores-network", {OFF: False}),
    ("certificate-server-off", {f"{CLOUD}.enable": False, f"{CLOUD}.https.enable": False}),
    # EdgeMesh
    (
        "upstream-server",
        {"agent.modules.edgeDNS.cacheDNS": {"enable": True, "upstreamServers": ["192.0.2.1", "[::a]:53"]}},
    ),
    ("upstream-server", {"agent.modules.edgeDNS.cacheDNS.upstreamServers": ["dns.example"]}),
    (
        "upstream-server-itself",
        {"agent.modules.edgeDNS.cacheDNS": {"enable": True, "upstreamServers": ["169.254.96.17"]}},
    ),
    ("relay-name", {"agent.relayNodes": [RELAY]}),
    ("relay-without-address", {"agent.relayNodes": [RELAY]}),
    ("relay-loopback", {"agent.relayNodes": [RELAY]}),
    ("relay-twice", {"agent.relayNodes": [RELAY, {**RELAY, "nodeName": "relay-2"}]}),
    # Placeholders
    ("placeholder", {f"{HUB}.websocket.server": "your-server.example:10000"}),
    ("placeholder", {"agent.modules.edgeTunnel.rendezvous": "EDGEMESH_PLAYGOUND"}),
    ("placeholder", {"agent.extraEnv": [{"name": "NODE_IP", "value": "$(HOST_IP)"}]}),
    ("placeholder", {"edgeCore.modules.eventBus.mqttPassword": "<secret>"}),
]  # fmt: skip


def codes(values: dict[str, Any]) -> set[str]:
    """Return the codes of all problems and warnings of a site."""
    flags = [f"{key}={json.dumps(value)}" for key, value in values.items()]
    try:
        return {warning.code for warning in load_site(set_json=flags).warnings}
    except InvalidInput as error:
        return {problem.code for problem in error.problems}


@pytest.mark.parametrize(("code", "values"), RIGHT, ids=[f"{code}-{n}" for n, (code, _) in enumerate(RIGHT)])
def test_a_right_value_is_not_reported(code: str, values: dict[str, Any]) -> None:
    assert code not in codes(values)


@pytest.mark.parametrize("text", ["<CLOUD_IP>:10000", "YOUR_ADDRESS:10000", "CLOUD_NODE_IP:10000"])
def test_a_placeholder_is_reported(text: str) -> None:
    assert "placeholder" in codes({f"{HUB}.websocket.server": text})
    assert "placeholder" in codes({"edgeCore.nodeGroups.a.modules.edgeHub.websocket.server": text})
