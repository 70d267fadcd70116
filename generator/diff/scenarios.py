"""Every profile with every example, now and as of a commit: what a change of the repository does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from generator import share
from generator.diff.causes import explain
from generator.diff.impact import impact
from generator.diff.objects import Object
from generator.diff.recipes import CHARTS_FOLDER, Recipe, as_of
from generator.diff.report import Difference, Report, report
from generator.diff.sources import Source, rendered
from generator.errors import HelmError, InvalidInput, Problem
from generator.git import Repository
from generator.model.profiles import PROFILES

EXAMPLES = "values/examples"


@dataclass(frozen=True)
class _Scenario:
    """One site in one profile: the number of its example among the files, None for the defaults."""

    name: str
    example: int | None
    profile: str


def compare_base(base: str, recipe: Recipe) -> Report:
    """Compare all charts × profiles × examples of the working tree with a commit, `git:REF`.

    Equal differences are told once, with the scenarios that have them. Raises GitError and InvalidInput.
    """
    if not base.startswith("git:") or base == "git:":
        raise InvalidInput([Problem("--base", base, "must be git:REF", "for example git:main")])
    repository = Repository(Path.cwd())
    charts = repository.top / CHARTS_FOLDER
    examples = sorted(str(path) for path in (repository.top / EXAMPLES).glob("*.yaml"))
    now = replace(
        recipe,
        label="working tree",
        folder=charts if (charts / "cloudcore").is_dir() else share.CHARTS,
        files=(*recipe.files, *examples),
        checked=False,
    )
    scenarios = list(_scenarios(examples))
    found = Report(base, now.label, scenarios=tuple(one.name for one in scenarios))
    merged: dict[str, Difference] = {}
    with as_of(base[4:], now, repository) as then:
        for one in scenarios:
            old, new = (_narrowed(side, one, len(recipe.files)) for side in (then, now))
            for difference in _differences(one, old, new, found):
                key = repr(
                    (difference.object.identity, difference.status, difference.changes, difference.impacts)
                )
                known = merged.setdefault(key, difference)
                merged[key] = replace(known, scenarios=(*known.scenarios, one.name))
    found.differences = list(merged.values())
    return found


def _scenarios(examples: list[str]) -> Iterator[_Scenario]:
    for profile in PROFILES:
        yield _Scenario(f"defaults, {profile}", None, profile)
        for number, example in enumerate(examples):
            yield _Scenario(f"{Path(example).stem}, {profile}", number, profile)


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
    one = report(before, after)
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
    data = {"apiVersion": "v1", "kind": "Site", "metadata": {"name": scenario.name}}
    site = Object(data)
    if after:
        yield Difference(
            "deleted", site, None, impacts=(impact("refused", site, f"is refused now: {after}"),)
        )
    else:
        yield Difference("added", None, site)
