"""The embedded engine: the Helm SDK in this process, with helm-python-sdk."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import helm_python

from generator import locations
from generator.errors import HelmError
from generator.helm.documents import Document, in_order, reason, split

# To make a chart without checks costs as much as the checks of this many node groups.
MANY_GROUPS = 10
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
        checked: bool = False,
        tests: bool = False,
    ) -> list[Document]:
        """Render one chart to its documents, without NOTES; raise HelmError.

        `checked` values have passed load_site; the checks of the chart are left out if that saves time.
        Without `tests`, test hooks are left out.
        """
        documents: list[Document] = []
        # A lean chart has no test hooks.
        loaded = _loaded(self._charts / chart, values, lean=checked and not tests)
        for path, text in self._rendered(chart, loaded, values, release, namespace).items():
            if not path.endswith("NOTES.txt"):
                documents += split(chart, text, path)
        return in_order(document for document in documents if tests or not document.is_test)

    def notes(self, chart: str, values: dict[str, Any], *, release: str, namespace: str) -> str:
        """Return the NOTES of a chart; a helm binary cannot print them without a cluster."""
        loaded = _chart(self._charts / chart)
        rendered = self._rendered(chart, loaded, values, release, namespace)
        return next((text for path, text in rendered.items() if path.endswith("NOTES.txt")), "")

    def _rendered(
        self, chart: str, loaded: Any, values: dict[str, Any], release: str, namespace: str
    ) -> dict[str, str]:
        try:
            rendered: dict[str, str] = loaded.render(values, name=release, namespace=namespace)
        except helm_python.HelmError as error:
            raise HelmError(f"{chart}: {reason(str(error))}", stderr=str(error)) from None
        return rendered


def _loaded(folder: Path, values: dict[str, Any], *, lean: bool) -> Any:
    # The same chart may be rendered with several values at the same time, and is loaded once.
    with _LOADING.setdefault(folder, Lock()):
        return _lean(folder) if lean and _lean_pays(folder, values) else _chart(folder)


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
