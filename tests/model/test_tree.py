"""The model as a tree: it matches values.yaml, the field table and the schemas of the charts."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from pydantic import BaseModel

from generator import go_yaml, locations
from generator.components import CHARTS, project_of
from generator.model.common import ConfigSection
from generator.model.site import CHART_KEYS, SHARED_KEYS, Site
from generator.model.tree import Key, defaults, keys, walk
from generator.upstream import Field, Release, config_fields
from generator.upstream.releases import minors
from tests.model.places import COMPONENTS, field_of

BASE = defaults(Site)
KEYS = list(walk(Site))


@pytest.mark.parametrize("chart", CHARTS)
def test_values_yaml_has_the_defaults_of_the_model(chart: str) -> None:
    written = go_yaml.load((locations.CHARTS / chart / "values.yaml").read_text("utf-8"))
    own = (*SHARED_KEYS, *CHART_KEYS[chart])
    assert written == {name: BASE[name] for name in own if name in BASE}


def test_a_commented_key_shows_the_default_of_the_program() -> None:
    lines = (locations.CHARTS / "edgemesh" / "values.yaml").read_text("utf-8").splitlines()
    said = [(re.search(r"unset: EdgeMesh: (\d+)[ )]", line), below) for line, below in pairwise(lines)]
    shown = [(found[1], below.split(": ")[1]) for found, below in said if found]
    assert len(shown) > 20
    assert [number for number, _ in shown] == [number for _, number in shown]


def test_every_top_level_key_belongs_to_a_chart() -> None:
    owned = {*SHARED_KEYS, *(name for names in CHART_KEYS.values() for name in names)}
    assert owned == set(Site.model_fields)


def test_defaults_validate() -> None:
    Site.model_validate(BASE)


def test_defaults_contain_no_null_and_are_a_copy() -> None:
    before = go_yaml.dump(BASE)
    assert "null" not in before
    again = defaults(Site)
    again["cloudCore"]["resources"]["limits"]["cpu"] = "changed"
    again["mosquitto"]["tolerations"][0]["key"] = "changed"
    assert go_yaml.dump(defaults(Site)) == before


def test_every_key_has_a_description() -> None:
    for key in KEYS:
        assert key.text, key.path
        assert not key.text.endswith("."), key.path
        assert "\n" not in key.text, key.path
        if key.default is None and key.section is None:
            assert key.unset, f"{key.path} does not describe its value if unset"


def test_every_optional_key_without_section_is_absent_from_values() -> None:
    unset = [key.path for key in KEYS if key.default is None and not key.section]
    assert unset
    for path in unset:
        *above, last = path.split(".")
        here: Any = BASE
        for part in above:
            here = here.get(part, {})
        assert last not in here


# --- the model against the field table -----------------------------------------------------

TYPES = {bool: {"boolean"}, int: {"integer"}, str: {"string", "duration"}, list: {"array"}, dict: {"object"}}


def kinds(annotation: Any) -> set[str]:
    """Return the types of the field table that an annotation allows."""
    parts = typing.get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)
    plain = [typing.get_origin(part) or part for part in parts if part is not type(None)]
    return {name for part in plain for name in TYPES.get(part, {"number"})}


def config_keys(model: type[BaseModel], prefix: str = "", inside: bool = False) -> Iterator[tuple[Key, Any]]:
    """Yield the documented keys that are fields of a config file, with their annotation."""
    for key in keys(model, prefix):
        section = key.section
        if inside:
            yield key, model.model_fields[key.name].annotation
        if section:
            yield from config_keys(section, key.path, inside or issubclass(section, ConfigSection))


DOCUMENTED = [
    (key, annotation) for key, annotation in config_keys(Site) if key.path.split(".")[0] in COMPONENTS
]


def fields_of(path: str) -> list[Field]:
    """Return the rows of a key in every known release that reads it."""
    component, rest = field_of(path)
    program = project_of(component)
    rows = [config_fields(component, Release.parse(program, minor)).below(rest) for minor in minors(program)]
    return [row for row in rows if row is not None]


@pytest.mark.parametrize(("key", "annotation"), DOCUMENTED, ids=lambda value: getattr(value, "path", ""))
def test_a_documented_field_is_read_by_some_release_with_that_type(key: Key, annotation: Any) -> None:
    rows = fields_of(key.path)
    assert rows, f"{key.path} is in no field table"
    if key.section:
        assert {row.type for row in rows} == {"object"}
        return
    assert {row.type for row in rows} <= kinds(annotation)


@pytest.mark.parametrize("component", ["cloudcore", "edgecore", "edgemesh-agent", "edgemesh-gateway"])
def test_every_top_level_field_can_be_written(component: str) -> None:
    """The schemas of the charts allow only keys of the model at the top level."""
    program = project_of(component)
    top = next(name for name, known in COMPONENTS.items() if known == component)
    section = Site.model_fields[top].annotation
    assert isinstance(section, type)
    assert issubclass(section, BaseModel)
    for minor in minors(program):
        tree = config_fields(component, Release.parse(program, minor))
        assert set(tree.fields) - {"apiVersion", "kind"} <= set(section.model_fields)
