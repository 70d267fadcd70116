"""The cluster under test: our own control plane, or the cluster of `--kube-config`."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytest_helm_charts.clusters import Cluster

from tests.cluster.api import Api, until
from tests.cluster.control_plane import ControlPlane
from tests.cluster.helm import HELMS, Helm
from tests.cluster.kubelet import add_nodes
from tests.cluster.leftovers import Leftovers

# Created once and kept: deleting a namespace takes 5 s.
NAMESPACES = ("kubeedge", "mesh", "factory")
STARTED = pytest.StashKey[ControlPlane]()


def pytest_configure(config: pytest.Config) -> None:
    """Fail at once with the right command if the plugin is missing."""
    if not config.pluginmanager.has_plugin("helm-charts"):
        raise pytest.UsageError(
            "tests/cluster: run `make test-cluster`, or `pytest -p helm-charts tests/cluster`"
        )


@pytest.fixture(scope="session")
def kube_config(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the path of the kubeconfig; replaces the fixture of pytest-helm-charts.

    That fixture also reads $KUBECONFIG. These tests install and remove objects in the whole cluster, so they
    only use a cluster that the user names.
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
    """Return the API server, as the administrator sees it."""
    client = kube_cluster.kube_client
    assert client
    return Api(client.session, client.url)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the home directory of helm and kubectl."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(params=HELMS)
def helm(request: pytest.FixtureRequest, kube_config: str, home: Path) -> Helm:
    """Return each Helm that runs all tests."""
    return Helm(request.param, kube_config, home)


def add_namespace(api: Api, name: str) -> None:
    """Create a namespace unless it exists, and wait for its default objects."""
    if not api.get("v1", "Namespace", name):
        api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    for kind, made in (("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")):
        until(partial(exists, api, kind, made, name), f"{kind} {made} in {name}")


def exists(api: Api, kind: str, name: str, namespace: str) -> bool:
    """Return whether an object exists."""
    return api.get("v1", kind, name, namespace) is not None


@pytest.fixture
def leftovers(api: Api) -> Iterator[Leftovers]:
    """Return the objects that a test leaves behind; remove them afterwards."""
    for name in NAMESPACES:
        add_namespace(api, name)
    add_nodes(api)
    found = Leftovers(api)
    yield found
    found.remove()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the end of each log to the report of a failed test."""
    report = yield
    plane = item.config.stash.get(STARTED, None)
    if report.failed and plane:
        for program in plane.programs:
            report.sections.append((f"log of {program.name}", program.tail()))
    return report
