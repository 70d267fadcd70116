"""The rules for many sets of values: the same matches as for each set alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from generator import paths
from generator.check.config_sets import defaults_of, key_filter
from generator.components import CHARTS as ALL_CHARTS
from generator.components import EDGEMESH, KUBEEDGE
from generator.merge import merge
from generator.model import quick, rules, rules_again
from generator.model.rules_again import RulesAgain
from generator.model.site import Site
from generator.model.tree import walk
from generator.upstream.releases import default_release

RELEASES = default_release(KUBEEDGE), default_release(EDGEMESH)
CHARTS, KINDS = ("edgecore",), frozenset({"edgecore"})
DEFAULTS = {"edgeCore": defaults_of("edgecore", RELEASES[0])}
# Values of every type, besides null and a text.
VALUES: tuple[Any, ...] = (True, False, 0, 70000, "", "127.0.0.1:10000", ["odd"], {}, [])
SEES = key_filter(KINDS, *RELEASES)


def places() -> list[paths.Path]:
    """Return the places in edgecore.yaml that the rules read and that have a default."""
    read = {place for _, rule in rules.visible(*RELEASES, CHARTS, SEES) for place in rules.read_by(rule)}
    return [place for place in sorted(read) if paths.at(DEFAULTS, place) is not None]


def sets(place: paths.Path) -> Iterator[dict[str, Any]]:
    """Yield sets of values one after the other: nothing, the default as if it were set, something else."""
    default = paths.at(DEFAULTS, place)
    for value in (None, default, not default if isinstance(default, bool) else "odd", default, None):
        values: dict[str, Any] = {} if value is None else {str(place[-1]): value}
        for name in reversed(place[:-1]):
            values = {str(name): values}
        yield values


@pytest.mark.parametrize("place", places(), ids=lambda place: ".".join(map(str, place)))
def test_each_set_has_the_matches_that_it_has_alone(place: paths.Path) -> None:
    again = RulesAgain(*RELEASES, CHARTS, SEES)
    for values in sets(place):
        context = merge(DEFAULTS, values)
        alone = list(rules.evaluate(values, *RELEASES, CHARTS, context=context, sees=SEES))
        assert again.evaluate(values, context) == alone


def test_each_site_has_the_matches_that_it_has_alone() -> None:
    matched = 0
    for number, key in enumerate(key.path for key in walk(Site)):
        for value in (None, "odd", VALUES[number % len(VALUES)]):
            values = quick.defaults()
            paths.put(values, key, value)
            alone = list(rules.evaluate(values, *RELEASES, ALL_CHARTS))
            assert rules_again.evaluate(values, *RELEASES, ALL_CHARTS) == alone, (key, value)
            matched += len(alone)
    assert matched > 1000


def test_a_site_with_node_groups_between_others_changes_nothing() -> None:
    several: list[dict[str, Any]] = [{"a": {}}, {"a": {"modules": {"edgeHub": {"enable": False}}}}]
    for groups in ({}, several[0], {}, several[1], {}):
        values = quick.defaults()
        values["edgeCore"]["nodeGroups"] = groups
        alone = list(rules.evaluate(values, *RELEASES, ALL_CHARTS))
        assert rules_again.evaluate(values, *RELEASES, ALL_CHARTS) == alone
