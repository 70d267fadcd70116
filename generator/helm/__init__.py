"""The one door to Helm: a chart and values in, documents out, by either of two engines."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Any, Protocol

from generator import locations
from generator.errors import HelmError
from generator.helm.documents import Document, in_order

__all__ = ["EMBEDDED", "ENGINES", "Document", "Engine", "in_order", "open_engine"]

# The embedded Helm as PyPI has it; this project itself is not published there.
EMBEDDED = "helm-python-sdk==0.2.2"
ENGINES = ("auto", "embedded", "helm")
# Loaded by name, as one is used: the first needs a library that may be absent, the second starts asyncio.
_MODULES = {"embedded": "generator.helm.embedded", "helm": "generator.helm.binary"}


class Engine(Protocol):
    """Something that renders a chart of this project."""

    def render(self, chart: str, values: dict[str, Any], *, release: str, namespace: str) -> list[Document]:
        """Render one chart to its documents, without NOTES and test hooks; raise HelmError."""
        ...


def open_engine(name: str = "auto", charts: Path = locations.CHARTS) -> Engine:
    """Return an engine: `embedded` (the Helm SDK in process), `helm` (a binary), or whichever is there.

    `charts` is the folder of the charts that it renders.
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
