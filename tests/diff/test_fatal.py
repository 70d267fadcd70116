"""Configs that their program does not run with: told as such, whatever else they would change."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components import COMPONENTS, project_of
from generator.diff.fatal import reasons
from generator.upstream import Release
from generator.upstream.releases import minors
from tests.diff.sides import changes, compared, says
from tests.diff.test_configs import holder

Data = dict[str, Any]
SERVER = "modules: {metaManager: {metaServer: {enable: true, server: %s}}}"
# Component, minor, text before and after, what has to be said.
FATAL = {
    "null section": (
        "edgecore", "1.23", 'modules: {edged: {nodeIP: ""}}', "modules: {edged: }",
        "modules.edged: an empty section crashes the program",
    ),
    "null section in other letters": (
        "edgecore", "1.23", "{}", "Modules: {edgeHub: {WebSocket: }}",
        "Modules.edgeHub.WebSocket: an empty section crashes the program",
    ),
    "null section of the agent": (
        "edgemesh-agent", "1.17", "modules: {edgeDNS: {enable: true}}", "modules: {edgeDNS: }",
        "modules.edgeDNS: an empty section crashes the program",
    ),
    "unknown gate": (
        "edgecore", "1.23", "{}", "featureGates: {RequireAuthorisation: true}",
        "featureGates.RequireAuthorisation: unknown feature gate, edgecore exits on it",
    ),
    "gate of a later release": (
        "edgecore", "1.11", "{}", "featureGates: {requireAuthorization: true}",
        "featureGates.requireAuthorization: unknown feature gate, edgecore exits on it",
    ),
    "switch in quotes": (
        "cloudcore", "1.23", "modules: {dynamicController: {enable: true}}",
        'modules: {dynamicController: {enable: "true"}}',
        "modules.dynamicController.enable: must be true or false, got a string",
    ),
    "number for a list": (
        "edgecore", "1.23", "{}", "modules: {edged: {tailoredKubeletConfig: {clusterDNS: 1}}}",
        "modules.edged.tailoredKubeletConfig.clusterDNS: must be a list",
    ),
    "duration without a unit": (
        "edgecore", "1.23", "{}", "modules: {edged: {tailoredKubeletConfig: {syncFrequency: 10}}}",
        "syncFrequency: 10 has no unit, the program refuses the file",
    ),
    "no yaml": ("cloudcore", "1.23", "modules: {}", "modules: {", "cloudcore.yaml: "),
    "no map": ("cloudcore", "1.23", "modules: {}", "[modules]", "cloudcore.yaml: it is no map"),
    "mode of iptables": (
        "cloudcore", "1.23", "{}", "modules: {iptablesManager: {mode: none}}",
        "modules.iptablesManager.mode: must be one of internal, external",
    ),
    "url of the endpoint": (
        "edgecore", "1.23", SERVER % "127.0.0.1:10550", SERVER % "https://127.0.0.1:10550",
        "modules.metaManager.metaServer.server: must be IP:port",
    ),
    "address without a port": (
        "edgecore", "1.23", SERVER % "127.0.0.1:10550", SERVER % "127.0.0.1",
        "modules.metaManager.metaServer.server: must be IP:port",
    ),
    "wrong type in other letters": (
        "cloudcore", "1.23", "{}", 'modules: {dynamiccontroller: {Enable: "true"}}',
        "modules.dynamiccontroller.Enable: must be true or false, got a string",
    ),
    "both hubs": (
        "edgecore", "1.23", "{}", "modules: {edgeHub: {quic: {enable: true}}}",
        "websocket and quic cannot both be on",
    ),
    "quic with a key": (
        "edgemesh-agent", "1.17", "{}", "modules: {edgeTunnel: {enable: true, transport: quic}}",
        "is quic, which does not work with a PSK",
    ),
    "bridge": (
        "edgemesh-agent", "1.17", "{}", "commonConfig: {bridgeDeviceIP: nonsense}",
        "commonConfig.bridgeDeviceIP: must be an IPv4 address",
    ),
}  # fmt: skip


def impacts(component: str, minor: str, before: str, after: str) -> list[str]:
    """Return what is said of a config that changes, without its subject."""
    found = compared([holder(component, minor, before)], [holder(component, minor, after)])
    return [line.replace(f": ConfigMap kubeedge/{component}: ", ": ", 1) for line in says(found)]


@pytest.mark.parametrize(("component", "minor", "before", "after", "why"), FATAL.values(), ids=FATAL)
def test_a_config_that_ends_its_program(
    component: str, minor: str, before: str, after: str, why: str
) -> None:
    (line,) = [one for one in impacts(component, minor, before, after) if one.startswith("fatal: ")]
    assert line.startswith(f"fatal: {component} does not run with {component}.yaml: ")
    assert why in line
    # It is an error, and no change without one in behaviour.
    found = compared([holder(component, minor, before)], [holder(component, minor, after)])
    assert [one.level for one, _ in found.impacts if one.name == "fatal"] == ["error"]
    assert all(change.behaviour for change in changes(found))
    # Of one that was there before, or is mended, nothing is said; but mending it is a change.
    assert not [one for one in impacts(component, minor, after, f"{after} # x") if "fatal" in one]
    back = compared([holder(component, minor, after)], [holder(component, minor, before)])
    assert not [one for one in says(back) if "fatal" in one]
    assert all(change.behaviour for change in changes(back))
    # A new object is as much.
    assert [one for one in says(compared([], [holder(component, minor, after)])) if why in one]


HARMLESS = {
    "null text": ("edgecore", "1.23", "modules: {edgeHub: {token: }}"),
    "null manager of iptables": ("cloudcore", "1.23", "modules: {iptablesManager: }"),
    "null section that is no pointer": ("cloudcore", "1.23", "commonConfig: {monitorServer: }"),
    "null section that is empty anyway": ("edgemesh-agent", "1.17", "commonConfig: {pprofConfig: }"),
    "null item": ("cloudcore", "1.23", "modules: {cloudHub: {advertiseAddress: [null]}}"),
    "unknown key": ("edgecore", "1.23", "modules: {edgehubb: }"),
    "gates that are not read": ("edgecore", "1.7", "featureGates: {requireAuthorization: true}"),
    "text without quotes": ("edgecore", "1.23", "modules: {edgeHub: {token: 1}}"),
    "key given twice": ("edgecore", "1.23", "modules: {}\nmodules: {}"),
    "nothing": ("edgecore", "1.23", "# nothing\n"),
    "a second document": ("edgecore", "1.23", "{}\n---\n{}"),
    "url while nothing listens": (
        "edgecore",
        "1.23",
        SERVER.replace("true", "false") % "https://127.0.0.1:10550",
    ),
    "port alone": ("edgecore", "1.23", SERVER % '":10550"'),
    "url that mutes the endpoint only": ("edgecore", "1.16", SERVER % "https://127.0.0.1:10550"),
    "module that is off": ("edgemesh-agent", "1.17", "modules: {edgeTunnel: {transport: quic}}"),
}


@pytest.mark.parametrize(("component", "minor", "text"), HARMLESS.values(), ids=HARMLESS)
def test_a_config_that_its_program_runs_with(component: str, minor: str, text: str) -> None:
    assert reasons(component, Release.parse(project_of(component), minor), text) == {}


def test_a_release_that_does_not_know_a_gate() -> None:
    old, new = (
        holder("edgecore", minor, "featureGates: {ProcessStatusSync: true}") for minor in ("1.11", "1.12")
    )
    assert [line for line in says(compared([old], [new])) if line.startswith("fatal: ")]


def test_what_cannot_be_read_is_not_judged_by_the_defaults() -> None:
    on = "featureGates: {requireAuthorization: true}\nmodules: {metaManager: {metaServer: {enable: true}}}\n"
    names = [line.split(":")[0] for line in impacts("edgecore", "1.23", on, "modules: [")]
    assert names == ["fatal"]


@pytest.mark.parametrize("component", COMPONENTS)
def test_the_defaults_end_no_program(component: str) -> None:
    for minor in minors(project_of(component)):
        assert reasons(component, Release.parse(project_of(component), minor), "{}") == {}
