"""Compare every site of a repository with a commit."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from generator import locations
from generator.catalogue.message import say
from generator.diff.causes import explained
from generator.diff.impact import impact
from generator.diff.recipes import Recipe
from generator.diff.renderings import CHARTS_FOLDER, as_of, begin, rendered
from generator.diff.report import Difference, DiffReport, compare_sides
from generator.diff.shown import Shown
from generator.diff.sites import by_content, in_folder
from generator.diff.sources import SideSource
from generator.errors import CannotCompare, HelmError, InvalidInput, Problem
from generator.io import yaml_reader
from generator.io.files import read_text
from generator.io.git import Repository
from generator.kube.objects import Object
from generator.model.profiles import PROFILES
from generator.progress import Progress, no_progress

# A rendered side, or why the charts reject it.
_Side = tuple[SideSource | None, str]


@dataclass(frozen=True)
class _Scenario:
    """A site, or the defaults, in a profile: `site` is its number among the sites."""

    title: str
    site: int | None
    profile: str | None

    @property
    def name(self) -> str:
        """Return the name of the scenario: `factory, mtls`, or `factory` without a profile."""
        return f"{self.title}, {self.profile}" if self.profile else self.title


def compare_base(
    ref: str,
    recipe: Recipe,
    folder: str | None = None,
    versions: Mapping[str, str] | None = None,
    progress: Progress = no_progress,
) -> DiffReport:
    """Compare every site of the working tree, and the defaults of charts in it, with a commit.

    Sites are found by their content, or are all YAML files in `folder`, below the top of the repository. Each
    is rendered as written; a site without a profile also in every profile. `versions`: see report(). Equal
    differences are reported once, with their scenarios; a site that only one side has is added or deleted.
    Raises GitError, InvalidInput and CannotCompare.
    """
    progress("finding the site files")
    repository = Repository(Path.cwd())
    commit, top = repository.commit(ref), repository.top
    own_charts = (top / CHARTS_FOLDER / "cloudcore").is_dir()
    charts = top / CHARTS_FOLDER if own_charts else locations.CHARTS
    now = replace(recipe, label="working tree", folder=charts, checked=False)
    defaults = list(_defaults(recipe, own_charts))
    # Helm renders these while git lists the sites and exports the commit.
    for scenario in defaults:
        begin(_narrowed(now, scenario, len(now.files)))
    sites = by_content(repository, commit) if folder is None else in_folder(repository, commit, folder)
    both = [name for name in sites.both if not _is_given(top / name, recipe)]
    every = replace(now, files=(*now.files, *(os.path.relpath(top / name) for name in both)))
    found = DiffReport(f"git:{ref}", now.label, versions=dict(versions or {}))
    with as_of(ref, every, repository) as then:
        scenarios = [*defaults, *_scenarios(both, then, every)]
        _compare(scenarios, (then, every), len(now.files), found, progress)
    for number, name in enumerate(sites.one_only, 1):
        progress("rendering new sites", number, len(sites.one_only))
        with_it = replace(now, files=(*now.files, os.path.relpath(top / name)))
        found.differences.append(_new(name, with_it) if name in sites.here else _gone(name))
    if not found.compared:
        raise CannotCompare(_nothing(repository, found))
    return found


def _is_given(path: Path, recipe: Recipe) -> bool:
    """Return whether the user gave a file with -f: it is part of every site, and not a site itself."""
    return any(path.resolve() == Path(file).resolve() for file in recipe.files if file != "-")


def _nothing(repository: Repository, found: DiffReport) -> Iterator[Problem]:
    """Yield why nothing was compared."""
    yield from found.notes
    if not found.notes:
        yield Problem(str(repository.top), "", say("no-site-in-repository"))


# --- what is compared --------------------------------------------------------------------------


def _defaults(recipe: Recipe, own_charts: bool) -> Iterator[_Scenario]:
    """Yield the defaults of the charts, if the repository has charts or the user gave values."""
    if own_charts or recipe.files:
        for profile in [recipe.profile] if recipe.profile else PROFILES:
            yield _Scenario("defaults", None, profile)


def _scenarios(sites: list[str], then: Recipe, now: Recipe) -> Iterator[_Scenario]:
    stems = Counter(Path(name).stem for name in sites)
    for number, name in enumerate(sites):
        title = Path(name).stem if stems[Path(name).stem] == 1 else name
        for profile in _profiles(number - len(sites), then, now):
            yield _Scenario(title, number, profile)


def _profiles(number: int, then: Recipe, now: Recipe) -> Sequence[str | None]:
    """Return the profiles to render a site with; None is the site as written."""
    if now.profile:
        return (now.profile,)
    named = any(_names_profile(recipe.files[number]) for recipe in (then, now))
    return (None,) if named else (None, *PROFILES)


def _names_profile(file: str) -> bool:
    try:
        value = yaml_reader.read(read_text(file), file).value
    except InvalidInput:
        return False
    return isinstance(value, dict) and bool(value.get("profile"))


def _narrowed(recipe: Recipe, scenario: _Scenario, own: int) -> Recipe:
    """Return the recipe of one scenario: the files of the user and the site."""
    files, sites = recipe.files[:own], recipe.files[own:]
    chosen = () if scenario.site is None else (sites[scenario.site],)
    return replace(recipe, files=(*files, *chosen), profile=scenario.profile)


# --- comparing it ------------------------------------------------------------------------------


def _compare(
    scenarios: list[_Scenario],
    recipes: tuple[Recipe, Recipe],
    own: int,
    found: DiffReport,
    progress: Progress,
) -> None:
    """Compare scenarios and add them to a report; `own` is the number of files of the user."""
    differing: list[tuple[str, Difference]] = []
    compared = []
    sides = [[_narrowed(recipe, scenario, own) for recipe in recipes] for scenario in scenarios]
    for recipe in chain.from_iterable(sides[:1]):
        begin(recipe)
    for number, scenario in enumerate(scenarios, 1):
        progress("comparing sites in each profile", number, len(scenarios))
        # Helm renders the next scenario while this one is compared.
        for recipe in chain.from_iterable(sides[number : number + 1]):
            begin(recipe)
        before, after = map(_rendered, sides[number - 1])
        if before[0] is None and after[0] is None:
            message = say("scenario-not-compared", reason=after[1])
            found.notes.append(Problem(scenario.name, "", message))
            continue
        compared.append(scenario)
        differing += [(scenario.name, one) for one in _differences(scenario, before, after, found)]
    found.differences, found.scenarios = _merged(differing), tuple(one.name for one in compared)
    if compared:
        found.notes.insert(0, Problem("", "", say("scenarios-compared", scenarios=_listed(compared))))


def _listed(scenarios: list[_Scenario]) -> str:
    """Write scenarios by their sites: `defaults (plain, mtls); factory (as written)`."""
    profiles: dict[str, list[str]] = {}
    for one in scenarios:
        profiles.setdefault(one.title, []).append(one.profile or "as written")
    return "; ".join(f"{title} ({', '.join(names)})" for title, names in profiles.items())


def _differences(scenario: _Scenario, old: _Side, new: _Side, found: DiffReport) -> list[Difference]:
    (before, _), (after, reason) = old, new
    if after is None:
        site = _site(scenario.name)
        return [
            Difference("deleted", site, None, impacts=(impact(say("refused", "now", reason=reason), site),))
        ]
    if before is None:
        return [Difference("added", None, _site(scenario.name))]
    one = explained(compare_sides(before, after, found.versions))
    found.unchanged += one.unchanged
    return one.differences


def _rendered(recipe: Recipe) -> _Side:
    try:
        return rendered(recipe), ""
    except InvalidInput as error:
        return None, Shown([]).text("; ".join(map(str, error.problems)))
    except HelmError as error:
        # Helm quotes values, and lists problems below a line that ends with a colon.
        return None, Shown([]).text(str(error).replace(":\n", ": ").replace("\n", "; "))


def _merged(found: Iterable[tuple[str, Difference]]) -> list[Difference]:
    """Return equal differences once, with all their scenarios."""
    merged: dict[str, Difference] = {}
    for scenario, one in found:
        means = [(each.message, each.causes) for each in one.impacts]
        key = repr((one.object.identity, one.status, one.changes, one.causes, means))
        known = merged.setdefault(key, one)
        merged[key] = replace(known, scenarios=(*known.scenarios, scenario))
    return list(merged.values())


def _gone(name: str) -> Difference:
    return Difference("deleted", _site(name), None)


def _new(name: str, recipe: Recipe) -> Difference:
    """Return a site that the commit does not have, rendered as written."""
    _, reason = _rendered(recipe)
    site = _site(name)
    found = (impact(say("refused", "new", reason=reason), site),) if reason else ()
    return Difference("added", None, site, impacts=found)


def _site(name: str) -> Object:
    return Object({"apiVersion": "v1", "kind": "Site", "metadata": {"name": name}}, name, 1, 1)
