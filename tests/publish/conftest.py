"""Fixtures of the tests of exported charts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.publish import SOURCE_DATE, export_charts
from tests.publish import registry
from tests.publish.registry import Registry


@pytest.fixture(autouse=True)
def no_source_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the variable that changes the index."""
    monkeypatch.delenv(SOURCE_DATE, raising=False)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export the charts once as folders and once as archives; return the folder of both."""
    folder = tmp_path_factory.mktemp("exported")
    export_charts(folder / "folder", "folder")
    export_charts(folder / "tgz", "tgz")
    return folder


@pytest.fixture
def oci() -> Iterator[Registry]:
    """Run an OCI registry on loopback while the test runs."""
    with registry.run() as found:
        yield found
