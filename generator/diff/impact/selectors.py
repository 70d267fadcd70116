"""Label selectors: whether one covers another, and a selector as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.kube.pods import as_list, as_map


@dataclass(frozen=True)
class _Requirement:
    """What a selector requires of one label."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def __str__(self) -> str:
        values = ", ".join(sorted(self.values))
        if self.operator == "In":
            return f"{self.key}={values}" if len(self.values) == 1 else f"{self.key} in {values}"
        return {"NotIn": f"{self.key} not in {values}", "DoesNotExist": f"no {self.key}"}.get(
            self.operator, self.key
        )


def _requirements(selector: dict[str, Any]) -> Iterator[_Requirement]:
    for name, value in as_map(selector.get("matchLabels")).items():
        yield _Requirement(name, "In", frozenset({str(value)}))
    for one in map(as_map, as_list(selector.get("matchExpressions"))):
        values = frozenset(map(str, as_list(one.get("values"))))
        yield _Requirement(str(one.get("key")), str(one.get("operator")), values)


def covers(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether a selector selects every possible object that another one selects."""
    others = list(_requirements(other))
    return all(any(_implies(given, wanted) for given in others) for wanted in _requirements(one))


def _implies(given: _Requirement, wanted: _Requirement) -> bool:
    """Return whether every label that meets one requirement also meets another."""
    if given.key != wanted.key:
        return False
    if wanted.operator == "Exists":
        return given.operator in ("In", "Exists")
    if wanted.operator == "NotIn":
        # A missing label has none of the values.
        other = given.operator == "In" and not given.values & wanted.values
        return (
            other
            or given.operator == "DoesNotExist"
            or (given.operator == "NotIn" and given.values >= wanted.values)
        )
    return given.operator == wanted.operator and given.values <= wanted.values


def selection(what: str, selector: dict[str, Any]) -> str:
    """Write what a selector selects: `all pods`, `pods with app=x and no y`."""
    found = [str(one) for one in _requirements(selector)]
    return f"{what} with {' and '.join(found)}" if found else f"all {what}"
