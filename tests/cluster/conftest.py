"""The cluster under test: a control plane of our own, or the one that `--kube-config` names."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from pytest_helm_charts.clusters import Cluster

from tests.cluster.api import Api
from tests.cluster.control_plane import ControlPlane
from tests.cluster.helm import Helm

STARTED = pytest.StashKey[ControlPlane]()


def pytest_configure(config: pytest.Config) -> None:
    """Say at once how these tests are asked for."""
    if not config.pluginmanager.has_plugin("helm-charts"):
        raise pytest.UsageError(
            "tests/cluster: run `make test-cluster`, or `pytest -p helm-charts tests/cluster`"
        )


@pytest.fixture(scope="session")
def kube_config(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the path of the kubeconfig; takes the place of pytest-helm-charts' own.

    That one reads $KUBECONFIG too. These tests install and remove things all over a cluster, so only one
    that is named to them is used.
    """
    given = pytestconfig.getoption("kube_config") or pytestconfig.getoption("kubeconfig")
    if given:
        yield str(Path(given).resolve())
        return
    plane = ControlPlane(tmp_path_factory.mktemp("control-plane"))
    try:
        pytestconfig.stash[STARTED] = plane
        plane.start_controllers()
        yield str(plane.kubeconfig)
    finally:
        plane.stop()


@pytest.fixture(scope="module")
def api(kube_cluster: Cluster) -> Api:
    """Return the API server, asked as administrator."""
    client = kube_cluster.kube_client
    assert client
    return Api(client.session, client.url)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home directory of helm and kubectl."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(params=["helm-3.22", "helm-4.3"])
def helm(request: pytest.FixtureRequest, kube_config: str, home: Path) -> Helm:
    """Return each Helm that is tested throughout."""
    return Helm(request.param, kube_config, home)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of each log beside a test that failed."""
    report = yield
    plane = item.config.stash.get(STARTED, None)
    if report.failed and plane:
        for program in plane.programs:
            report.sections.append((f"log of {program.name}", program.tail()))
    return report
