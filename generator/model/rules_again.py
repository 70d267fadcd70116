"""Evaluates the rules for many sets of values that are mostly the same, those of nodes or of sites."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from threading import Lock
from typing import Any

from generator import paths
from generator.merge import identical
from generator.model import rules
from generator.model.conditions import Sees
from generator.upstream import Release

_SITES = Lock()
_SEEN: set[tuple[Release, Release, tuple[str, ...]]] = set()


def evaluate(
    values: dict[str, Any], kubeedge: Release, edgemesh: Release, charts: tuple[str, ...]
) -> list[rules.RuleMatch]:
    """Return the rules that hold for the values of a site; most sites of a process have nearly the same.

    The first one is left to rules.evaluate(), because it takes less for one site, and so are sites with
    configs that override keys.
    """
    with _SITES:
        first = (kubeedge, edgemesh, charts) not in _SEEN
        _SEEN.add((kubeedge, edgemesh, charts))
        if not (first or rules.overridden(values)):
            return _of_sites(kubeedge, edgemesh, charts).evaluate(values, values)
    return list(rules.evaluate(values, kubeedge, edgemesh, charts))


class RulesAgain:
    """Evaluates the rules for one set of values after another.

    It evaluates a rule again only if a value that the rule reads is another one than in the set before.
    """

    def __init__(
        self, kubeedge: Release, edgemesh: Release, charts: tuple[str, ...], sees: Sees | None = None
    ) -> None:
        self._rules = rules.visible(kubeedge, edgemesh, charts, sees)
        self._readers = _readers(kubeedge, edgemesh, charts, sees)
        self._found: list[Sequence[rules.RuleMatch]] = []
        # What each place has in the values and in the context.
        self._before: list[tuple[Any, Any]] = []

    def evaluate(self, values: dict[str, Any], context: dict[str, Any]) -> list[rules.RuleMatch]:
        """Return the rules that hold for the config of one node, in the order of rules.evaluate()."""
        now = [(paths.at(values, place), paths.at(context, place)) for place, _ in self._readers]
        again = set(range(len(self._rules)))
        if self._found:
            changed = (
                readers
                for (_, readers), (one, other), (value, beside) in zip(
                    self._readers, self._before, now, strict=True
                )
                if not (identical(one, value) and identical(other, beside))
            )
            again = set(chain.from_iterable(changed))
        else:
            self._found = [()] * len(self._rules)
        for number in again:
            kind, rule = self._rules[number]
            self._found[number] = list(rules.matches(rule, values, kind == "warnings", (), context))
        self._before = now
        return list(chain.from_iterable(self._found))


@lru_cache(maxsize=8)
def _of_sites(kubeedge: Release, edgemesh: Release, charts: tuple[str, ...]) -> RulesAgain:
    return RulesAgain(kubeedge, edgemesh, charts)


@lru_cache(maxsize=64)
def _readers(
    kubeedge: Release, edgemesh: Release, charts: tuple[str, ...], sees: Sees | None
) -> tuple[tuple[paths.Path, tuple[int, ...]], ...]:
    """Return the places that the rules read, each with the numbers of the rules that read it."""
    found: dict[paths.Path, list[int]] = {}
    for number, (_, rule) in enumerate(rules.visible(kubeedge, edgemesh, charts, sees)):
        for place in rules.read_by(rule):
            found.setdefault(place, []).append(number)
    return tuple((place, tuple(readers)) for place, readers in sorted(found.items()))
