"""Fixtures that render the charts with every Helm there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.helm import Engine, open_engine
from generator.helm.binary import Binary
from tests.helm.binaries import BINARIES
from tests.levels import program

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ("embedded", *BINARIES)

Render = Callable[..., list[dict[str, Any]]]


def open_named(name: str) -> Engine:
    """Open one of ENGINES; a missing one is a failure, not a skip."""
    return open_engine("embedded") if name == "embedded" else Binary(program(name))


@pytest.fixture(scope="session")
def render() -> Render:
    """Return a function that renders a chart with plain Helm, past the model's own checks."""

    def rendered(
        chart: str,
        values: dict[str, Any] | None = None,
        *,
        release: str | None = None,
        namespace: str = "kubeedge",
        engine: str = "embedded",
    ) -> list[dict[str, Any]]:
        helm = open_named(engine)
        documents = helm.render(chart, values or {}, release=release or chart, namespace=namespace)
        return [document.data for document in documents]

    return rendered
