"""The embedded engine: the Helm SDK in this process, with helm-python-sdk."""

from __future__ import annotations

import importlib
import json
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import helm_python

from generator import locations
from generator.errors import HelmError
from generator.helm.documents import Document, in_order, reason, split

# To make a lean chart costs as much as it saves with this many node groups.
MANY_GROUPS = 10
# Some sites: the rendering of a large fleet takes 30 MB.
_MOST_KEPT = 8
_RENDERED: set[Path] = set()
_LOADING: dict[Path, Lock] = {}


class Embedded:
    """Renders with the Helm SDK; needs no binary and no process."""

    def __init__(self, charts: Path = locations.CHARTS) -> None:
        self._charts = charts

    def render(
        self,
        chart: str,
        values: dict[str, Any],
        *,
        release: str,
        namespace: str,
        complete: dict[str, Any] | None = None,
        tests: bool = False,
    ) -> list[Document]:
        """Render one chart to its documents, without NOTES; raise HelmError.

        `complete` values are those of load_site for `values`; a lean chart renders them if that saves time.
        Without `tests`, test hooks are left out.
        """
        folder = self._charts / chart
        if complete is not None:
            given = json.dumps(values), json.dumps(complete)
            return list(_of_site(folder, *given, release, namespace, tests))
        return _documents(_chart_of(folder), chart, values, release, namespace, tests)

    def notes(self, chart: str, values: dict[str, Any], *, release: str, namespace: str) -> str:
        """Return the NOTES of a chart; a helm binary cannot print them without a cluster."""
        rendered = _rendered(_chart_of(self._charts / chart), chart, values, release, namespace)
        return next((text for path, text in rendered.items() if path.endswith("NOTES.txt")), "")


@lru_cache(maxsize=_MOST_KEPT)
def _of_site(
    folder: Path, given: str, complete: str, release: str, namespace: str, tests: bool
) -> tuple[Document, ...]:
    """Render a chart with values of load_site in JSON; most sites of a fleet have the same for some chart."""
    values = json.loads(complete)
    # A lean chart has no test hooks.
    lean = not tests and _lean_pays(folder, values)
    chart = _chart_of(folder, lean=lean)
    values = values if lean else json.loads(given)
    return tuple(_documents(chart, folder.name, values, release, namespace, tests))


def _documents(
    loaded: Any, chart: str, values: dict[str, Any], release: str, namespace: str, tests: bool
) -> list[Document]:
    documents: list[Document] = []
    for path, text in _rendered(loaded, chart, values, release, namespace).items():
        if not path.endswith("NOTES.txt"):
            documents += split(chart, text, path)
    return in_order(document for document in documents if tests or not document.is_test)


def _rendered(
    loaded: Any, chart: str, values: dict[str, Any], release: str, namespace: str
) -> dict[str, str]:
    try:
        rendered: dict[str, str] = loaded.render(values, name=release, namespace=namespace)
    except helm_python.HelmError as error:
        raise HelmError(f"{chart}: {reason(str(error))}", stderr=str(error)) from None
    return rendered


def _chart_of(folder: Path, *, lean: bool = False) -> Any:
    # The same chart may be rendered with several values at the same time, and is loaded once.
    with _LOADING.setdefault(folder, Lock()):
        return _lean(folder) if lean else _chart(folder)


@cache
def _chart(folder: Path) -> Any:
    return helm_python.Chart.load(folder)


@cache
def _lean(folder: Path) -> Any:
    # Imported when used: it imports tarfile.
    lean = importlib.import_module("generator.helm.lean")
    return helm_python.Chart.load_archive(lean.lean_chart(folder))


def _lean_pays(folder: Path, values: dict[str, Any]) -> bool:
    """Check whether a chart has many node groups to render, or is rendered again in this process."""
    again = folder in _RENDERED
    _RENDERED.add(folder)
    groups = (values.get("edgeCore") or {}).get("nodeGroups") or ()
    return again or len(groups) >= MANY_GROUPS


def engine(charts: Path) -> Embedded:
    """Open the engine for a folder of charts."""
    return Embedded(charts)
