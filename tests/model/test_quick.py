"""The model as a table: it accepts the same values as the classes, and is never older than they are."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from generator import paths, tables
from generator.model import as_table, quick
from generator.model.site import SHARED_KEYS, Site
from generator.model.tree import defaults, walk

pytestmark = pytest.mark.long

KEYS = [key.path for key in walk(Site)]
SINGLE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 70000),
    st.sampled_from((2**63, 2**70, 1.0, 0.5, float("inf"), "", "1", "Always", "mtls", "internal", "\ud800")),
    st.text(max_size=3),
)
VALUES = st.recursive(
    SINGLE,
    lambda inside: st.one_of(
        st.lists(inside, max_size=2),
        st.dictionaries(
            st.sampled_from(("name", "enable", "nodeName", "resources", "x")), inside, max_size=2
        ),
    ),
    max_leaves=4,
)


def accepted(values: dict[str, Any]) -> bool:
    try:
        Site.model_validate(values)
    except ValidationError:
        return False
    return True


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3))
def test_table_and_classes_accept_the_same_values(given_values: dict[str, Any]) -> None:
    values = copy.deepcopy(defaults(Site))
    for key, value in given_values.items():
        paths.put(values, key, value)
    assert quick.fits(values) is accepted(values)


def test_table_and_classes_accept_the_same_types_of_every_key() -> None:
    different = []
    for key in KEYS:
        value: Any
        for value in (None, True, 1, 1.0, "text", "", [], {}, [None], ["a"], [{}], {"x": 1}):
            values: dict[str, Any] = {}
            paths.put(values, key, value)
            if quick.fits(values) is not accepted(values):
                different.append((key, value))
    assert different == []


@pytest.mark.parametrize(
    ("groups", "fine"),
    [
        ({"line-a": {"nodeSelector": {"line": "a"}}}, True),
        ({"line-a": {"nodeSelector": {"line": 1}}}, False),
        ({"line-a": {"unknown": 1}}, False),
        ({"line-a": None}, False),
    ],
)
def test_node_groups(groups: dict[str, Any], fine: bool) -> None:
    values = {"edgeCore": {"nodeGroups": groups}}
    assert quick.fits(values) is accepted(values) is fine


def test_defaults_are_those_of_the_classes_and_a_copy() -> None:
    first = quick.defaults()
    assert first == defaults(Site)
    first["cloudCore"]["resources"]["limits"]["cpu"] = "changed"
    assert quick.defaults() == defaults(Site)


def test_shared_keys_are_those_of_the_classes() -> None:
    assert quick.shared_keys() == set(SHARED_KEYS)


def test_all_keys_are_in_the_order_of_the_classes() -> None:
    assert [*quick.all_keys()] == [(key.path, key.section is not None) for key in walk(Site)]


def test_the_classes_are_used_if_the_table_is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "generated", lambda name: None)
    quick._table.cache_clear()
    try:
        assert quick._table() == as_table.table()
        assert quick.fits({"profile": "mtls"})
        assert not quick.fits({"profile": "no"})
    finally:
        quick._table.cache_clear()


def test_an_unknown_type_or_limit_is_an_error() -> None:
    with pytest.raises(TypeError, match="does not know the type"):
        as_table._type(set[str])
    with pytest.raises(TypeError, match="does not know the limits"):
        as_table._type(int, ["odd"])


def test_every_module_with_classes_is_a_source() -> None:
    folder = Path(quick.__file__).parent
    found = {f"model/{file.name}" for file in folder.glob("*.py") if "(Section)" in file.read_text("utf-8")}
    assert found <= set(as_table.SOURCES)
