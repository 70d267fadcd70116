"""The cluster of a test: one release, one folder, and the edge node of the run."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.edge.edge_node import LOG, EdgeNode
from tests.edge.joined import Joined
from tests.edge.releases import releases
from tests.edge.results import PROFILES, Result, write
from tests.edge.world import World, folder, world_of

RESULTS = pytest.StashKey[list[Result]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "proves(text): what the test shows, for docs/tested.md; {name} is a parameter"
    )
    config.addinivalue_line("markers", "under(*profiles): the test runs under these profiles only")
    config.addinivalue_line("markers", "newest: the test runs with the newest release only")
    config.stash[RESULTS] = []


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out other profiles than that of this run, and tests that a profile does not have."""
    newest = config.getoption("--edge-release") == releases()[-1]
    profile = config.getoption("--edge-profile")
    others = [
        item
        for item in items
        if not _wanted(item, profile) or (item.get_closest_marker("newest") and not newest)
    ]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def _wanted(item: pytest.Item, only: str | None) -> bool:
    params, marker = _params(item), item.get_closest_marker("under")
    profile, fault = params.get("profile"), params.get("fault")
    allowed = marker.args if marker else fault.profiles if fault else (profile,)
    return (not only or profile == only) and profile in allowed


def _params(item: pytest.Item) -> dict[str, Any]:
    found = getattr(item, "callspec", None)
    return dict(found.params) if found else {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what a passed test shows; add the ends of the logs to the report of a failed one."""
    report = yield
    if report.when == "call" and report.passed:
        params = _params(item)
        marker = item.get_closest_marker("proves")
        assert marker, f"{item.nodeid} does not say what it shows"
        test = f"{item.path.stem}::{item.name.partition('[')[0]}"
        shows = marker.args[0].format(**params)
        release = item.config.getoption("--edge-release")
        item.config.stash[RESULTS].append(Result(shows, test, release, params.get("profile", "")))
    if report.failed:
        report.sections += [(f"end of {path}", _tail(path)) for path in _logs()]
    return report


def _logs() -> list[Path]:
    """Return the logs of edgecore and of the newest cloudcore."""
    clouds = sorted(folder().glob("*/cloud/cloudcore.log"), key=lambda path: path.stat().st_mtime)
    return [path for path in (LOG, *clouds[-1:]) if path.exists()]


def _tail(path: Path) -> str:
    return "\n".join(path.read_text("utf-8", "replace").splitlines()[-25:])


def pytest_sessionfinish(session: pytest.Session) -> None:
    found = session.config.stash[RESULTS]
    write(found, folder() / "results.json")


@pytest.fixture(scope="session")
def edge(pytestconfig: pytest.Config) -> Iterator[EdgeNode]:
    """Give the machine of the edge node; the tests that take all profiles look at every request."""
    node = EdgeNode(folder(), "1s" if pytestconfig.getoption("--edge-profile") else "100ms")
    yield node
    node.stop()


@pytest.fixture(scope="session")
def release(pytestconfig: pytest.Config) -> str:
    """Give the KubeEdge release of this run."""
    found: str = pytestconfig.getoption("--edge-release")
    return found


@pytest.fixture
def world(request: pytest.FixtureRequest, release: str, edge: EdgeNode) -> Iterator[World]:
    """Give a cluster without KubeEdge."""
    with world_of(request.node.name, release, edge) as started:
        yield started


@pytest.fixture(scope="session", params=PROFILES)
def profile(request: pytest.FixtureRequest) -> str:
    """Give each profile."""
    found: str = request.param
    return found


@pytest.fixture(scope="session")
def joined(release: str, profile: str, edge: EdgeNode) -> Iterator[Joined]:
    """Give a cluster with a profile and a joined node; the tests of a run share it, in their order."""
    with world_of(profile, release, edge) as started:
        yield Joined(started, profile)
