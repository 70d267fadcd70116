"""Every profile with every example, now and as of a commit: what a change of the repository does."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from generator import share
from generator.diff.causes import explain
from generator.diff.impact import impact
from generator.diff.objects import Object
from generator.diff.recipes import CHARTS_FOLDER, Recipe, as_of
from generator.diff.report import Difference, Report, report
from generator.diff.sources import Source, rendered
from generator.errors import HelmError, InvalidInput
from generator.git import Repository
from generator.model.profiles import PROFILES

EXAMPLES = "values/examples"


@dataclass(frozen=True)
class _Scenario:
    """One site in one profile: the number of its example among the files, None for the defaults."""

    name: str
    example: int | None
    profile: str


def compare_base(
    ref: str, recipe: Recipe, examples: str = EXAMPLES, versions: Mapping[str, str] | None = None
) -> Report:
    """Compare all charts × profiles × examples of the working tree with a commit.

    `examples` is the folder of the sites, below the top of the repository; `versions` as for report().
    Equal differences are told once, with the scenarios that have them; a site that only one side has is told
    as added or deleted. Raises GitError and InvalidInput.
    """
    repository = Repository(Path.cwd())
    top, charts = repository.top, repository.top / CHARTS_FOLDER
    folder = charts if (charts / "cloudcore").is_dir() else share.CHARTS
    now = replace(recipe, label="working tree", folder=folder, checked=False)
    here = {path.relative_to(top).as_posix() for path in (top / examples).glob("*.yaml")}
    there = set(repository.files(repository.commit(ref), examples, ".yaml"))
    both = sorted(here & there)
    scenarios = list(_scenarios(both))
    names = tuple(one.name for one in scenarios)
    found = Report(f"git:{ref}", now.label, scenarios=names, versions=dict(versions or {}))
    every = replace(now, files=(*now.files, *(os.path.relpath(top / name) for name in both)))
    with as_of(ref, every, repository) as then:
        found.differences = _merged(
            (one.name, difference)
            for one in scenarios
            for difference in _differences(one, *_sides(one, then, every, len(now.files)), found)
        )
    for name in sorted(here ^ there):
        with_it = replace(now, files=(*now.files, os.path.relpath(top / name)))
        found.differences.append(_new(name, with_it) if name in here else _gone(name))
    return found


def _merged(found: Iterable[tuple[str, Difference]]) -> list[Difference]:
    """Tell equal differences once, with all scenarios that have them."""
    merged: dict[str, Difference] = {}
    for scenario, one in found:
        means = [(each.told, each.causes) for each in one.impacts]
        key = repr((one.object.identity, one.status, one.changes, one.causes, means))
        known = merged.setdefault(key, one)
        merged[key] = replace(known, scenarios=(*known.scenarios, scenario))
    return list(merged.values())


def _gone(name: str) -> Difference:
    return Difference("deleted", _site(name), None)


def _new(name: str, recipe: Recipe) -> Difference:
    """Return a site that the commit does not have; as it is written, in its own profile."""
    _, refused = _rendered(recipe)
    site = _site(name)
    says = [impact("refused", site, f"is refused: {refused}")] if refused else []
    return Difference("added", None, site, impacts=tuple(says))


def _scenarios(examples: list[str]) -> Iterator[_Scenario]:
    for profile in PROFILES:
        yield _Scenario(f"defaults, {profile}", None, profile)
        for number, example in enumerate(examples):
            yield _Scenario(f"{Path(example).stem}, {profile}", number, profile)


def _sides(scenario: _Scenario, then: Recipe, now: Recipe, own: int) -> tuple[Recipe, Recipe]:
    """Return the recipes of one scenario: the `own` first files of the user, and its example."""
    return _narrowed(then, scenario, own), _narrowed(now, scenario, own)


def _narrowed(recipe: Recipe, scenario: _Scenario, own: int) -> Recipe:
    """Return the recipe of one scenario: the user's own files, and its example."""
    files, examples = recipe.files[:own], recipe.files[own:]
    chosen = () if scenario.example is None else (examples[scenario.example],)
    return replace(recipe, files=(*files, *chosen), profile=scenario.profile)


def _differences(scenario: _Scenario, old: Recipe, new: Recipe, found: Report) -> list[Difference]:
    before, refused_before = _rendered(old)
    after, refused_after = _rendered(new)
    if before is None or after is None:
        return list(_refusal(scenario, refused_before, refused_after))
    one = report(before, after, found.versions)
    explain(one, before, after)
    found.unchanged += one.unchanged
    return one.differences


def _rendered(recipe: Recipe) -> tuple[Source | None, str]:
    try:
        return rendered(recipe), ""
    except (InvalidInput, HelmError) as error:
        return None, str(error)


def _refusal(scenario: _Scenario, before: str, after: str) -> Iterator[Difference]:
    """Yield that a scenario is refused now or was before; refused on both sides it does not differ."""
    if bool(before) is bool(after):
        return
    site = _site(scenario.name)
    if after:
        says = f"is refused now: {after}"
        yield Difference("deleted", site, None, impacts=(impact("refused", site, says),))
    else:
        yield Difference("added", None, site)


def _site(name: str) -> Object:
    return Object({"apiVersion": "v1", "kind": "Site", "metadata": {"name": name}}, name, 1, 1)
