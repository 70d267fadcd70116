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
from threading import Semaphore
from typing import Any

from generator import locations
from generator.catalogue.message import say
from generator.components import CHARTS
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
from generator.model.chart_values import values_of_chart

CHARTS_FOLDER = "charts"
# So many charts are rendered at the same time: as many as a render has.
_AT_ONCE = Semaphore(len(CHARTS))


@lru_cache(maxsize=256)
def layers_of(recipe: Recipe) -> Layers:
    """Return the merged layers of a recipe; raise InvalidInput."""
    layers = merge_layers(recipe.files, **recipe.flags)
    if recipe.profile is not None:
        layers.put("profile", recipe.profile, "profile")
    if recipe.checked:
        validate(layers, recipe.charts)
    return layers


def values_of(recipe: Recipe) -> dict[str, Any]:
    """Return the merged values of the user; raise InvalidInput."""
    return layers_of(recipe).values


def is_valid(recipe: Recipe) -> bool:
    """Return whether `generator render` accepts the values; raise InvalidInput if a checked recipe fails."""
    values = values_of(recipe)
    return recipe.checked or _accepted(json.dumps(values), recipe.charts)


@lru_cache(maxsize=256)
def _accepted(values: str, charts: tuple[str, ...]) -> bool:
    """Check values; the two sides of a comparison mostly have the same."""
    try:
        validate(Layers(json.loads(values)), charts)
    except InvalidInput:
        return False
    return True


def rendered(recipe: Recipe) -> SideSource:
    """Render a side; raise InvalidInput or HelmError."""
    values = values_of(recipe)
    return SideSource(recipe.label, render(recipe, values, valid=is_valid(recipe)), recipe=recipe)


def render(recipe: Recipe, values: dict[str, Any], *, valid: bool = False) -> list[Object]:
    """Render the charts of a recipe with values; raise HelmError.

    A chart does not check values that are `valid` again, if it accepts the same as ours.
    """
    return [one for task in _tasks(recipe, values, valid) for one in task.result()]


def begin(recipe: Recipe) -> None:
    """Begin to render a side; raise HelmError if there is no Helm. `rendered` raises the other errors."""
    try:
        _tasks(recipe, values_of(recipe), is_valid(recipe))
    except InvalidInput:
        return


def _tasks(recipe: Recipe, values: dict[str, Any], valid: bool) -> list[Task[tuple[Object, ...]]]:
    """Return a task for each chart, which has begun."""
    folder = recipe.folder
    # Open the engine here: the first time loads Helm.
    open_engine(recipe.engine, folder)
    found = []
    for name in recipe.charts:
        path = folder / name
        (digest, deciding), ours = _digests(path), _digests(locations.CHARTS / name)
        chart = _Chart(name, digest, path, valid and deciding == ours[1])
        # Only of our own charts is it known which values they read.
        given = json.dumps(values_of_chart(values, name) if valid and digest == ours[0] else values)
        release = recipe.releases.get(name, name)
        found.append(_begun(chart, given, release, recipe.namespace, recipe.engine))
    return found


@dataclass(frozen=True)
class _Chart:
    """A chart by its content: equal charts of two commits are equal."""

    name: str
    digest: str
    folder: Path = field(compare=False)
    # Whether its checks are known to pass: they do not change what it renders.
    checked: bool = field(compare=False)


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
def _begun(chart: _Chart, values: str, release: str, namespace: str, engine: str) -> Task[tuple[Object, ...]]:
    """Begin to render a chart; a comparison of commits asks for most renderings twice."""
    task = Task(partial(_rendered, chart, values, release, namespace, engine))
    task.start()
    return task


def _rendered(chart: _Chart, values: str, release: str, namespace: str, engine: str) -> tuple[Object, ...]:
    helm, given = open_engine(engine, chart.folder.parent), json.loads(values)
    with _AT_ONCE:
        documents = helm.render(
            chart.name, given, release=release, namespace=namespace, checked=chart.checked
        )
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
