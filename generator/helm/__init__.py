"""Renders a chart with values to documents, with one of two engines; only this package runs Helm."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any, Protocol

from generator import locations
from generator.errors import HelmError
from generator.helm.documents import Document, in_order

__all__ = ["EMBEDDED", "ENGINES", "Document", "Engine", "in_order", "open_engine"]

# The embedded Helm on PyPI; this project itself is not on PyPI.
EMBEDDED = "helm-python-sdk==0.2.2"
ENGINES = ("auto", "embedded", "helm")
# Imported when used: the first needs an optional library, the second imports asyncio.
_MODULES = {"embedded": "generator.helm.embedded", "helm": "generator.helm.binary"}


class Engine(Protocol):
    """Renders the charts of this project."""

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

        `complete` values are those of load_site for `values`; an engine may render them with a chart that
        neither checks nor completes values. Without `tests`, test hooks are left out.
        """
        ...


def open_engine(name: str = "auto", charts: Path = locations.CHARTS) -> Engine:
    """Return an engine: `embedded` (the Helm SDK in this process), `helm` (a binary), or `auto`.

    `auto` is the embedded engine if it is installed. `charts` is the folder of the charts.
    """
    embedded = importlib.util.find_spec("helm_python") is not None
    if name == "embedded" and not embedded:
        raise HelmError(
            "the embedded Helm is not installed",
            f"pip install {EMBEDDED}, or use --engine helm",
        )
    chosen = "embedded" if name == "embedded" or (name == "auto" and embedded) else "helm"
    engine: Engine = importlib.import_module(_MODULES[chosen]).engine(charts)
    return engine
