"""Renders sides: charts, layers and a profile, also of a commit."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from generator import locations
from generator.catalogue.message import say
from generator.diff.files import named_apart, read_side
from generator.diff.recipes import Recipe
from generator.diff.sources import SideSource
from generator.errors import CannotCompare, InvalidInput, Problem, one_line
from generator.helm import open_engine
from generator.helm.lean import decides
from generator.helm.parallel import Task
from generator.io.git import Repository
from generator.kube.objects import Collection, Object
from generator.load.layers import Layers
from generator.load.site import merge_layers, validate
from generator.merge import merge
from generator.model.chart_values import own_keys, values_of_chart

CHARTS_FOLDER = "charts"


def layers_of(recipe: Recipe) -> Layers:
    """Return the merged layers of a recipe; raise InvalidInput."""
    return _loaded(recipe)[0]


def values_of(recipe: Recipe) -> dict[str, Any]:
    """Return the merged values of the user; raise InvalidInput."""
    return layers_of(recipe).values


def complete_values(recipe: Recipe) -> dict[str, Any] | None:
    """Return the complete values, None if `generator render` rejects them; raise InvalidInput.

    A checked recipe with rejected values is invalid.
    """
    return _loaded(recipe)[1]


@lru_cache(maxsize=256)
def _loaded(recipe: Recipe) -> tuple[Layers, dict[str, Any] | None]:
    layers = merge_layers(recipe.files, **recipe.flags)
    if recipe.profile is not None:
        layers.put("profile", recipe.profile, "profile")
    if recipe.checked:
        return layers, validate(layers, recipe.charts).values
    return layers, _completed(json.dumps(layers.values), recipe.charts)


@lru_cache(maxsize=256)
def _completed(values: str, charts: tuple[str, ...]) -> dict[str, Any] | None:
    """Complete values; the two sides of a comparison mostly have the same."""
    try:
        return validate(Layers(json.loads(values)), charts).values
    except InvalidInput:
        return None


def rendered(recipe: Recipe) -> SideSource:
    """Render a side; raise InvalidInput or HelmError."""
    objects = render(recipe, values_of(recipe), complete_values(recipe))
    return SideSource(recipe.label, objects, recipe=recipe)


def render(recipe: Recipe, values: dict[str, Any], complete: dict[str, Any] | None = None) -> list[Object]:
    """Render the charts of a recipe with values; raise HelmError.

    With `complete` values, a chart that accepts and completes values as ours does need not do it again.
    """
    return [one for task in _tasks(recipe, values, complete) for one in task.result()]


def begin(recipe: Recipe) -> None:
    """Begin to render a side; raise HelmError if there is no Helm. `rendered` raises the other errors."""
    try:
        _tasks(recipe, values_of(recipe), complete_values(recipe))
    except InvalidInput:
        return


def _tasks(
    recipe: Recipe, values: dict[str, Any], complete: dict[str, Any] | None
) -> list[Task[tuple[Object, ...]]]:
    """Return a task for each chart, which has begun."""
    folder = recipe.folder
    # Open the engine here: the first time loads Helm.
    open_engine(recipe.engine, folder)
    found = []
    for name in recipe.charts:
        path = folder / name
        (digest, deciding), ours = _digests(path), _digests(locations.CHARTS / name)
        fits = complete if deciding == ours[1] else None
        given = _given(name, values, fits, ours=digest == ours[0])
        release = recipe.releases.get(name, name)
        found.append(_begun(_Chart(name, digest, path), given, release, recipe.namespace, recipe.engine))
    return found


def _given(chart: str, values: dict[str, Any], complete: dict[str, Any] | None, *, ours: bool) -> str:
    """Return the values of the user for a chart, and the complete ones, in JSON."""
    if complete is not None:
        complete = values_of_chart(complete, chart)
        if ours:
            values = values_of_chart(values, chart)
        else:
            # Another chart may read any key.
            other = {name: value for name, value in values.items() if name not in own_keys(chart)}
            complete = merge(other, complete)
    return json.dumps((values, complete))


@dataclass(frozen=True)
class _Chart:
    """A chart by its content: equal charts of two commits are equal."""

    name: str
    digest: str
    folder: Path = field(compare=False)


@cache
def _digests(folder: Path) -> tuple[str, str]:
    """Return digests of a chart: of its files, and of those that decide which values it accepts."""
    every, deciding = hashlib.sha256(), hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, data = file.relative_to(folder), file.read_bytes()
        entry = f"{name} {len(data)} ".encode() + data
        every.update(entry)
        if decides(name):
            deciding.update(entry)
    return every.hexdigest(), deciding.hexdigest()


@lru_cache(maxsize=256)
def _begun(chart: _Chart, given: str, release: str, namespace: str, engine: str) -> Task[tuple[Object, ...]]:
    """Begin to render a chart; a comparison of commits asks for most renderings twice."""
    task = Task(partial(_rendered, chart, given, release, namespace, engine))
    task.start()
    return task


def _rendered(chart: _Chart, given: str, release: str, namespace: str, engine: str) -> tuple[Object, ...]:
    helm, (values, complete) = open_engine(engine, chart.folder.parent), json.loads(given)
    documents = helm.render(chart.name, values, release=release, namespace=namespace, complete=complete)
    file = f"{CHARTS_FOLDER}/{chart.name}"
    return tuple(
        Object(document.data, file, number, 1, chart.name, document.text)
        for number, document in enumerate(documents, 1)
    )


def repository() -> Repository:
    """Return the git repository of the current folder; raise GitError."""
    return Repository(Path.cwd())


def config_as_of(ref: str, file: str, repository: Repository) -> SideSource:
    """Read a config file as of a commit; raise GitError or CannotCompare."""
    text = repository.text(repository.commit(ref), Path(file))
    if text is None:
        raise CannotCompare([Problem(f"git:{ref}", "", say("not-in-commit", file=one_line(file)))])
    found = Collection()
    read_side(text, one_line(file), found)
    return SideSource(f"git:{ref}", named_apart(found.objects, file), found.skipped)


@contextmanager
def as_of(ref: str, recipe: Recipe, repository: Repository) -> Iterator[Recipe]:
    """Yield a recipe with the charts and values files of a commit; the exported files are removed afterwards.

    A values file that the commit does not have is used as it is now. Raises GitError.
    """
    commit = repository.commit(ref)
    with tempfile.TemporaryDirectory(prefix="generator-diff-") as name:
        folder = Path(name)
        inside = {file: _inside(file, repository.top) for file in recipe.files}
        wanted = [CHARTS_FOLDER, *filter(None, inside.values())]
        there = set(repository.export(commit, wanted, folder))
        charts = folder / CHARTS_FOLDER if CHARTS_FOLDER in there else recipe.folder
        files = tuple(str(folder / inside[f]) if inside[f] in there else f for f in recipe.files)
        yield replace(recipe, label=f"git:{ref}", files=files, folder=charts, checked=False)


def _inside(file: str, top: Path) -> str:
    """Return the path of a file in the repository, "" if it is elsewhere."""
    path = Path(file).resolve()
    return str(path.relative_to(top)) if file != "-" and path.is_relative_to(top.resolve()) else ""
