"""What differs between maps, and sharing of what is the same."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator import paths
from generator.merge import differing, share

VALUES = st.recursive(
    st.sampled_from([None, True, 1, 1.0, "a", ""]),
    lambda inside: st.one_of(
        st.lists(inside, max_size=2), st.dictionaries(st.sampled_from("abc"), inside, max_size=3)
    ),
    max_leaves=6,
)
MAPS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


@given(MAPS, MAPS)
def test_what_is_left_out_is_the_same(value: dict[str, Any], other: dict[str, Any]) -> None:
    kept = dict(paths.leaves(differing(value, other)))
    for path, leaf in paths.leaves(value):
        if path in kept:
            assert repr(kept[path]) == repr(leaf)
        else:
            assert repr(paths.at(other, path)) == repr(leaf)


def test_true_and_numbers_are_not_the_same() -> None:
    assert differing({"a": {"b": True}}, {"a": {"b": 1}}) == {"a": {"b": True}}
    assert differing({"a": {"b": [1]}}, {"a": {"b": [1.0]}}) == {"a": {"b": [1]}}
    assert differing({"a": {"b": 1}}, {"a": {"b": 1}}) == {}


@given(MAPS, MAPS)
def test_shared_maps_have_the_same_values(value: dict[str, Any], other: dict[str, Any]) -> None:
    before, others = copy.deepcopy(value), repr(other)
    share(value, other)
    assert (repr(value), repr(other)) == (repr(before), others)


def test_equal_maps_are_shared() -> None:
    value, other = {"a": {"b": {"c": 1}}, "d": {"e": 2}}, {"a": {"b": {"c": 1}}, "d": {"e": 3}}
    share(value, other)
    assert value["a"] is other["a"]
    assert value["d"] is not other["d"]
