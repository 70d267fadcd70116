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
from generator.helm.lean import checks_alike
from generator.helm.parallel import at_once
from generator.io.git import Repository
from generator.kube.objects import Collection, Object
from generator.load.layers import Layers
from generator.load.site import merge_layers, validate
from generator.render.site import render_charts

CHARTS_FOLDER = "charts"


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


@lru_cache(maxsize=256)
def is_valid(recipe: Recipe) -> bool:
    """Return whether `generator render` accepts the values; raise InvalidInput if a checked recipe fails."""
    layers = layers_of(recipe)
    if recipe.checked:
        return True
    try:
        validate(layers, recipe.charts)
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
    given, folder = json.dumps(values), recipe.folder
    charts = [
        _Chart(chart, _digest(folder / chart), folder / chart, valid and _checks_as_ours(folder / chart))
        for chart in recipe.charts
    ]
    # Open the engine here: the first time loads Helm.
    open_engine(recipe.engine, folder)
    releases = [recipe.releases.get(chart, chart) for chart in recipe.charts]
    found = at_once(
        [
            partial(_rendered, chart, given, release, recipe.namespace, recipe.engine)
            for chart, release in zip(charts, releases, strict=True)
        ]
    )
    return [one for objects in found for one in objects]


@dataclass(frozen=True)
class _Chart:
    """A chart by its content: equal charts of two commits are equal."""

    name: str
    digest: str
    folder: Path = field(compare=False)
    # Whether its checks are known to pass: they do not change what it renders.
    checked: bool = field(compare=False)


@cache
def _checks_as_ours(chart: Path) -> bool:
    return checks_alike(chart, locations.CHARTS / chart.name)


@cache
def _digest(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        found.update(f"{file.relative_to(folder)} {len(data)} ".encode() + data)
    return found.hexdigest()


@lru_cache(maxsize=256)
def _rendered(chart: _Chart, values: str, release: str, namespace: str, engine: str) -> tuple[Object, ...]:
    """Render a chart; a comparison of commits asks for most renderings twice."""
    helm = open_engine(engine, chart.folder.parent)
    names = {chart.name: release}
    documents = render_charts(helm, names, json.loads(values), namespace, checked=chart.checked)
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
