"""Find the values that caused a change: revert each value; what then disappears is attributed to it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.diff.content import Side
from generator.diff.recipes import Recipe
from generator.diff.renderings import complete_values, layers_of, render, values_of
from generator.diff.report import Comparison, Difference, DiffReport, Key, differences, report_of, signature
from generator.errors import GeneratorError, one_line
from generator.kube.compare import NOTHING, path_text
from generator.paths import Path

# If more values differ, the values of a section are reverted together.
MOST = 24
CHARTS = "the charts"


@dataclass(frozen=True)
class _Unit:
    """A difference between two recipes that can be reverted: values, or the charts."""

    name: str
    path: Path = ()


def explained(compared: Comparison) -> DiffReport:
    """Report a comparison with the values that caused each difference, if both sides were rendered."""
    before, after = compared.before, compared.after
    if before.recipe is None or after.recipe is None or not compared.differences:
        return report_of(compared)
    units = _units(before.recipe, after.recipe)
    if len(units) <= 1:
        # Nothing else can be the cause.
        causes = dict.fromkeys(signature(compared.differences), tuple(unit.name for unit in units))
    else:
        causes = _causes(units, compared)
    wheres = _wheres(after.recipe)
    found = tuple(_explained(difference, causes, wheres) for difference in compared.differences)
    return report_of(replace(compared, differences=found))


def _wheres(recipe: Recipe) -> Mapping[str, str]:
    """Map each value that a file of the user sets, and each section, to its file and line."""
    found: dict[str, str] = {}
    for path, origin in layers_of(recipe).origins.items():
        for depth in range(len(path), 0, -1) if origin.line else ():
            found.setdefault(path_text(path[:depth]), one_line(origin.where))
    return found


def _causes(units: list[_Unit], compared: Comparison) -> dict[Key, tuple[str, ...]]:
    full = signature(compared.differences)
    found: dict[Key, list[str]] = {key: [] for key in full}
    for unit in units:
        for key in _caused_by(unit, full, compared):
            found[key].append(unit.name)
    for section in _sections(units):
        unknown = {key for key, names in found.items() if not names}
        if not unknown:
            break
        for key in unknown.intersection(_caused_by(section, full, compared)):
            found[key].append(section.name)
    _together(found, units)
    return {key: tuple(names) for key, names in found.items()}


def _sections(units: list[_Unit]) -> list[_Unit]:
    """Return the sections that contain several units, innermost first."""
    below: dict[Path, list[Path]] = {}
    for unit in units:
        for depth in range(1, len(unit.path)):
            below.setdefault(unit.path[:depth], []).append(unit.path)
    # Of two sections with the same units the inner one.
    nearest = {tuple(held): path for path, held in sorted(below.items(), key=_depth) if len(held) > 1}
    return [_Unit(path_text(path), path) for path in sorted(nearest.values(), key=len, reverse=True)]


def _depth(entry: tuple[Path, list[Path]]) -> int:
    return len(entry[0])


def _caused_by(unit: _Unit, full: Mapping[Key, str], compared: Comparison) -> Iterator[Key]:
    """Yield the changes that differ without a unit."""
    old, new = compared.before.recipe, compared.after.recipe
    assert old is not None
    assert new is not None
    recipe, values, complete = replace(new, folder=old.folder), values_of(new), complete_values(new)
    if unit.path:
        recipe, values, complete = new, _reverted(unit, values_of(old), values_of(new)), None
    try:
        objects = render(recipe, values, complete)
    except GeneratorError:
        # The values contradict each other without it, so its effect alone is unknown.
        return
    before, versions = compared.before.objects, compared.versions
    rest = signature(differences(Side(before, versions), Side(objects, versions)))
    yield from (key for key, after in full.items() if rest.get(key) != after)


def _together(found: dict[Key, list[str]], units: list[_Unit]) -> None:
    """Attribute changes that no value undoes alone to all values, if there are at most three."""
    for key, names in found.items():
        if not names and len(units) <= 3:
            found[key] = [unit.name for unit in units]


def _units(before: Recipe, after: Recipe) -> list[_Unit]:
    changed = list(_differing(values_of(before), values_of(after)))
    charts = [] if before.folder == after.folder else [_Unit(CHARTS)]
    for depth in (100, 3, 2, 1):
        paths = dict.fromkeys(path[:depth] for path in changed)
        if len(paths) <= MOST:
            break
    return [*charts, *(_Unit(path_text(path), path) for path in paths)]


def _reverted(unit: _Unit, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the values in which those of a unit are as before."""
    copied = copy.deepcopy(after)
    _revert(copied, before, unit.path)
    return copied


def _revert(here: dict[Any, Any], before: Any, path: Path) -> None:
    """Set the value at a path to the old one; also remove maps left empty."""
    name, rest = path[0], path[1:]
    was = before[name] if isinstance(before, dict) and name in before else NOTHING
    if not rest and was is not NOTHING:
        here[name] = was
        return
    if rest:
        if not isinstance(here.get(name), dict):
            here[name] = {}
        _revert(here[name], was, rest)
    if was is NOTHING and (not rest or not here[name]):
        del here[name]


def _differing(left: Any, right: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths where two maps of values differ; a list counts as one value."""
    sides = [value for value in (left, right) if value is not NOTHING]
    if any(sides) and all(isinstance(value, dict) for value in sides):
        for name in dict.fromkeys(name for value in sides for name in value):
            old, new = (NOTHING if value is NOTHING else value.get(name, NOTHING) for value in (left, right))
            yield from _differing(old, new, (*path, name))
    elif left != right or type(left) is not type(right):
        yield path


def _explained(
    difference: Difference, causes: Mapping[Key, tuple[str, ...]], wheres: Mapping[str, str]
) -> Difference:
    identity = difference.object.identity
    own = causes.get((identity, ""), ())
    changes = tuple(
        replace(change, causes=causes.get((identity, change.place), own)) for change in difference.changes
    )
    by_place = {change.place: change.causes for change in changes}
    impacts = []
    for one in difference.impacts:
        # An impact that belongs to no change has its own causes.
        own_causes = () if one.places else causes.get((identity, one.message), ())
        places = one.places or by_place
        named = own_causes or [cause for place in places for cause in by_place.get(place, ())]
        found = tuple(dict.fromkeys(named)) or own
        where = next((wheres[cause] for cause in found if cause in wheres), "")
        impacts.append(replace(one, causes=found, where=where))
    return replace(difference, changes=changes, impacts=tuple(impacts), causes=own)
