"""How a side is rendered: charts, layers and a profile; and the same as of a commit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generator import share
from generator.diff.objects import Object
from generator.git import Repository
from generator.helm import Engine, open_engine
from generator.load.layers import Layers
from generator.load.site import judge, merge_layers
from generator.model.site import CHARTS

CHARTS_FOLDER = "charts"


@dataclass(frozen=True)
class Recipe:
    """All that decides a rendering. `flags` maps set, set_string, set_file and set_json to their uses.

    `checked` says whether the values are held against the model, as `generator render` does; charts of
    another commit have their own model, and check their values themselves.
    """

    label: str
    files: tuple[str, ...] = ()
    flags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str | None = None
    charts: tuple[str, ...] = CHARTS
    folder: Path = share.CHARTS
    checked: bool = True
    releases: Mapping[str, str] = field(default_factory=dict)
    namespace: str = "kubeedge"
    engine: str = "auto"

    def layers(self) -> Layers:
        """Merge the layers; raise InvalidInput."""
        layers = merge_layers(self.files, **self.flags)
        if self.profile is not None:
            layers.put("profile", self.profile, "profile")
        if self.checked:
            judge(layers, self.charts)
        return layers

    def values(self) -> dict[str, Any]:
        """Return the merged values of the user; raise InvalidInput."""
        return self.layers().values

    def render(self, values: dict[str, Any], charts: tuple[str, ...] | None = None) -> list[Object]:
        """Render the charts with values; raise HelmError."""
        engine = self._opened()
        found: list[Object] = []
        for chart in charts or self.charts:
            release = self.releases.get(chart, chart)
            for number, document in enumerate(
                engine.render(chart, values, release=release, namespace=self.namespace), 1
            ):
                found.append(
                    Object(document.data, f"{CHARTS_FOLDER}/{chart}", number, 1, chart, document.text)
                )
        return found

    def _opened(self) -> Engine:
        return open_engine(self.engine, self.folder)


@contextmanager
def as_of(ref: str, recipe: Recipe, repository: Repository) -> Iterator[Recipe]:
    """Give a recipe with charts and values files as of a commit; its export is removed afterwards.

    A values file that the repository does not have at that commit is taken as it is now. Raises GitError.
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
    """Return a file's path in the repository, "" if it lies elsewhere."""
    path = Path(file).resolve()
    return str(path.relative_to(top)) if file != "-" and path.is_relative_to(top.resolve()) else ""
