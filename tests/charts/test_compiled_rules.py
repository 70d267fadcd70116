"""The rules as template code: which rules a chart contains, and what Helm prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from generator import locations
from generator.components import CHARTS, EDGEMESH
from generator.errors import HelmError
from generator.model import rules
from generator.upstream import Field, Release, config_fields
from generator.upstream.releases import minors
from tests.charts.conftest import ENGINES, Render

RULES = "templates/_rules.tpl"


def template(chart: str) -> str:
    """Return the compiled rules of a chart."""
    return (locations.CHARTS / chart / RULES).read_text("utf-8")


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_contains_exactly_the_rules_that_it_can_check(chart: str) -> None:
    expected = {rule["id"] for found in rules.for_chart(chart).values() for rule in found}
    text = template(chart)
    assert set(re.findall(r"^\{\{- /\* ([a-z0-9.-]+) \*/ -\}\}$", text, re.MULTILINE)) == expected
    assert set(re.findall(r'"([a-z0-9.-]+)"\) -\}\}$', text, re.MULTILINE)) >= expected


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_contains_the_field_tables_of_its_own_components(chart: str) -> None:
    folder = locations.CHARTS / chart / "files"
    names = {path.name.rpartition("-")[0] for path in (folder / "fields").iterdir()}
    components = {"cloudcore": {"cloudcore"}, "edgecore": {"edgecore"}}
    assert names == components.get(chart, {"edgemesh-agent", "edgemesh-gateway"})
    assert not (folder / "rules.json").exists()


WRONG: dict[str, Any] = {
    "profile": "mtls",
    "agent": {
        "kubeAPIConfig": {"metaServer": {"security": {"insecureSkipTLSVerify": True}}},
        "modules": {"edgeTunnel": {"transport": "udp", "nope": 1}},
    },
}


@pytest.mark.parametrize("engine", ENGINES)
def test_helm_reports_all_problems_in_one_message(engine: str, render: Render) -> None:
    with pytest.raises(HelmError) as caught:
        render("edgemesh", WRONG, engine=engine)
    first, *lines = str(caught.value).splitlines()
    assert first == "edgemesh: 3 problem(s) in the values of chart edgemesh:"
    assert [line.rpartition(" ")[2] for line in lines] == [
        "[unknown-key]",
        "[skip-verify-against-profile]",
        "[transport]",
    ]
    assert lines[1].startswith("agent.kubeAPIConfig.metaServer.security.insecureSkipTLSVerify: contradicts ")
    assert "(remove this key, or set profile to one-way)" in lines[1]


def fields_of(field: Field, above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the path and type of every field below a field."""
    for name, child in field.fields.items():
        yield f"{above}{name}", child.type
        yield from fields_of(child, f"{above}{name}.")


@pytest.mark.parametrize("minor", minors(EDGEMESH))
def test_agent_and_gateway_have_the_same_fields_in_kube_api_config(minor: str) -> None:
    """The gateway inherits agent.kubeAPIConfig, which the chart checks against the fields of the agent."""
    release = Release.parse(EDGEMESH, minor)
    agent, gateway = (
        dict(fields_of(config_fields(component, release).fields["kubeAPIConfig"]))
        for component in ("edgemesh-agent", "edgemesh-gateway")
    )
    assert agent == gateway
