"""The field table, checked against facts from the source of the programs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from generator import go_yaml
from generator.components import COMPONENTS, project_of
from generator.upstream import Field, Release, config_fields, default_config
from generator.upstream.check import check
from generator.upstream.releases import minors, table

EVERY = [(component, minor) for component in COMPONENTS for minor in minors(project_of(component))]


def tree(component: str, minor: str) -> Field:
    return config_fields(component, Release.parse(project_of(component), minor))


def type_of(component: str, minor: str, path: str) -> str | None:
    field = tree(component, minor).below(path)
    return field.type if field else None


# --- added, moved and removed fields -------------------------------------------------------

EDGED = "modules.edged"
KUBELET = "modules.edged.tailoredKubeletConfig"
META = "modules.metaManager.metaServer"
# component, path, first minor with it, last minor with it ("" if it still exists)
SPANS = [
    ("edgecore", f"{EDGED}.clusterDNS", "1.7", "1.11"),
    ("edgecore", f"{KUBELET}.clusterDNS", "1.12", ""),
    ("edgecore", f"{EDGED}.clusterDomain", "1.7", "1.11"),
    ("edgecore", f"{KUBELET}.clusterDomain", "1.12", ""),
    ("edgecore", f"{EDGED}.cgroupDriver", "1.7", "1.11"),
    ("edgecore", f"{KUBELET}.cgroupDriver", "1.12", ""),
    ("edgecore", f"{EDGED}.runtimeType", "1.7", "1.11"),
    ("edgecore", f"{EDGED}.containerRuntime", "1.12", "1.17"),
    ("edgecore", f"{KUBELET}.containerRuntimeEndpoint", "1.16", ""),
    ("edgecore", f"{EDGED}.reportEvent", "1.19", ""),
    ("edgecore", "modules.edgeMesh.enable", "1.7", "1.7"),
    ("edgecore", "modules.edgeHub.messageQPS", "1.11", ""),
    ("edgecore", "modules.taskManager.enable", "1.21", ""),
    ("edgecore", "edgecoreVersion", "1.21", ""),
    ("edgecore", f"{META}.enable", "1.7", ""),
    ("edgecore", f"{META}.debug", "1.7", "1.8"),
    ("edgecore", f"{META}.server", "1.9", ""),
    ("edgecore", f"{META}.tlsCaFile", "1.12", ""),
    ("edgecore", f"{META}.serviceAccountIssuers", "1.14", ""),
    ("edgecore", f"{META}.dummyServer", "1.17", ""),
    ("edgecore", "modules.metaManager.podStatusSyncInterval", "1.7", "1.10"),
    ("edgecore", "modules.serviceBus.port", "1.9", ""),
    ("edgecore", "modules.eventBus.mqttPassword", "1.10", ""),
    ("edgecore", "modules.deviceTwin.dmiSockPath", "1.16", ""),
    ("cloudcore", "modules.dynamicController.enable", "1.7", ""),
    ("cloudcore", "modules.nodeUpgradeJobController.enable", "1.12", "1.15"),
    ("cloudcore", "modules.taskManager.enable", "1.16", ""),
    ("cloudcore", "modules.iptablesManager.mode", "1.9", ""),
    ("cloudcore", "modules.cloudHub.authorization.enable", "1.18", ""),
    ("cloudcore", "commonConfig.monitorServer.bindAddress", "1.13", ""),
    ("edgemesh-agent", "kubeAPIConfig.metaServer.security.requireAuthorization", "1.12", ""),
    ("edgemesh-agent", "kubeAPIConfig.deleteKubeConfig", "1.13", ""),
    ("edgemesh-agent", "kubeAPIConfig.Mode", "1.12", "1.12"),
    ("edgemesh-agent", "kubeAPIConfig.mode", "1.13", ""),
    ("edgemesh-agent", "modules.edgeProxy.serviceFilterMode", "1.13", ""),
    ("edgemesh-agent", "modules.edgeTunnel.tunnelLimitConfig.enable", "1.13", ""),
    ("edgemesh-agent", "modules.edgeTunnel.extraFilteredInterfaces", "1.14", ""),
    ("edgemesh-agent", "modules.edgeTunnel.metricConfig.enable", "1.15", ""),
    ("edgemesh-agent", "commonConfig.pprofConfig.enableProfiling", "1.15", ""),
    ("edgemesh-gateway", "pprofConfig.enableProfiling", "1.15", ""),
    ("edgemesh-gateway", "modules.edgeGateway.nic", "1.12", ""),
]


@pytest.mark.parametrize(("component", "path", "first", "last"), SPANS, ids=lambda value: value or "now")
def test_a_field_is_read_by_the_releases_that_have_it(
    component: str, path: str, first: str, last: str
) -> None:
    known = minors(project_of(component))
    reading = [minor for minor in known if type_of(component, minor, path)]
    assert reading == known[known.index(first) : known.index(last or known[-1]) + 1]


@pytest.mark.parametrize(
    ("component", "minor", "path", "expected"),
    [
        ("edgecore", "1.11", f"{EDGED}.clusterDNS", "string"),
        ("edgecore", "1.12", f"{KUBELET}.clusterDNS", "array"),
        ("edgecore", "1.23", f"{KUBELET}.syncFrequency", "duration"),
        ("edgecore", "1.23", f"{KUBELET}.evictionHard", "object"),
        ("edgecore", "1.23", f"{META}.server", "string"),
        ("cloudcore", "1.23", "modules.cloudHub.nodeLimit", "integer"),
        ("cloudcore", "1.23", "modules.cloudHub.advertiseAddress", "array"),
        ("edgemesh-agent", "1.17", "modules.edgeProxy.loadBalancer.consistentHash.load", "number"),
    ],
)
def test_types(component: str, minor: str, path: str, expected: str) -> None:
    assert type_of(component, minor, path) == expected


GATES = {
    ("1.7", "1.8"): None,
    ("1.9", "1.10", "1.11"): {"ProcessStatusSync"},
    ("1.12", "1.13", "1.14", "1.15", "1.16"): {"requireAuthorization"},
    ("1.17", "1.18", "1.19", "1.20"): {"requireAuthorization", "moduleRestart"},
    ("1.21", "1.22", "1.23"): {"requireAuthorization", "moduleRestart", "disableNodeTaskV1alpha2"},
}


@pytest.mark.parametrize("component", ["cloudcore", "edgecore"])
@pytest.mark.parametrize(
    ("span", "gates"), GATES.items(), ids=lambda value: value[0] if isinstance(value, tuple) else ""
)
def test_gates_by_release(component: str, span: tuple[str, ...], gates: set[str] | None) -> None:
    for minor in span:
        field = tree(component, minor).fields.get("featureGates")
        assert (set(field.fields) if field else None) == gates
        if field:
            assert field.below("unknown") is None


@pytest.mark.parametrize(
    ("component", "minor", "path", "bounds"),
    [
        ("edgecore", "1.23", "modules.edgeHub.heartbeat", (-(2**31), 2**31 - 1)),
        ("cloudcore", "1.23", "modules.cloudHub.websocket.port", (0, 2**32 - 1)),
        ("edgecore", "1.23", "modules.eventBus.mqttQOS", (0, 255)),
        ("edgemesh-agent", "1.17", "modules.edgeTunnel.listenPort", None),
    ],
)
def test_bounds(component: str, minor: str, path: str, bounds: tuple[int, int] | None) -> None:
    field = tree(component, minor).below(path)
    assert field
    assert field.bounds == bounds


@pytest.mark.parametrize(
    ("component", "minor", "path", "default"),
    [
        ("cloudcore", "1.12", "modules.cloudHub.nodeLimit", 1000),
        ("cloudcore", "1.13", "modules.cloudHub.nodeLimit", 500),
        ("cloudcore", "1.23", "modules.dynamicController.enable", False),
        ("edgecore", "1.12", f"{EDGED}.containerRuntime", "docker"),
        ("edgecore", "1.13", f"{EDGED}.containerRuntime", "remote"),
        ("edgecore", "1.12", f"{KUBELET}.clusterDomain", ""),
        ("edgecore", "1.13", f"{KUBELET}.clusterDomain", "cluster.local"),
        ("edgecore", "1.15", f"{KUBELET}.staticPodPath", "/etc/kubeedge/manifests"),
        ("edgecore", "1.23", f"{META}.server", "127.0.0.1:10550"),
        ("edgecore", "1.23", f"{META}.dummyServer", "169.254.30.10:10550"),
        ("edgecore", "1.16", "modules.deviceTwin.dmiSockPath", "/etc/kubeedge/dmi.sock"),
        ("edgecore", "1.23", "modules.deviceTwin.dmiSockPath", "/etc/kubeedge/"),
        ("edgecore", "1.23", "modules.eventBus.mqttMode", 2),
        ("edgemesh-agent", "1.12", "modules.edgeTunnel.maxCandidates", 5),
        ("edgemesh-agent", "1.13", "modules.edgeTunnel.maxCandidates", 15),
        ("edgemesh-agent", "1.17", "commonConfig.bridgeDeviceIP", "169.254.96.16"),
    ],
)
def test_defaults_of_the_programs(component: str, minor: str, path: str, default: Any) -> None:
    field = tree(component, minor).below(path)
    assert field
    assert field.default == default


def test_below_goes_through_maps_of_values() -> None:
    assert type_of("edgecore", "1.23", f"{KUBELET}.evictionHard.memory") == "string"
    assert type_of("edgecore", "1.23", f"{KUBELET}.nothing") is None
    assert type_of("edgecore", "1.23", "modules.nothing.at.all") is None


@pytest.mark.parametrize(("component", "minor"), EVERY)
def test_every_row_of_a_release_is_in_its_tree(component: str, minor: str) -> None:
    release = Release.parse(project_of(component), minor)
    rows = {path for path, rows in table(component)["fields"].items() if any(map(release.within, rows))}
    walked = {path.replace(".[]", "[]") for path, _ in tree(component, minor).walk()}
    assert {path for path in rows if not path.startswith("featureGates")} <= walked


@pytest.mark.parametrize("component", COMPONENTS)
def test_spans_of_a_field_do_not_overlap(component: str) -> None:
    for path, rows in table(component)["fields"].items():
        for minor in minors(project_of(component)):
            release = Release.parse(project_of(component), minor)
            assert sum(release.within(row) for row in rows) <= 1, (path, minor)


def test_a_field_that_was_removed_and_added_again() -> None:
    path = f"{KUBELET}.staticPodPath"
    assert [type_of("edgecore", f"1.{minor}", path) for minor in (12, 13, 14, 15)] == [
        "string",
        None,
        None,
        "string",
    ]
    release = Release.parse("KubeEdge", "1.14")
    config = {"modules": {"edged": {"tailoredKubeletConfig": {"staticPodPath": "/x"}}}}
    ((_, message),) = check(config, tree("edgecore", "1.14"), "edgecore", release)
    assert message.what == "not read by KubeEdge 1.14"
    assert message.fix == "read by KubeEdge 1.12, 1.15 and newer only"


# --- the config of a release, complete -----------------------------------------------------


def nulls_and_empties(value: Any, path: str = "") -> Iterator[str]:
    if value is None or value == {}:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in items:
        yield from nulls_and_empties(child, f"{path}.{name}")


@pytest.mark.parametrize(("component", "minor"), EVERY)
def test_a_default_config_is_what_the_program_reads(component: str, minor: str) -> None:
    release = Release.parse(project_of(component), minor)
    config = default_config(component, release)
    assert list(nulls_and_empties(config)) == []
    assert list(check(config, tree(component, minor), component, release)) == []
    assert "<host>" not in go_yaml.dump(config)


def test_a_default_config_is_a_copy() -> None:
    release = Release.parse("KubeEdge", "1.23")
    config = default_config("edgecore", release)
    config["modules"]["metaManager"]["metaServer"]["serviceAccountIssuers"].append("x")
    assert default_config("edgecore", release) != config


MODULES = ["edgeHub", "edged", "metaManager", "eventBus", "deviceTwin", "serviceBus"]


# Sections that keadm's --set would panic on if they were left out (facts: KEADM.md).
@pytest.mark.parametrize(("minor", "section"), list(product(["1.12", "1.17", "1.23"], MODULES)))
def test_a_default_config_has_every_module(minor: str, section: str) -> None:
    assert default_config("edgecore", Release.parse("KubeEdge", minor))["modules"][section]
