"""The embedded engine: the Helm SDK in this process, with helm-python-sdk."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import helm_python

from generator import locations
from generator.errors import HelmError
from generator.helm.documents import Document, in_order, reason, split


class Embedded:
    """Renders with the Helm SDK; needs no binary and no process."""

    def __init__(self, charts: Path = locations.CHARTS) -> None:
        self._charts = charts

    def render(self, chart: str, values: dict[str, Any], *, release: str, namespace: str) -> list[Document]:
        """Render one chart to its documents, without NOTES and test hooks; raise HelmError."""
        documents: list[Document] = []
        for path, text in self._rendered(chart, values, release, namespace).items():
            if not path.endswith("NOTES.txt"):
                documents += split(chart, text, path)
        return in_order(document for document in documents if not document.is_test)

    def notes(self, chart: str, values: dict[str, Any], *, release: str, namespace: str) -> str:
        """Return the NOTES of a chart; a helm binary cannot print them without a cluster."""
        rendered = self._rendered(chart, values, release, namespace)
        return next((text for path, text in rendered.items() if path.endswith("NOTES.txt")), "")

    def _rendered(self, chart: str, values: dict[str, Any], release: str, namespace: str) -> dict[str, str]:
        loaded = _chart(self._charts / chart)
        try:
            rendered: dict[str, str] = loaded.render(values, name=release, namespace=namespace)
        except helm_python.HelmError as error:
            raise HelmError(f"{chart}: {reason(str(error))}", stderr=str(error)) from None
        return rendered


@cache
def _chart(folder: Path) -> Any:
    return helm_python.Chart.load(folder)


def engine(charts: Path) -> Embedded:
    """Open the engine for a folder of charts."""
    return Embedded(charts)
