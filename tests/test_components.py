"""The table of programs agrees with the rest of the project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator import locations, paths
from generator.components import CHARTS, COMPONENTS, Component, component_of, of_chart
from generator.model.site import CHART_KEYS, Site
from generator.model.tree import walk
from generator.upstream import Release, config_fields
from generator.upstream.releases import minors, table

ROWS = pytest.mark.parametrize("row", COMPONENTS.values(), ids=lambda row: row.name)
PACKAGE = Path(locations.__file__).parent


@ROWS
def test_kind_and_api_group_are_those_of_the_newest_release(row: Component) -> None:
    newest = table(row.name)["versions"][-1]
    assert (newest["kind"], newest["apiVersion"].partition("/")[0]) == (row.kind, row.api_group)


@ROWS
def test_modules_and_the_tls_switch_are_fields_of_a_release(row: Component) -> None:
    trees = [config_fields(row.name, Release.parse(row.project, minor)) for minor in minors(row.project)]
    for key in (row.tls, *(f"modules.{name}" for name in row.modules)):
        # A feature gate is an entry of a map.
        parent = key.rpartition(".")[0] if key.startswith("featureGates.") else key
        assert any(tree.below(parent) is not None for tree in trees), key


@ROWS
def test_paths_in_the_table_are_keys_of_the_model(row: Component) -> None:
    known = {key.path for key in walk(Site)} | set(Site.model_fields)
    for place in row.places:
        assert ".".join(part for part in place if part != "*") in known
    assert row.section in CHART_KEYS[row.chart]


@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_has_a_folder_and_programs(chart: str) -> None:
    assert (locations.CHARTS / chart / "Chart.yaml").is_file()
    assert of_chart(chart)


@ROWS
def test_a_config_is_recognised_by_its_name(row: Component) -> None:
    assert component_of(row.file) == row.name
    assert component_of(f"line-a.{row.file}") == row.name
    assert component_of(f"x{row.file}") is None


def test_no_module_detects_programs_by_a_name_prefix() -> None:
    guesses = re.compile(r"startswith\(\(?[\"'](edgemesh|cloudcore|edgecore)\b")
    found = [
        path.name
        for path in sorted(PACKAGE.rglob("*.py"))
        if guesses.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_each_section_is_listed_once() -> None:
    assert len({row.section for row in COMPONENTS.values()}) == len(COMPONENTS)
    assert paths.at({"agent": {"cloudNodes": 1}}, COMPONENTS["edgemesh-agent"].places[1]) == 1
