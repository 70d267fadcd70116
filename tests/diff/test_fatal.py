"""Configs that stop their program from running: diff always reports a separate impact for them."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components import COMPONENTS, project_of
from generator.diff.fatal import reasons
from generator.diff.report import DiffReport
from generator.upstream import Release
from generator.upstream.releases import minors
from tests.diff.sides import changes, compared, says
from tests.diff.test_configs import holder

Data = dict[str, Any]
SERVER = "modules: {metaManager: {metaServer: {enable: true, server: %s}}}"
# Component, minor, text before and after, the key of the finding.
FATAL = {
    "null section": (
        "edgecore", "1.23", 'modules: {edged: {nodeIP: ""}}', "modules: {edged: }",
        "modules.edged",
    ),
    "null section in other letters": (
        "edgecore", "1.23", "{}", "Modules: {edgeHub: {WebSocket: }}",
        "Modules.edgeHub.WebSocket",
    ),
    "null section of the agent": (
        "edgemesh-agent", "1.17", "modules: {edgeDNS: {enable: true}}", "modules: {edgeDNS: }",
        "modules.edgeDNS",
    ),
    "unknown gate": (
        "edgecore", "1.23", "{}", "featureGates: {RequireAuthorisation: true}",
        "featureGates.RequireAuthorisation",
    ),
    "gate of a later release": (
        "edgecore", "1.11", "{}", "featureGates: {requireAuthorization: true}",
        "featureGates.requireAuthorization",
    ),
    "switch in quotes": (
        "cloudcore", "1.23", "modules: {dynamicController: {enable: true}}",
        'modules: {dynamicController: {enable: "true"}}',
        "modules.dynamicController.enable",
    ),
    "number for a list": (
        "edgecore", "1.23", "{}", "modules: {edged: {tailoredKubeletConfig: {clusterDNS: 1}}}",
        "modules.edged.tailoredKubeletConfig.clusterDNS",
    ),
    "duration without a unit": (
        "edgecore", "1.23", "{}", "modules: {edged: {tailoredKubeletConfig: {syncFrequency: 10}}}",
        "modules.edged.tailoredKubeletConfig.syncFrequency",
    ),
    "no yaml": ("cloudcore", "1.23", "modules: {}", "modules: {", ""),
    "no map": ("cloudcore", "1.23", "modules: {}", "[modules]", ""),
    "mode of iptables": (
        "cloudcore", "1.23", "{}", "modules: {iptablesManager: {mode: none}}",
        "modules.iptablesManager.mode",
    ),
    "url of the endpoint": (
        "edgecore", "1.23", SERVER % "127.0.0.1:10550", SERVER % "https://127.0.0.1:10550",
        "modules.metaManager.metaServer.server",
    ),
    "address without a port": (
        "edgecore", "1.23", SERVER % "127.0.0.1:10550", SERVER % "127.0.0.1",
        "modules.metaManager.metaServer.server",
    ),
    "wrong type in other letters": (
        "cloudcore", "1.23", "{}", 'modules: {dynamiccontroller: {Enable: "true"}}',
        "modules.dynamiccontroller.Enable",
    ),
    "both hubs": (
        "edgecore", "1.23", "{}", "modules: {edgeHub: {quic: {enable: true}}}",
        "modules.edgeHub.quic.enable",
    ),
    "quic with a key": (
        "edgemesh-agent", "1.17", "{}", "modules: {edgeTunnel: {enable: true, transport: quic}}",
        "modules.edgeTunnel.transport",
    ),
    "bridge": (
        "edgemesh-agent", "1.17", "{}", "commonConfig: {bridgeDeviceIP: nonsense}",
        "commonConfig.bridgeDeviceIP",
    ),
}  # fmt: skip


def impacts(component: str, minor: str, before: str, after: str) -> list[str]:
    """Return the impacts of a changed config, without its object."""
    found = compared([holder(component, minor, before)], [holder(component, minor, after)])
    return [line.replace(f": ConfigMap kubeedge/{component}: ", ": ", 1) for line in says(found)]


def fatal(found: DiffReport) -> list[str]:
    """Return the keys that stop the program from running, "" for the whole file."""
    return [one.message.get("key", "") for one, _ in found.impacts if one.code == "fatal"]


@pytest.mark.parametrize(("component", "minor", "before", "after", "expected"), FATAL.values(), ids=FATAL)
def test_a_config_that_stops_its_program_is_fatal(
    component: str, minor: str, before: str, after: str, expected: str
) -> None:
    old, new = (holder(component, minor, text) for text in (before, after))
    found = compared([old], [new])
    assert fatal(found) == [expected]
    assert {one.level for one, _ in found.impacts if one.code == "fatal"} == {"error"}
    (line,) = [one for one in says(found) if one.startswith("fatal: ")]
    assert f": {component} cannot run with {component}.yaml: " in line
    # The change affects behaviour, also in the other direction, which corrects the fault.
    assert all(change.behaviour for change in changes(found))
    back = compared([new], [old])
    assert fatal(back) == []
    assert all(change.behaviour for change in changes(back))
    # A fault that existed before is not reported; a fault of a new object is.
    assert fatal(compared([new], [holder(component, minor, f"{after} # x")])) == []
    assert fatal(compared([], [new])) == [expected]


def test_a_fatal_impact_has_the_fix_of_the_finding() -> None:
    old, new = (holder("edgecore", "1.23", f"modules: {{edged: {text}}}") for text in ("{a: b}", ""))
    assert says(compared([old], [new]))[0] == (
        "fatal: ConfigMap kubeedge/edgecore: edgecore cannot run with edgecore.yaml: modules.edged:"
        " the program crashes on an empty section (remove the key, or give it a value)"
    )


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
def test_a_config_that_its_program_accepts_is_not_fatal(component: str, minor: str, text: str) -> None:
    assert reasons(component, Release.parse(project_of(component), minor), text) == {}


def test_a_gate_unknown_to_the_new_release_is_fatal() -> None:
    old, new = (
        holder("edgecore", minor, "featureGates: {ProcessStatusSync: true}") for minor in ("1.11", "1.12")
    )
    assert [line for line in says(compared([old], [new])) if line.startswith("fatal: ")]


def test_an_unreadable_config_is_not_compared_with_the_defaults() -> None:
    on = "featureGates: {requireAuthorization: true}\nmodules: {metaManager: {metaServer: {enable: true}}}\n"
    names = [line.split(":")[0] for line in impacts("edgecore", "1.23", on, "modules: [")]
    assert names == ["fatal"]


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_program_runs_with_the_defaults(component: str) -> None:
    for minor in minors(project_of(component)):
        assert reasons(component, Release.parse(project_of(component), minor), "{}") == {}
