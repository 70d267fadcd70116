"""The rules for many sets of values: the same matches as for each set alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from generator import paths
from generator.check.config_sets import defaults_of, key_filter
from generator.components import EDGEMESH, KUBEEDGE
from generator.merge import merge
from generator.model import rules
from generator.model.rules_again import RulesAgain
from generator.upstream.releases import default_release

RELEASES = default_release(KUBEEDGE), default_release(EDGEMESH)
CHARTS, KINDS = ("edgecore",), frozenset({"edgecore"})
DEFAULTS = {"edgeCore": defaults_of("edgecore", RELEASES[0])}
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
