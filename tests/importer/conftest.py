"""Renderings that the tests of the importer share: each import renders sites that others rendered before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from generator.helm import Document
from generator.helm.embedded import Embedded


@pytest.fixture(autouse=True, scope="package")
def _shared_renderings() -> Iterator[None]:
    """Render equal values once. Documents are never changed, so tests can share them."""
    render = Embedded.render
    known: dict[str, list[Document]] = {}

    def shared(
        self: Embedded, chart: str, values: dict[str, Any], *, release: str, namespace: str, **more: Any
    ) -> list[Document]:
        # The order of the keys counts: it may be visible in the rendering.
        key = json.dumps([str(self._charts), chart, values, release, namespace])
        if key not in known:
            known[key] = render(self, chart, values, release=release, namespace=namespace, **more)
        return list(known[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Embedded, "render", shared)
        yield
