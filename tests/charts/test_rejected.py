"""Each chart rejects invalid values itself, with every Helm release and without the generator."""

from __future__ import annotations

from typing import Any

import pytest

from generator import paths
from generator.components import CHARTS
from generator.errors import HelmError
from generator.model.site import CHART_KEYS, Site
from generator.model.tree import walk
from tests.bad_input import ROWS, Bad
from tests.charts.conftest import Render

ALONE = [row for row in ROWS if row.charts]
ACROSS = [row for row in ROWS if not row.charts]


@pytest.mark.parametrize("bad", ALONE, ids=lambda bad: bad.id)
def test_every_chart_that_sees_a_fault_rejects_it(render: Render, bad: Bad) -> None:
    for chart in bad.charts:
        with pytest.raises(HelmError) as caught:
            render(chart, bad.values())
        assert bad.names in str(caught.value)


# The embedded Helm is a Helm 4; the binary of Helm 4 is used where the schema rejects values, because the
# messages differ.
BINARIES = [(row, "helm-3.10") for row in ALONE] + [(row, "helm-4.3") for row in ALONE if not row.rule]


@pytest.mark.parametrize(("bad", "engine"), BINARIES, ids=lambda value: getattr(value, "id", value))
def test_the_binaries_reject_it_too(render: Render, bad: Bad, engine: str) -> None:
    with pytest.raises(HelmError) as caught:
        render(bad.charts[0], bad.values(), engine=engine)
    assert bad.names in str(caught.value)


@pytest.mark.long
@pytest.mark.parametrize("bad", ALONE, ids=lambda bad: bad.id)
def test_other_charts_accept_it(render: Render, bad: Bad) -> None:
    for chart in {*CHARTS} - {*bad.charts}:
        render(chart, bad.values())


@pytest.mark.parametrize("bad", ACROSS, ids=lambda bad: bad.id)
def test_no_chart_alone_finds_a_fault_across_charts(render: Render, bad: Bad) -> None:
    for chart in CHARTS:
        render(chart, bad.values())


def values_with(key: str, value: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    paths.put(values, key, value)
    return values


CHART_OF = {key: chart for chart, names in CHART_KEYS.items() for key in names}
SECTIONS = [key.path for key in walk(Site) if key.open and key.path.split(".")[0] in CHART_OF]
SWITCHES = [f"{key}.enable" for key in SECTIONS if key.endswith((".edgeTunnel", ".cloudStream", ".quic"))]


@pytest.mark.parametrize("value", ["text", False, 1, [], ["text"]], ids=str)
@pytest.mark.parametrize("key", SECTIONS)
def test_a_section_of_a_config_is_a_map(render: Render, key: str, value: Any) -> None:
    with pytest.raises(HelmError) as caught:
        render(CHART_OF[key.split(".")[0]], values_with(key, value))
    assert key in str(caught.value).replace("'/", "").replace("/", ".")
    assert "error calling" not in str(caught.value)


@pytest.mark.parametrize("value", [{}, {"x": {}}, [], "text", 1], ids=str)
@pytest.mark.parametrize("key", SWITCHES)
def test_a_switch_is_a_boolean(render: Render, key: str, value: Any) -> None:
    with pytest.raises(HelmError, match=f"{key}: must be of type boolean"):
        render(CHART_OF[key.split(".")[0]], values_with(key, value))


@pytest.mark.parametrize("value", [2**53 + 2, 1e300, -(2**60)], ids=str)
def test_an_integer_that_json_would_change_is_rejected(render: Render, value: float) -> None:
    key = "agent.modules.edgeTunnel.heartbeatPeriod"
    with pytest.raises(HelmError, match=f"{key}: must be of type integer"):
        render("edgemesh", values_with(key, value))


@pytest.mark.parametrize("value", ["abc", "-1", "1e3", " 30000"])
def test_a_node_port_in_quotes_has_only_digits(render: Render, value: str) -> None:
    with pytest.raises(HelmError, match="cloudhubNodePort"):
        render("cloudcore", values_with("cloudCore.service.cloudhubNodePort", value))


@pytest.mark.parametrize("key", ["agent.tolerations", "images.pullSecrets", "cloudCore.image.pullSecrets"])
def test_a_list_with_null_is_rejected(render: Render, key: str) -> None:
    chart = CHART_OF.get(key.split(".")[0], "edgecore")
    with pytest.raises(HelmError, match="specifications"):
        render(chart, values_with(key, [None]))


def test_a_key_that_the_release_never_uses_is_rejected(render: Render) -> None:
    taints = [{"key": "edge", "effect": "NoSchedule"}]
    values = values_with("edgeCore.modules.edged.registerWithTaints", taints)
    fix = r"\(move it to modules\.edged\.tailoredKubeletConfig\.registerWithTaints\) \[unused-key\]"
    with pytest.raises(HelmError, match=rf"edged\.registerWithTaints: .* never uses it {fix}"):
        render("edgecore", {**values, "kubeedgeVersion": "1.16"})
