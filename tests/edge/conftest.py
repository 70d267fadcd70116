"""The cluster of a test: one release, one folder, and the edge node of the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.edge.edge_node import EdgeNode
from tests.edge.world import Joined, World, folder, world_of

PROFILES = ("plain", "one-way", "one-way-verified", "mtls")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "proves(text): what the test shows; docs/tested.md has the results")


@pytest.fixture(scope="session")
def edge() -> Iterator[EdgeNode]:
    """Give the machine of the edge node."""
    node = EdgeNode(folder())
    yield node
    node.stop()


@pytest.fixture(scope="module")
def release(pytestconfig: pytest.Config) -> str:
    """Give the KubeEdge release of this run."""
    found: str = pytestconfig.getoption("--edge-release")
    return found


@pytest.fixture
def world(request: pytest.FixtureRequest, release: str, edge: EdgeNode) -> Iterator[World]:
    """Give a cluster without KubeEdge."""
    with world_of(request.node.name, release, edge) as started:
        yield started


@pytest.fixture(scope="module", params=PROFILES)
def profile(request: pytest.FixtureRequest) -> str:
    """Give each profile."""
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def joined(release: str, profile: str, edge: EdgeNode) -> Iterator[Joined]:
    """Give a cluster with a profile and a joined node; the tests of a module share it, in their order."""
    with world_of(profile, release, edge) as started:
        yield Joined(started, profile)
