"""How a side is rendered: charts, layers and a profile, also of a commit."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from generator import locations
from generator.components import CHARTS
from generator.helm import open_engine
from generator.helm.parallel import at_once
from generator.io.git import Repository
from generator.kube.objects import Object
from generator.load.layers import Layers
from generator.load.site import merge_layers, validate
from generator.render.site import NAMESPACE, render_charts

CHARTS_FOLDER = "charts"


@dataclass(frozen=True)
class Recipe:
    """Everything that a rendering depends on. `flags` maps set, set_string, set_file, set_json to their uses.

    `checked`: validate the values with the model, as `generator render` does. Charts of another commit have
    another model and validate their values themselves.
    """

    label: str
    files: tuple[str, ...] = ()
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str | None = None
    charts: tuple[str, ...] = CHARTS
    folder: Path = locations.CHARTS
    checked: bool = True
    releases: Mapping[str, str] = field(default_factory=dict)
    namespace: str = NAMESPACE
    engine: str = "auto"

    @cached_property
    def layers(self) -> Layers:
        """The merged layers; raises InvalidInput."""
        layers = merge_layers(self.files, **self.flags)
        if self.profile is not None:
            layers.put("profile", self.profile, "profile")
        if self.checked:
            validate(layers, self.charts)
        return layers

    @property
    def values(self) -> dict[str, Any]:
        """Return the merged values of the user; raise InvalidInput."""
        return self.layers.values

    def render(self, values: dict[str, Any]) -> list[Object]:
        """Render the charts with values; raise HelmError."""
        given = json.dumps(values)
        charts = [_Chart(chart, _digest(self.folder / chart), self.folder / chart) for chart in self.charts]
        # Open the engine here: the first time loads Helm.
        open_engine(self.engine, self.folder)
        rendered = at_once(
            [
                partial(
                    _rendered,
                    chart,
                    given,
                    self.releases.get(chart.name, chart.name),
                    self.namespace,
                    self.engine,
                )
                for chart in charts
            ]
        )
        return [found for objects in rendered for found in objects]


@dataclass(frozen=True)
class _Chart:
    """A chart by its content: equal charts of two commits are equal."""

    name: str
    digest: str
    folder: Path = field(compare=False)


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
    documents = render_charts(helm, names, json.loads(values), namespace)
    file = f"{CHARTS_FOLDER}/{chart.name}"
    return tuple(
        Object(document.data, file, number, 1, chart.name, document.text)
        for number, document in enumerate(documents, 1)
    )


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
