"""The cluster of a run; one release, one folder, and one edge node."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.edge.world import World


@pytest.fixture(scope="session")
def world(pytestconfig: pytest.Config) -> Iterator[World]:
    """Give the cluster of this run."""
    started = World(pytestconfig.getoption("--edge-release"), Path(os.environ["EDGE_FOLDER"]))
    yield started
    started.stop()
