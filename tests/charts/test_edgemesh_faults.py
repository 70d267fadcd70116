"""The faults of the upstream EdgeMesh charts, by their number: none of them is in ours.

The numbers are those of the list that docs/upstream-faults.md keeps, with what no chart can cure.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
import yaml

from generator import go_yaml, locations
from generator.errors import HelmError
from generator.helm.embedded import Embedded
from tests.charts import kubernetes
from tests.charts.conftest import Render
from tests.charts.objects import Object, config, containers, find, has, leaves, pod_specs

AGENT, GATEWAY = "edgemesh-agent.yaml", "edgemesh-gateway.yaml"
GATEWAY_ON: dict[str, Any] = {"gateway": {"enable": True}}
TRUST = {"requireAuthorization": True, "insecureSkipTLSVerify": True}


def nested(path: str, value: Any) -> dict[str, Any]:
    """Turn a dotted path and a value into nested maps."""
    for name in reversed(path.split(".")):
        value = {name: value}
    found: dict[str, Any] = value
    return found


def at(value: Any, path: str) -> Any:
    """Return the value at a dotted path."""
    for name in path.split("."):
        value = value[name]
    return value


def agent(objects: list[Object]) -> Object:
    """Return the agent's config."""
    return config(objects, "edgemesh-agent-cfg", AGENT)


def gateway(objects: list[Object]) -> Object:
    """Return the gateway's config."""
    return config(objects, "edgemesh-gateway-cfg", GATEWAY)


def pod(objects: list[Object], kind: str = "DaemonSet", name: str = "edgemesh-agent") -> Object:
    """Return the pod template of a workload."""
    template: Object = find(objects, kind, name)["spec"]["template"]
    return template


def secret_of(
    objects: list[Object], volume: str, kind: str = "DaemonSet", name: str = "edgemesh-agent"
) -> Any:
    """Return the name of the Secret of a volume, None if the volume does not exist."""
    volumes = pod(objects, kind, name)["spec"]["volumes"]
    return next((v["secret"]["secretName"] for v in volumes if v["name"] == volume), None)


MODULES = [
    "agent.modules.edgeDNS.enable",
    "agent.modules.edgeDNS.cacheDNS.enable",
    "agent.modules.edgeProxy.enable",
    "agent.modules.edgeProxy.socks5Proxy.enable",
    "agent.modules.edgeTunnel.enable",
    "agent.modules.edgeTunnel.psk.enable",
    "agent.modules.edgeTunnel.tunnelLimitConfig.enable",
    "agent.kubeAPIConfig.metaServer.security.requireAuthorization",
    "agent.kubeAPIConfig.deleteKubeConfig",
    "gateway.modules.edgeGateway.enable",
    "gateway.modules.edgeTunnel.enable",
    "gateway.modules.edgeTunnel.psk.enable",
]


@pytest.mark.parametrize("key", MODULES)
def test_fault_01_a_module_that_is_off_stays_in_the_config(render: Render, key: str) -> None:
    part, path = key.split(".", 1)
    values = nested(key, False)
    values["gateway"] = {**values.get("gateway", {}), "enable": True}
    objects = render("edgemesh", values)
    found = agent(objects) if part == "agent" else gateway(objects)
    assert at(found, path) is False
    assert [p for p, value in leaves(found) if value is None or value == {}] == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("modules.edgeDNS.enable", False),
        ("modules.edgeDNS.cacheDNS.autoDetect", False),
        ("modules.edgeTunnel.psk.enable", False),
        ("modules.edgeTunnel.tunnelLimitConfig.enable", False),
        ("modules.edgeTunnel.maxCandidates", 0),
        ("modules.edgeTunnel.listenInterfaces", ""),
        ("modules.edgeDNS.cacheDNS.upstreamServers", []),
        ("kubeAPIConfig.qps", 0),
        ("kubeAPIConfig.metaServer.security.tlsCertFile", ""),
    ],
)
def test_fault_02_false_0_and_empty_texts_are_rendered(render: Render, key: str, value: Any) -> None:
    values = nested(f"agent.{key}", value)
    values["agent"].setdefault("modules", {}).setdefault("edgeDNS", {})["listenPort"] = 53
    values["agent"]["modules"].setdefault("edgeTunnel", {})["listenPort"] = 20006
    found = at(agent(render("edgemesh", values)), key)
    assert found == value
    assert type(found) is type(value)


def test_fault_03_quic_works_without_a_psk(render: Render) -> None:
    tunnel: dict[str, Any] = {"transport": "quic", "psk": {"enable": False}}
    objects = render("edgemesh", nested("agent.modules.edgeTunnel", tunnel))
    assert agent(objects)["modules"]["edgeTunnel"] == {"enable": True, **tunnel}
    assert secret_of(objects, "psk") is None
    with pytest.raises(HelmError, match=r"\[quic-with-psk\]"):
        render("edgemesh", nested("agent.modules.edgeTunnel.transport", "quic"))


def test_fault_04_addresses_are_rendered_unchanged(render: Render) -> None:
    servers = ["fe80::abcd", "dns.example.com"]
    objects = render("edgemesh", nested("agent.modules.edgeDNS.cacheDNS.upstreamServers", servers))
    assert agent(objects)["modules"]["edgeDNS"]["cacheDNS"]["upstreamServers"] == servers
    relay = {"nodeName": "relay", "advertiseAddress": ["relay.example.com"]}
    with pytest.raises(HelmError, match=r"must be an IPv4 address.*got relay\.example\.com"):
        render("edgemesh", nested("agent.relayNodes", [relay]))


def test_fault_05_no_key_is_written_twice(render: Render) -> None:
    objects = render("edgemesh", nested("agent.modules.edgeProxy.serviceFilterMode", "FilterIfLabelExists"))
    text = find(objects, "ConfigMap", "edgemesh-agent-cfg")["data"][AGENT]
    assert text.count("serviceFilterMode:") == 1


def test_fault_06_the_documented_default_of_listen_interfaces_is_yaml(render: Render) -> None:
    objects = render("edgemesh", nested("agent.modules.edgeTunnel.listenInterfaces", "*"))
    assert agent(objects)["modules"]["edgeTunnel"]["listenInterfaces"] == "*"


@pytest.mark.parametrize("text", ["1e3", "0123", "0x1f", "null", "~", "true", "a #b", "12"])
def test_fault_07_strings_stay_strings(render: Render, text: str) -> None:
    # Not every text is the name of a node.
    node = text if text.isalnum() else "0x1f"
    values: dict[str, Any] = {
        "agent": {
            "relayNodes": [{"nodeName": node, "advertiseAddress": ["192.0.2.20"]}],
            "modules": {"edgeTunnel": {"rendezvous": text, "psk": {"path": f"/etc/edgemesh/{text}"}}},
            "commonConfig": {"bridgeDeviceName": text},
        }
    }
    written = find(render("edgemesh", values), "ConfigMap", "edgemesh-agent-cfg")["data"][AGENT]
    for reader in (go_yaml.load, yaml.safe_load):
        found = reader(written)
        tunnel = found["modules"]["edgeTunnel"]
        assert tunnel["relayNodes"][0]["nodeName"] == node
        assert tunnel["rendezvous"] == text
        assert tunnel["psk"]["path"] == f"/etc/edgemesh/{text}"
        assert found["commonConfig"]["bridgeDeviceName"] == text


def test_fault_08_large_numbers_have_no_exponent(render: Render) -> None:
    key = "agent.modules.edgeTunnel.tunnelLimitConfig.tunnelBaseStreamIn"
    text = find(render("edgemesh", nested(key, 1_000_000)), "ConfigMap", "edgemesh-agent-cfg")["data"][AGENT]
    assert text.endswith("tunnelBaseStreamIn: 1000000\n")


@pytest.mark.parametrize("psk", ["1e3", "123", "null", "~", "QUJD+/=="])
def test_fault_09_a_psk_stays_a_string(render: Render, psk: str) -> None:
    found = find(render("edgemesh", nested("agent.psk", psk)), "Secret", "edgemesh-agent-psk")
    assert found["stringData"] == {"psk": psk}
    assert kubernetes.faults(found, kubernetes.VERSIONS[-1]) == []


def test_fault_09_a_psk_from_a_file_loses_its_line_break(render: Render) -> None:
    found = find(render("edgemesh", nested("agent.psk", "abc\n")), "Secret", "edgemesh-agent-psk")
    assert found["stringData"] == {"psk": "abc"}


RELAYS = [{"nodeName": "relay", "advertiseAddress": ["192.0.2.20", "192.0.2.21"]}]


@pytest.mark.parametrize("key", ["agent.relayNodes", "agent.modules.edgeTunnel.relayNodes"])
def test_fault_10_relay_nodes_are_read_in_both_places(render: Render, key: str) -> None:
    assert agent(render("edgemesh", nested(key, RELAYS)))["modules"]["edgeTunnel"]["relayNodes"] == RELAYS


@pytest.mark.parametrize(
    "key", ["gateway.relayNodes", "gateway.modules.edgeTunnel.relayNodes", "agent.relayNodes"]
)
def test_fault_11_the_gateway_gets_its_relays(render: Render, key: str) -> None:
    values = nested(key, RELAYS)
    values["gateway"] = {**values.get("gateway", {}), "enable": True}
    assert gateway(render("edgemesh", values))["modules"]["edgeTunnel"]["relayNodes"] == RELAYS


@pytest.mark.parametrize(
    "values",
    [nested("agent.modules.edgeCNI.enable", True), nested("agent.cloudCIDR", ["10.0.0.0/8"])],
    ids=["edgeCNI", "cloudCIDR"],
)
def test_fault_12_the_cni_is_rejected_by_name(render: Render, values: dict[str, Any]) -> None:
    assert "edgeCNI" not in agent(render("edgemesh"))["modules"]
    with pytest.raises(HelmError, match=r"\[edge-cni(-ranges)?\]"):
        render("edgemesh", values)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("agent.commonConfig.pprofConfig.enableProfiling", True),
        ("agent.modules.edgeTunnel.metricConfig.port", 9998),
        ("gateway.pprofConfig.profilingPort", 6060),
        ("gateway.modules.edgeTunnel.metricConfig.enable", True),
    ],
)
def test_fault_13_every_field_of_the_release_can_be_set(render: Render, key: str, value: Any) -> None:
    part, path = key.split(".", 1)
    values = nested(key, value)
    values["gateway"] = {**values.get("gateway", {}), "enable": True}
    objects = render("edgemesh", values)
    assert at(agent(objects) if part == "agent" else gateway(objects), path) == value
    with pytest.raises(HelmError, match="not read by this release"):
        render("edgemesh", {**values, "edgemeshVersion": "v1.14.0"})


def test_fault_14_a_misspelled_key_is_rejected(render: Render) -> None:
    with pytest.raises(HelmError, match=r"agent\.modules\.edgeTunnel\.transprot: not read by this release"):
        render("edgemesh", nested("agent.modules.edgeTunnel.transprot", "tcp"))
    with pytest.raises(HelmError, match="listenPort"):
        render("edgemesh", nested("agent.modules.edgeTunnel.listenPort", "abc"))
    with pytest.raises(HelmError, match="relayNode"):
        render("edgemesh", nested("agent.relayNode", RELAYS))


def test_fault_15_a_config_has_api_version_and_kind(render: Render) -> None:
    objects = render("edgemesh", GATEWAY_ON)
    kinds = {AGENT: ("agent", "EdgeMeshAgent"), GATEWAY: ("gateway", "EdgeMeshGateway")}
    for found, (group, kind) in zip((agent(objects), gateway(objects)), kinds.values(), strict=True):
        assert found["apiVersion"] == f"{group}.edgemesh.config.kubeedge.io/v1alpha1"
        assert found["kind"] == kind


def test_fault_16_the_chart_contains_no_psk(render: Render) -> None:
    objects = render("edgemesh", GATEWAY_ON)
    assert [o["metadata"]["name"] for o in objects if o["kind"] == "Secret"] == []
    assert secret_of(objects, "psk") == "edgemesh-psk"
    assert secret_of(objects, "psk", "Deployment", "edgemesh-gateway") == "edgemesh-psk"
    notes = Embedded().notes("edgemesh", {}, release="edgemesh", namespace="kubeedge")
    assert "openssl rand -base64 32" in notes
    assert "create secret generic edgemesh-psk --from-file=psk=/dev/stdin" in notes


def test_fault_16_the_psk_of_the_upstream_chart_is_reported() -> None:
    values = nested("agent.psk", "JugH9HP1XBouyO5pWGeZa8LtipDURrf1" + "x" * 12)
    notes = Embedded().notes("edgemesh", values, release="edgemesh", namespace="kubeedge")
    assert "agent.psk: is the PSK published in the upstream chart" in notes
    assert "JugH9" not in notes


def test_fault_17_the_psk_is_in_a_secret(render: Render) -> None:
    objects = render("edgemesh", {"agent": {"psk": "secret-psk"}, **GATEWAY_ON})
    holders = [o["kind"] for o in objects if "secret-psk" in json.dumps(o)]
    assert holders == ["Secret"]
    for name, kind in (("edgemesh-agent", "DaemonSet"), ("edgemesh-gateway", "Deployment")):
        spec = pod(objects, kind, name)["spec"]
        volume = next(v["secret"] for v in spec["volumes"] if v["name"] == "psk")
        assert volume["secretName"] == "edgemesh-agent-psk"
        assert volume["defaultMode"] == 0o400
        assert volume["items"] == [{"key": "psk", "path": "psk"}]
        mounts = {m["mountPath"]: m for m in spec["containers"][0]["volumeMounts"]}
        assert mounts["/etc/edgemesh"]["name"] == "psk"
        assert mounts["/etc/edgemesh/config"]["name"] == "conf"


def test_fault_17_the_hash_of_the_psk_is_not_rendered(render: Render) -> None:
    # The agent's network key is the sha256 of the file: printed anywhere it would be the key itself.
    text = json.dumps(render("edgemesh", {"agent": {"psk": "secret-psk"}, **GATEWAY_ON}))
    digest = hashlib.sha256(b"secret-psk").digest()
    assert digest.hex() not in text
    assert base64.b64encode(digest).decode() not in text


def test_fault_17_the_mount_follows_the_path_of_the_psk(render: Render) -> None:
    objects = render("edgemesh", nested("agent.modules.edgeTunnel.psk.path", "/run/mesh/key"))
    spec = pod(objects)["spec"]
    assert {m["mountPath"]: m["name"] for m in spec["containers"][0]["volumeMounts"]}["/run/mesh"] == "psk"
    volume = next(v for v in spec["volumes"] if v["name"] == "psk")
    assert volume["secret"]["items"] == [{"key": "psk", "path": "key"}]
    with pytest.raises(HelmError, match=r"\[psk-path\]"):
        render("edgemesh", nested("agent.modules.edgeTunnel.psk.path", "/etc/psk"))


def test_fault_18_only_the_agent_is_privileged_and_touches_files_of_the_host(render: Render) -> None:
    objects = render("edgemesh", GATEWAY_ON)
    volumes = {v["name"]: v for v in pod(objects)["spec"]["volumes"]}
    assert volumes["resolv"]["hostPath"] == {"path": "/etc/resolv.conf", "type": "File"}
    other = pod(objects, "Deployment", "edgemesh-gateway")["spec"]
    assert "resolv" not in [v["name"] for v in other["volumes"]]
    assert other["containers"][0]["securityContext"]["privileged"] is False
    assert other["containers"][0]["securityContext"]["capabilities"]["drop"] == ["ALL"]


def annotations_of(objects: list[Object], kind: str = "DaemonSet", name: str = "edgemesh-agent") -> Any:
    """Return the annotations of a pod template."""
    return pod(objects, kind, name)["metadata"]["annotations"]


def test_fault_19_what_is_read_at_start_restarts_the_pods(render: Render) -> None:
    before = annotations_of(render("edgemesh", nested("agent.psk", "one")))
    config_changed = {"agent": {"psk": "one", "modules": {"edgeTunnel": {"transport": "ws"}}}}
    after = annotations_of(render("edgemesh", config_changed))
    assert after["checksum/config"] != before["checksum/config"]
    after = annotations_of(render("edgemesh", nested("agent.psk", "two")))
    assert after["checksum/psk"] != before["checksum/psk"]


def test_fault_19_what_is_reloaded_or_read_elsewhere_restarts_nothing(render: Render) -> None:
    before = render("edgemesh", GATEWAY_ON)
    after = render("edgemesh", {**GATEWAY_ON, "agent": {"relayNodes": RELAYS, "annotations": {"a": "b"}}})
    assert agent(before) != agent(after)
    assert gateway(before) != gateway(after)
    for kind, name in (("DaemonSet", "edgemesh-agent"), ("Deployment", "edgemesh-gateway")):
        assert pod(before, kind, name) == pod(after, kind, name)


@pytest.mark.parametrize("values", [nested("agent.modules.edgeTunnel", None), nested("agent.modules", None)])
def test_fault_19_a_reload_finds_its_section(render: Render, values: dict[str, Any]) -> None:
    # The agent panics on a reload of a file without modules.edgeTunnel.
    assert agent(render("edgemesh", values))["modules"]["edgeTunnel"] == {"enable": False}


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (None, None),
        ({"limits": None}, {"requests": {"cpu": "0.5", "memory": "128Mi"}}),
        (
            {"limits": {"cpu": None, "ephemeral-storage": "1Gi"}, "requests": None},
            {"limits": {"memory": "256Mi", "ephemeral-storage": "1Gi"}},
        ),
    ],
    ids=["none", "no limits", "other resources"],
)
def test_fault_20_resources_are_rendered_unchanged(render: Render, resources: Any, expected: Any) -> None:
    container = pod(render("edgemesh", {"agent": {"resources": resources}}))["spec"]["containers"][0]
    assert container.get("resources") == expected


@pytest.mark.parametrize("part", ["agent", "gateway"])
def test_fault_21_a_workload_has_all_settings_of_pods(render: Render, part: str) -> None:
    probe = {"tcpSocket": {"port": 20006}}
    values: dict[str, Any] = {
        "images": {"registry": "mirror.example", "pullPolicy": "Always", "pullSecrets": ["site"]},
        part: {
            "enable": True,
            "image": {"repository": "team/mesh", "digest": "sha256:abc", "pullSecrets": [{"name": "own"}]},
            "priorityClassName": "important",
            "dnsPolicy": "Default",
            "podLabels": {"a": "b"},
            "podAnnotations": {"c": "d"},
            "podSecurityContext": {"fsGroup": 1},
            "securityContext": {"readOnlyRootFilesystem": False},
            "terminationGracePeriodSeconds": 0,
            "extraEnv": [{"name": "E", "value": "v"}],
            "extraVolumes": [{"name": "x", "emptyDir": {}}],
            "extraVolumeMounts": [{"name": "x", "mountPath": "/x"}],
            "livenessProbe": probe,
            "readinessProbe": probe,
            "serviceAccount": {"annotations": {"e": "f"}},
            "updateStrategy": {"type": "RollingUpdate"},
        },
    }
    objects = render("edgemesh", values)
    kind = {"agent": "DaemonSet", "gateway": "Deployment"}[part]
    template = pod(objects, kind, f"edgemesh-{part}")
    spec, container = template["spec"], template["spec"]["containers"][0]
    assert container["image"] == "mirror.example/team/mesh@sha256:abc"
    assert container["imagePullPolicy"] == "Always"
    assert spec["imagePullSecrets"] == [{"name": "site"}, {"name": "own"}]
    assert (spec["priorityClassName"], spec["dnsPolicy"]) == ("important", "Default")
    assert spec["terminationGracePeriodSeconds"] == 0
    assert spec["securityContext"] == {"fsGroup": 1}
    assert template["metadata"]["labels"]["a"] == "b"
    assert template["metadata"]["annotations"]["c"] == "d"
    assert {"name": "E", "value": "v"} in container["env"]
    assert {"name": "x", "mountPath": "/x"} in container["volumeMounts"]
    assert {"name": "x", "emptyDir": {}} in spec["volumes"]
    assert container["livenessProbe"] == container["readinessProbe"] == probe
    account = find(objects, "ServiceAccount", f"edgemesh-{part}")
    assert account["metadata"]["annotations"] == {"e": "f"}


def test_fault_21_defaults_of_an_agent_on_every_node(render: Render) -> None:
    spec = pod(render("edgemesh"))["spec"]
    assert spec["priorityClassName"] == "system-node-critical"
    assert spec["dnsPolicy"] == "ClusterFirstWithHostNet"
    assert {e["name"] for e in spec["containers"][0]["env"]} == {"NODE_NAME", "NAMESPACE"}


def test_fault_21_an_existing_service_account_is_used(render: Render) -> None:
    objects = render("edgemesh", nested("agent.serviceAccount", {"create": False, "name": "mine"}))
    assert not has(objects, "ServiceAccount", "edgemesh-agent")
    assert pod(objects)["spec"]["serviceAccountName"] == "mine"
    binding = find(objects, "ClusterRoleBinding", "kubeedge:edgemesh-agent")
    assert binding["subjects"][0]["name"] == "mine"


def test_fault_21_budget_policy_and_metrics_are_options(render: Render) -> None:
    values: dict[str, Any] = {
        "agent": nested("modules.edgeTunnel.metricConfig.enable", True)
        | {"metricsService": {"enable": True}},
        "gateway": {
            "podDisruptionBudget": {"enable": True},
            "networkPolicy": {"enable": True},
            "enable": True,
        },
    }
    objects = render("edgemesh", values)
    assert find(objects, "PodDisruptionBudget", "edgemesh-gateway")["spec"]["maxUnavailable"] == 1
    assert find(objects, "NetworkPolicy", "edgemesh-gateway")["spec"]["ingress"] == [{}]
    service = find(objects, "Service", "edgemesh-agent-metrics")["spec"]
    assert (service["clusterIP"], service["ports"]) == ("None", [{"name": "metrics", "port": 9999}])


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (None, "kubeedge/edgemesh-agent:v1.17.0"),
        ("team/agent:v9", "team/agent:v9"),
        ({"tag": "v9"}, "kubeedge/edgemesh-agent:v9"),
    ],
    ids=["unset", "string", "map"],
)
def test_fault_22_an_image_is_never_empty(render: Render, image: Any, expected: str) -> None:
    values = {"agent": {} if image is None else {"image": image}}
    assert pod(render("edgemesh", values))["spec"]["containers"][0]["image"] == expected


def test_fault_22_the_name_of_a_secret_is_quoted(render: Render) -> None:
    values = nested("agent.kubeAPIConfig.metaServer.security.requireAuthorization", True)
    values["agent"]["metaServerSecret"] = "123"
    assert secret_of(render("edgemesh", values), "metaserver-certs") == "123"


def test_fault_23_releases_side_by_side_do_not_select_each_other(render: Render) -> None:
    values = {"gateway": {"enable": True}, **nested("agent.cloudNodes.modules.edgeDNS.enable", False)}
    found = [o for release in ("mesh-a", "mesh-b") for o in render("edgemesh", values, release=release)]
    names = [(o["kind"], o["metadata"]["name"]) for o in found]
    assert len(names) == len(set(names))
    workloads = [(w, w["spec"]["selector"]["matchLabels"].items()) for w, _ in pod_specs(found)]
    assert len(workloads) == 6
    for workload, _ in workloads:
        labels = workload["spec"]["template"]["metadata"]["labels"].items()
        selecting = [w["metadata"]["name"] for w, selector in workloads if selector <= labels]
        assert selecting == [workload["metadata"]["name"]]


def test_fault_23_selectors_are_those_of_upstream_and_the_instance(render: Render) -> None:
    values = {"agent": {"labels": {"k8s-app": "mine", "team": "x"}, "podLabels": {"kubeedge": "mine"}}}
    found = find(render("edgemesh", values), "DaemonSet", "edgemesh-agent")
    selector = {
        "k8s-app": "kubeedge",
        "kubeedge": "edgemesh-agent",
        "app.kubernetes.io/instance": "edgemesh",
    }
    assert found["spec"]["selector"]["matchLabels"] == selector
    assert selector.items() <= found["spec"]["template"]["metadata"]["labels"].items()


@pytest.mark.parametrize("length", [1, 45, 53])
def test_fault_23_long_names_are_cut_and_stay_different(render: Render, length: int) -> None:
    values = {
        "gateway": {"enable": True, "psk": "p"},
        "agent": {"psk": "p", "cloudNodes": {"modules": {"edgeDNS": {"enable": False}}}},
    }
    found = [o for end in "xy" for o in render("edgemesh", values, release="m" * (length - 1) + end)]
    names = [(o["kind"], o["metadata"]["name"]) for o in found]
    assert len(names) == len(set(names))
    assert max(len(name.removeprefix("kubeedge:")) for _, name in names) <= 63
    assert {c["name"] for c in containers(found)} == {"edgemesh-agent", "edgemesh-gateway"}


def test_fault_23_long_names_are_those_of_upstream_as_long_as_they_fit(render: Render) -> None:
    assert find(render("edgemesh", release="m" * 53), "ConfigMap", "m" * 53 + "-agent-cfg")


def test_fault_24_cloud_nodes_can_differ(render: Render) -> None:
    values: dict[str, Any] = {
        "agent": {
            "modules": {"edgeDNS": {"enable": True}},
            "affinity": {
                "nodeAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": {
                        "nodeSelectorTerms": [
                            {"matchExpressions": [{"key": "pool", "operator": "Exists"}]},
                            {"matchExpressions": [{"key": "relay", "operator": "Exists"}]},
                        ]
                    }
                }
            },
            "cloudNodes": {
                "kubeAPIConfig": {"contentType": "application/vnd.kubernetes.protobuf"},
                "modules": {"edgeDNS": {"enable": False}},
            },
        }
    }
    objects = render("edgemesh", values)
    cloud = config(objects, "edgemesh-agent-cloud-cfg", AGENT)
    assert agent(objects)["modules"]["edgeDNS"] == {"enable": True}
    assert cloud["modules"]["edgeDNS"] == {"enable": False}
    assert cloud["modules"]["edgeProxy"] == {"enable": True}
    assert cloud["kubeAPIConfig"]["contentType"] == "application/vnd.kubernetes.protobuf"
    for name, operator in (("edgemesh-agent", "Exists"), ("edgemesh-agent-cloud", "DoesNotExist")):
        affinity = pod(objects, name=name)["spec"]["affinity"]["nodeAffinity"]
        terms = affinity["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
        edge = {"key": "node-role.kubernetes.io/edge", "operator": operator}
        assert [term["matchExpressions"][1] for term in terms] == [edge, edge]
        # The socks5 proxy finds agents by this label, and by the name of the pod.
        assert pod(objects, name=name)["metadata"]["labels"]["kubeedge"] == "edgemesh-agent"


def test_fault_24_without_cloud_nodes_one_daemonset_runs_on_every_node(render: Render) -> None:
    objects = render("edgemesh")
    assert [o["metadata"]["name"] for o in objects if o["kind"] == "DaemonSet"] == ["edgemesh-agent"]
    assert "affinity" not in pod(objects)["spec"]
    assert "edgeDNS" not in agent(objects)["modules"]


def test_fault_24_problems_of_cloud_nodes_are_named(render: Render) -> None:
    cloud = {"modules": {"edgeTunnel": {"transport": "udp"}, "edgeDSN": {}, "edgeProxy": {"enable": "yes"}}}
    with pytest.raises(HelmError) as caught:
        render("edgemesh", nested("agent.cloudNodes", cloud))
    text = str(caught.value)
    assert "agent.cloudNodes.modules.edgeTunnel.transport: must be tcp, ws or quic" in text
    assert "agent.cloudNodes.modules.edgeProxy.enable: must be of type boolean" in text
    assert "\nagent.modules" not in text


def test_fault_25_the_gateway_can_be_scheduled(render: Render) -> None:
    assert "nodeSelector" not in pod(render("edgemesh", GATEWAY_ON), "Deployment", "edgemesh-gateway")["spec"]
    with pytest.raises(HelmError, match="must be the name of a node"):
        render("edgemesh", {"gateway": {"enable": True, "nodeName": "your node name"}})


def test_fault_25_the_name_of_a_node_keeps_other_constraints(render: Render) -> None:
    values: dict[str, Any] = {
        "gateway": {
            "enable": True,
            "nodeName": "edge-1",
            "nodeSelector": {"pool": "a"},
            "tolerations": [{"operator": "Exists"}],
        }
    }
    spec = pod(render("edgemesh", values), "Deployment", "edgemesh-gateway")["spec"]
    assert "nodeName" not in spec
    assert spec["nodeSelector"] == {"pool": "a", "kubernetes.io/hostname": "edge-1"}
    assert spec["tolerations"] == [{"operator": "Exists"}]


def test_fault_25_the_gateway_has_replicas_and_a_service(render: Render) -> None:
    ports = [{"name": "http", "port": 80, "targetPort": 8080}]
    values: dict[str, Any] = {
        "gateway": {
            "enable": True,
            "tolerations": {},
            "replicaCount": 2,
            "service": {"enable": True, "type": "NodePort", "ports": ports},
        }
    }
    objects = render("edgemesh", values)
    found = find(objects, "Deployment", "edgemesh-gateway")
    spec = found["spec"]["template"]["spec"]
    assert found["spec"]["replicas"] == 2
    assert "tolerations" not in spec
    assert spec["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert {e["name"] for e in spec["containers"][0]["env"]} == {"NODE_NAME", "NAMESPACE"}
    service = find(objects, "Service", "edgemesh-gateway")["spec"]
    assert (service["type"], service["ports"]) == ("NodePort", ports)


def rights(objects: list[Object], name: str) -> dict[str, list[str]]:
    """Return resource -> verbs of a ClusterRole."""
    rules = find(objects, "ClusterRole", name)["rules"]
    return {resource: rule["verbs"] for rule in rules for resource in rule["resources"]}


def test_fault_25_the_gateway_has_only_permissions_that_it_uses(render: Render) -> None:
    objects = render("edgemesh", GATEWAY_ON)
    assert set(rights(objects, "kubeedge:edgemesh-agent")) == {
        "services",
        "endpoints",
        "namespaces",
        "destinationrules",
    }
    # It has to list secrets: a Gateway names the one with its certificate.
    assert set(rights(objects, "kubeedge:edgemesh-gateway")) == {
        "services",
        "endpoints",
        "secrets",
        "destinationrules",
        "gateways",
        "virtualservices",
    }
    socks = render("edgemesh", nested("agent.modules.edgeProxy.socks5Proxy.enable", True))
    assert rights(socks, "kubeedge:edgemesh-agent")["pods"] == ["list"]
    assert not has(render("edgemesh"), "ClusterRole", "kubeedge:edgemesh-gateway")


def test_fault_26_a_url_for_the_agent_and_an_address_for_edgecore(render: Render) -> None:
    values = {"profile": "one-way-verified"}
    api = agent(render("edgemesh", values))["kubeAPIConfig"]
    assert api["metaServer"]["server"] == "https://127.0.0.1:10550"
    edge = config(render("edgecore", values), "edgecore", "edgecore.yaml")
    assert edge["modules"]["metaManager"]["metaServer"]["server"] == "127.0.0.1:10550"
    with pytest.raises(HelmError, match="must start with http"):
        render("edgemesh", nested("agent.kubeAPIConfig.metaServer.server", "127.0.0.1:10550"))
    with pytest.raises(HelmError, match="must be IP:port; with a URL edgecore crashes or does not listen"):
        render(
            "edgecore", nested("edgeCore.modules.metaManager.metaServer.server", "https://127.0.0.1:10550")
        )


@pytest.fixture(scope="module")
def chart() -> dict[str, Any]:
    """Return Chart.yaml of edgemesh."""
    loaded: dict[str, Any] = go_yaml.load((locations.CHARTS / "edgemesh" / "Chart.yaml").read_text("utf-8"))
    return loaded


def test_fault_27_the_chart_contains_its_only_dependency(chart: dict[str, Any]) -> None:
    assert chart["dependencies"] == [{"name": "common", "version": "0.1.0"}]
    assert [path.name for path in (locations.CHARTS / "edgemesh" / "charts").iterdir()] == ["common"]


def test_fault_28_the_chart_has_a_version_and_the_agent_is_optional(
    render: Render, chart: dict[str, Any]
) -> None:
    assert chart["appVersion"] == "v1.17.0"
    assert render("edgemesh", {"agent": {"enable": False}}) == []
    alone = render("edgemesh", {"agent": {"enable": False, "psk": "p"}, **GATEWAY_ON})
    assert has(alone, "Secret", "edgemesh-agent-psk")
    assert [o["metadata"]["name"] for o in alone if o["kind"] in ("DaemonSet", "Deployment")] == [
        "edgemesh-gateway"
    ]


def test_fault_29_spiderpool_is_rejected_and_never_rendered(render: Render) -> None:
    for minor in range(12, 18):
        objects = render("edgemesh", {"edgemeshVersion": f"v1.{minor}.0"})
        assert "spiderpool" not in json.dumps(objects)
        assert [o for o in objects if o["kind"].endswith("WebhookConfiguration")] == []
    with pytest.raises(HelmError, match="this chart does not contain spiderpool"):
        render("edgemesh", {"spiderpool": {"coordinator": {"enabled": False}}})


def test_fault_30_istio_crds_are_optional_and_kept(render: Render) -> None:
    assert not (locations.CHARTS / "edgemesh" / "crds").exists()
    assert [o for o in render("edgemesh") if o["kind"] == "CustomResourceDefinition"] == []
    objects = render("edgemesh", {"crds": {"istio": True, "annotations": {"a": "b"}}})
    found = [o for o in objects if o["kind"] == "CustomResourceDefinition"]
    group = "networking.istio.io"
    assert [o["metadata"]["name"] for o in found] == [
        f"destinationrules.{group}",
        f"gateways.{group}",
        f"virtualservices.{group}",
    ]
    for definition in found:
        assert definition["metadata"]["annotations"] == {"a": "b", "helm.sh/resource-policy": "keep"}
        versions = {v["name"]: v["storage"] for v in definition["spec"]["versions"]}
        assert versions == {"v1": True, "v1beta1": False, "v1alpha3": False}


def test_fault_31_cluster_wide_names_contain_the_namespace(render: Render) -> None:
    wide = [
        o["metadata"]["name"]
        for namespace in ("a", "b")
        for o in render("edgemesh", GATEWAY_ON, namespace=namespace)
        if o["kind"] in ("ClusterRole", "ClusterRoleBinding")
    ]
    assert sorted(wide) == sorted(
        f"{namespace}:edgemesh-{part}"
        for namespace in "ab"
        for part in ("agent", "gateway")
        for _ in range(2)
    )


def test_fault_32_numbers_are_accepted_as_quantities(render: Render) -> None:
    objects = render("edgemesh", nested("agent.resources.limits.cpu", 2))
    assert str(pod(objects)["spec"]["containers"][0]["resources"]["limits"]["cpu"]) == "2"
    assert kubernetes.faults(find(objects, "DaemonSet", "edgemesh-agent"), kubernetes.VERSIONS[-1]) == []
