"""Every boolean set to false and every integer set to 0 is rendered as such."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from generator import paths
from generator.components import COMPONENTS, EDGEMESH, KUBEEDGE, project_of
from generator.upstream import Field, Release, config_fields
from tests.charts.conftest import Render
from tests.charts.objects import config

CHART_OF = {
    "cloudcore": ("cloudcore", "cloudCore", "cloudcore", {}),
    "edgecore": ("edgecore", "edgeCore", "edgecore", {}),
    "edgemesh-agent": ("edgemesh", "agent", "edgemesh-agent-cfg", {}),
    "edgemesh-gateway": ("edgemesh", "gateway", "edgemesh-gateway-cfg", {"gateway": {"enable": True}}),
}
NEWEST = {KUBEEDGE: "1.23", EDGEMESH: "1.17"}
# A rule rejects these; see test_bad_input.py.
REFUSED = (
    "modules.cloudHub.websocket.port",
    "modules.cloudHub.quic.port",
    "modules.cloudHub.https.port",
    "modules.cloudStream.streamPort",
    "modules.cloudStream.tunnelPort",
    "modules.router.port",
    "modules.cloudHub.tokenRefreshDuration",
    "modules.edgeController.nodeUpdateFrequency",
    "modules.edgeHub.websocket.enable",
    "modules.iptablesManager.enable",
    "modules.edgeDNS.kubeAPIConfig",
    "modules.edged.tailoredKubeletConfig.imageGCHighThresholdPercent",
)
# Other values that a rule needs together with a falsy value.
BESIDE: dict[str, dict[str, Any]] = {
    "modules.edged.tailoredKubeletConfig.cgroupsPerQOS": {
        "modules.edged.tailoredKubeletConfig.enforceNodeAllocatable": []
    },
}


def falsy_fields(component: str) -> Iterator[tuple[str, Any]]:
    """Yield (path, falsy value) of every boolean and number outside lists and maps."""
    release = Release.parse(project_of(component), NEWEST[project_of(component)])
    tree = config_fields(component, release)
    for path, field in tree.walk():
        if "[]" not in path and ".*" not in path and not path.startswith(REFUSED):
            yield from _falsy(path, field)


def _falsy(path: str, field: Field) -> Iterator[tuple[str, Any]]:
    if field.type == "boolean":
        yield path, False
    elif field.type in ("integer", "number"):
        yield path, 0


CASES = [(component, path, value) for component in COMPONENTS for path, value in falsy_fields(component)]


@pytest.mark.long
@pytest.mark.parametrize(("component", "path", "value"), CASES, ids=[f"{c}-{p}" for c, p, _ in CASES])
def test_false_and_0_are_rendered(component: str, path: str, value: Any, render: Render) -> None:
    chart, prefix, name, more = CHART_OF[component]
    values: dict[str, Any] = {key: dict(part) for key, part in more.items()}
    for key, given in {path: value, **BESIDE.get(path, {})}.items():
        paths.put(values, f"{prefix}.{key}", given)
    rendered = config(render(chart, values), name, f"{component}.yaml")
    found = paths.first(rendered, path)
    assert found == value
    assert type(found) is type(value)
