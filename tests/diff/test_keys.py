"""Impacts of changed keys: only effects on the running program, each reported once."""

from __future__ import annotations

from typing import Any

import pytest

from generator import tables
from generator.catalogue.message import say
from generator.components import COMPONENTS, project_of
from generator.diff.impact.classes import CLASSES
from generator.diff.impact.keys import _is_open
from generator.paths import put
from generator.upstream import Release, config_fields
from generator.upstream.releases import minors
from tests.diff.sides import changes, compared, one_change, places, says
from tests.diff.test_configs import holder

Data = dict[str, Any]
SERVER = "modules.metaManager.metaServer"
GATE = "featureGates.requireAuthorization"
HUB = "modules.cloudHub"
SECURITY = "kubeAPIConfig.metaServer.security"
TUNNEL = "modules.edgeTunnel"
NO_PERMISSIONS = (
    "cloudcore no longer sends permissions to edge nodes; where edgecore requires tokens, every caller"
    " gets 401"
)
OTHER_FILES = (
    "the endpoint uses another certificate file (copy the file to every node before edgecore restarts)"
)
OTHER_ISSUERS = "the endpoint accepts tokens of other issuers; callers with other tokens get 401"
NO_SCHEME = (
    "EdgeMesh sends its token to the endpoint over HTTP"
    " (begin the address with http://, which EdgeMesh changes to https://)"
)


def config(component: str, keys: Data, minor: str = "") -> Data:
    """Return a ConfigMap with a config in which some dotted keys are set."""
    values: Data = {}
    for key, value in keys.items():
        put(values, key, value)
    return holder(component, minor or minors(project_of(component))[-1], values)


def said(component: str, before: Data, after: Data, minor: str = "", shared: Data | None = None) -> list[str]:
    """Return the impacts of changed keys except restarts; `shared` keys do not change."""
    sides = [{**(shared or {}), **keys} for keys in (before, after)]
    found = compared(*([config(component, keys, minor)] for keys in sides))
    lines = [line.replace(f": ConfigMap kubeedge/{component}: ", ": ", 1) for line in says(found)]
    return [line for line in lines if not line.startswith("edgecore-restart: ")]


# Component, minor, unchanged keys, before, after; none of these changes has an impact.
OFF: dict[str, tuple[str, str, Data, Data, Data]] = {
    "endpoint": ("edgecore", "", {}, {}, {f"{SERVER}.server": "0.0.0.0:10550"}),
    "endpoint of a module that is off": (
        "edgecore", "", {"modules.metaManager.enable": False}, {}, {f"{SERVER}.enable": True},
    ),
    "authorization that only logs": ("cloudcore", "", {}, {}, {f"{HUB}.authorization.enable": True}),
    "authorization that is off": ("cloudcore", "", {}, {}, {f"{HUB}.authorization.debug": False}),
    "router": (
        "cloudcore", "", {}, {"modules.router.address": "127.0.0.1"}, {"modules.router.address": "0.0.0.0"},
    ),
    "gate without endpoint": ("edgecore", "", {}, {GATE: True}, {GATE: False}),
    "files without gate": (
        "edgecore", "1.16", {f"{SERVER}.enable": True}, {}, {f"{SERVER}.tlsCertFile": "/a"},
    ),
    "issuers without gate": (
        "edgecore", "1.16", {f"{SERVER}.enable": True}, {}, {f"{SERVER}.serviceAccountIssuers": ["a"]},
    ),
    "second address without gate": (
        "edgecore", "", {f"{SERVER}.enable": True}, {}, {f"{SERVER}.dummyServer": "192.0.2.1:10550"},
    ),
    "files of the cloud's stream": ("cloudcore", "", {}, {}, {"modules.cloudStream.tlsStreamCertFile": "/a"}),
    "files of the edge's stream": ("edgecore", "", {}, {}, {"modules.edgeStream.tlsTunnelCertFile": "/a"}),
    "files of MQTT": ("edgecore", "", {}, {}, {"modules.eventBus.eventBusTLS.tlsMqttCertFile": "/a"}),
    "TLS of MQTT": (
        "edgecore", "", {"modules.eventBus.enable": False}, {}, {"modules.eventBus.eventBusTLS.enable": True},
    ),
    "service bus": ("edgecore", "", {}, {}, {"modules.serviceBus.server": "0.0.0.0"}),
    "key of the tunnel": ("edgemesh-agent", "", {}, {}, {f"{TUNNEL}.psk.enable": False}),
    "metrics of the tunnel": ("edgemesh-agent", "", {}, {}, {f"{TUNNEL}.metricConfig.enable": True}),
    "proxy": ("edgemesh-agent", "", {}, {}, {"modules.edgeProxy.socks5Proxy.enable": True}),
    "DNS": (
        "edgemesh-agent", "", {"modules.edgeDNS.enable": False}, {},
        {"commonConfig.bridgeDeviceIP": "169.254.1.1"},
    ),
    "endpoint that the agent does not ask": (
        "edgemesh-agent", "", {"kubeAPIConfig.master": "https://192.0.2.1:6443"}, {},
        {f"{SECURITY}.requireAuthorization": True},
    ),
    "QUIC": (
        "cloudcore", "", {}, {f"{HUB}.quic.address": "127.0.0.1"}, {f"{HUB}.quic.address": "192.0.2.1"},
    ),
    "gate of cloudcore without controller": ("cloudcore", "1.13", {}, {}, {GATE: True}),
}  # fmt: skip


@pytest.mark.parametrize(("component", "minor", "shared", "before", "after"), OFF.values(), ids=OFF)
def test_keys_of_modules_that_are_off_have_no_impact(
    component: str, minor: str, shared: Data, before: Data, after: Data
) -> None:
    assert said(component, before, after, minor, shared) == []
    assert said(component, after, before, minor, shared) == []


ON: dict[str, tuple[str, str, Data, Data, Data, list[str]]] = {
    "endpoint": (
        "edgecore", "", {f"{SERVER}.enable": True}, {}, {f"{SERVER}.server": "0.0.0.0:10550"},
        ["exposed: the edge Kube-API endpoint listens on 0.0.0.0:10550"],
    ),
    "endpoint back on its node": (
        "edgecore", "", {f"{SERVER}.enable": True}, {f"{SERVER}.server": "0.0.0.0:10550"}, {},
        ["closed: the edge Kube-API endpoint can no longer be reached from other machines"],
    ),
    "endpoint switched on": (
        "edgecore", "", {}, {}, {f"{SERVER}.enable": True},
        ["exposed: the edge Kube-API endpoint is switched on"],
    ),
    "endpoint switched on everywhere": (
        "edgecore", "", {}, {}, {f"{SERVER}.enable": True, f"{SERVER}.server": "0.0.0.0:10550"},
        ["exposed: the edge Kube-API endpoint is switched on and listens on 0.0.0.0:10550"],
    ),
    "endpoint switched on by the module around it": (
        "edgecore", "", {f"{SERVER}.enable": True},
        {"modules.metaManager.enable": False}, {"modules.metaManager.enable": True},
        ["exposed: the edge Kube-API endpoint is switched on"],
    ),
    "endpoint switched off": (
        "edgecore", "", {f"{SERVER}.server": "0.0.0.0:1"}, {f"{SERVER}.enable": True}, {},
        ["closed: the edge Kube-API endpoint is switched off"],
    ),
    "second address": (
        "edgecore", "", {f"{SERVER}.enable": True, GATE: True}, {},
        {f"{SERVER}.dummyServer": "192.0.2.1:10550"},
        ["exposed: the edge Kube-API endpoint listens on 192.0.2.1:10550"],
    ),
    "gate": (
        "edgecore", "", {f"{SERVER}.enable": True}, {GATE: True}, {},
        ["tls-weakened: the endpoint answers everybody over HTTP without a token"],
    ),
    "gate of cloudcore that asks": (
        "cloudcore", "1.13", {"modules.dynamicController.enable": True}, {GATE: True}, {},
        ["tls-weakened: cloudcore answers every process on edge nodes"],
    ),
    "gate of cloudcore that tells": (
        "cloudcore", "1.16", {}, {GATE: True}, {},
        [f"certificate: {GATE}: {NO_PERMISSIONS}"],
    ),
    "files with gate": (
        "edgecore", "1.16", {f"{SERVER}.enable": True, GATE: True}, {}, {f"{SERVER}.tlsCertFile": "/a"},
        [f"certificate: {SERVER}.tlsCertFile: {OTHER_FILES}"],
    ),
    "keys of tokens": (
        "edgecore", "1.16", {f"{SERVER}.enable": True, GATE: True}, {},
        {f"{SERVER}.serviceAccountKeyFiles": ["/a"]},
        [f"certificate: {SERVER}.serviceAccountKeyFiles: {OTHER_ISSUERS}"],
    ),
    "authorization": (
        "cloudcore", "", {}, {}, {f"{HUB}.authorization.enable": True, f"{HUB}.authorization.debug": False},
        ["tls-strengthened: an edge node can only read its own objects"],
    ),
    "authorization that debugs again": (
        "cloudcore", "", {f"{HUB}.authorization.enable": True}, {f"{HUB}.authorization.debug": False}, {},
        ["tls-weakened: an edge node can read the objects of other nodes"],
    ),
    "router": (
        "cloudcore", "", {}, {}, {"modules.router.enable": True},
        ["exposed: the REST port of the router is switched on and listens on 0.0.0.0"],
    ),
    "files of the cloud's stream": (
        "cloudcore", "", {"modules.cloudStream.enable": True}, {},
        {"modules.cloudStream.tlsStreamCertFile": "/a"},
        ["certificate: modules.cloudStream.tlsStreamCertFile: cloudcore uses another certificate file"],
    ),
    "server without scheme": (
        "edgemesh-agent", "", {f"{SECURITY}.requireAuthorization": True}, {},
        {"kubeAPIConfig.metaServer.server": "127.0.0.1:10550"},
        [f"tls-weakened: {NO_SCHEME}"],
    ),
    "client certificate goes with its profile": (
        "edgemesh-agent", "", {}, {f"{SECURITY}.requireAuthorization": True}, {},
        [
            "tls-weakened: EdgeMesh connects to the endpoint over HTTP without a token",
            "tls-weakened: EdgeMesh no longer presents a client certificate",
        ],
    ),
    "key of the tunnel": (
        "edgemesh-agent", "", {f"{TUNNEL}.enable": True}, {}, {f"{TUNNEL}.psk.enable": False},
        ["tls-weakened: everybody can join the EdgeMesh network"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("component", "minor", "shared", "before", "after", "lines"), ON.values(), ids=ON)
def test_keys_of_modules_that_are_on_have_one_impact(
    component: str, minor: str, shared: Data, before: Data, after: Data, lines: list[str]
) -> None:
    assert said(component, before, after, minor, shared) == lines
    sides = [{**shared, **keys} for keys in (before, after)]
    found = compared(*([config(component, keys, minor)] for keys in sides))
    # Each impact names the change that causes it.
    assert all(one.places for one, _ in found.impacts)


def crossing(old: str, new: str, keys: Data) -> list[str]:
    """Return the impacts about tokens of an upgrade of edgecore from one release to another."""
    sides = [config("edgecore", keys, minor) for minor in (old, new)]
    return [line for line in says(compared(*([one] for one in sides))) if "without a token" in line]


def test_discovery_needs_no_token_from_1_23_on() -> None:
    on: Data = {GATE: True, f"{SERVER}.enable": True}
    (line,) = crossing("1.22", "1.23", on)
    assert line.startswith("rbac-widened: ")
    (line,) = crossing("1.23", "1.22", on)
    assert line.startswith("rbac-narrowed: ")
    assert crossing("1.21", "1.22", on) == []
    for off in ({GATE: True}, {f"{SERVER}.enable": True}):
        assert crossing("1.22", "1.23", off) == []


@pytest.mark.parametrize(
    ("gate", "before", "after", "same"),
    [
        (False, "http://127.0.0.1:10550", "127.0.0.1:10550", True),
        (True, "http://127.0.0.1:10550", "https://127.0.0.1:10550", True),
        (True, "http://127.0.0.1:10550", "127.0.0.1:10550", False),
        (False, "http://127.0.0.1:10550", "https://127.0.0.1:10550", False),
        (False, "http://127.0.0.1:10550", "http://169.254.30.10:10550", False),
    ],
)
@pytest.mark.parametrize("component", ["edgemesh-agent", "edgemesh-gateway"])
def test_equivalent_server_urls_of_edgemesh_are_no_difference(
    component: str, gate: bool, before: str, after: str, same: bool
) -> None:
    keys = {f"{SECURITY}.requireAuthorization": gate}
    sides = [
        config(component, {**keys, "kubeAPIConfig.metaServer.server": server}) for server in (before, after)
    ]
    assert one_change(*sides).behaviour is not same


KUBELET = "modules.edged.tailoredKubeletConfig"


@pytest.mark.parametrize(
    ("key", "before", "after", "same"),
    [
        ("kubeReserved.cpu", "0.5", "500m", True),
        ("kubeReserved.cpu", "0.5", "501m", False),
        ("kubeReserved.memory", "1Gi", "1024Mi", True),
        ("systemReserved.cpu", 1, "1", True),
        ("evictionSoft.memory", "1Gi", "1024Mi", True),
        ("evictionHard.memory", "1Gi", "1G", False),
        ("evictionHard.memory", "10%", "10.0%", True),
        ("evictionHard.memory", "10%", "10", False),
        ("qosReserved.memory", "50%", "51%", False),
        ("containerLogMaxSize", "10Mi", "10240Ki", True),
        ("podsPerCore", 1, 2, False),
        ("nodeLabels.a", "0.5", "500m", False),
    ],
)
def test_quantities_are_compared_by_value(key: str, before: Any, after: Any, same: bool) -> None:
    name = f"modules.edged.{key}" if key.startswith("nodeLabels") else f"{KUBELET}.{key}"
    sides = [config("edgecore", {name: value}) for value in (before, after)]
    found = compared([sides[0]], [sides[1]])
    assert (places(found), says(found)) == ([], []) if same else len(changes(found)) == 1


def test_a_default_written_as_another_quantity_changes_nothing() -> None:
    text = "modules: {edged: {tailoredKubeletConfig: {evictionHard: {memory.available: 102400Ki}}}}"
    change = one_change(holder("edgecore", "1.23", {}), holder("edgecore", "1.23", text))
    assert (change.behaviour, change.note) == (False, say("same-behaviour", "default"))


# --- the PSK of EdgeMesh's network ---------------------------------------------------------


def agent(secret: str, key: str = "") -> list[Data]:
    """Return the DaemonSet of the agent as in the chart, and its PSK Secret if a key is given."""
    volume = {"name": "psk", "secret": {"secretName": secret, "items": [{"key": "psk", "path": "psk"}]}}
    pod = {"containers": [{"name": "edgemesh-agent"}], "volumes": [volume]}
    head = {"name": "edgemesh-agent", "namespace": "kubeedge"}
    found: list[Data] = [
        {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": head, "spec": {"template": {"spec": pod}}}
    ]
    if key:
        named = {"name": secret, "namespace": "kubeedge"}
        found.append({"apiVersion": "v1", "kind": "Secret", "metadata": named, "stringData": {"psk": key}})
    return found


def test_a_psk_from_another_secret_is_reported() -> None:
    def told(before: list[Data], after: list[Data]) -> list[str]:
        return [line for line in says(compared(before, after)) if line.startswith("secret: DaemonSet")]

    (line,) = told(agent("a"), agent("b"))
    assert line.startswith("secret: DaemonSet kubeedge/edgemesh-agent: ")
    assert "on every node it tolerates, cannot reach each other (restart all EdgeMesh pods)" in line
    assert len(told(agent("a", "one"), agent("b", "other"))) == 1
    # The same PSK in a Secret with another name.
    assert told(agent("a", "one"), agent("b", "one\n")) == []
    assert told(agent("a"), agent("a")) == []


# --- the table -----------------------------------------------------------------------------

TABLE = tables.load("impact.yaml")


def components(program: str) -> list[str]:
    return [name for name in COMPONENTS if name.startswith(program)]


def keys_of(row: Data) -> list[str]:
    listed = [*row.get("keys", ()), *row.get("secure", ()), *row.get("when", ()), *row.get("quantities", ())]
    return [*listed, *(row[name] for name in ("switch", "address") if name in row)]


@pytest.mark.parametrize("row", TABLE["keys"], ids=lambda row: f"{row['program']} {keys_of(row)[0]}")
def test_every_key_of_the_table_is_a_key_of_its_program(row: Data) -> None:
    for component in components(row["program"]):
        releases = [Release.parse(project_of(component), minor) for minor in minors(project_of(component))]
        trees = [config_fields(component, one) for one in releases if one.within(row.get("kubeedge"))]
        assert trees
        for key in keys_of(row):
            assert any(_holds(tree, key) for tree in trees), key


def _holds(tree: Any, key: str) -> bool:
    for part in key.split("."):
        tree = tree and (tree.fields.get(part) or (tree.items and tree.items.fields.get(part)))
    return tree is not None


def test_every_class_and_rule_of_the_table_exists() -> None:
    named = [row["class"] for row in [*TABLE["keys"], *TABLE["releases"]] if "class" in row]
    flat = {name for one in named for name in (one if isinstance(one, list) else [one])}
    assert flat <= set(CLASSES)
    rules = tables.load("rules.yaml")
    assert {row["rule"] for row in TABLE["fatal"]} <= {rule["id"] for rule in rules["errors"]}


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        ("0.0.0.0", True), ("::", True), ("[::]:1", True), (":9091", True), ("192.0.2.1:1", True),
        ("2001:db8::1", True), ("example.com:1", True), ("127.0.0.1", False), ("127.0.0.1:1", False),
        ("::1", False), ("[::1]:1", False), ("fe80::1", False), ("localhost:1", False), ("", False),
        ("unix:///a", False), ("169.254.30.10:10550", False), ("[::", True), (None, False),
    ],
)  # fmt: skip
def test_addresses_reachable_from_other_hosts_are_detected(address: Any, opened: bool) -> None:
    assert _is_open(address) is opened


def of_group(keys: Data) -> Data:
    """Return the ConfigMap of a node group with a config of edgecore."""
    found = config("edgecore", keys)
    (text,) = found["data"].values()
    return {
        **found,
        "metadata": {**found["metadata"], "name": "edgecore-a"},
        "data": {"a.edgecore.yaml": text},
    }


def test_a_new_group_is_compared_with_the_file_that_its_nodes_had() -> None:
    served = {f"{SERVER}.enable": True, GATE: True}
    kept = says(compared([config("edgecore", served)], [of_group(served)]))
    assert [line.partition(":")[0] for line in kept] == ["deleted", "edgecore-restart"]
    weaker = says(compared([config("edgecore", served)], [of_group({**served, GATE: False})]))
    assert [line.partition(":")[0] for line in weaker] == ["deleted", "tls-weakened", "edgecore-restart"]
    alone = says(compared([], [of_group(served)]))
    assert [line.partition(":")[0] for line in alone] == ["exposed", "edgecore-restart"]
