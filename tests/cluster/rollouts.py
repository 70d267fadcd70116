"""The cluster of the rollout's tests: a control plane with a scheduler, and a fleet of edge nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

from tests.cluster.api import Api
from tests.cluster.command import Generator
from tests.cluster.control_plane import ControlPlane
from tests.cluster.edge_nodes import CHECKSUM, ROLLOUT, EdgeNodes, is_ready
from tests.cluster.helm import Helm
from tests.cluster.kubelet import EDGE

SITE = """\
cloudCore:
  modules:
    cloudHub:
      advertiseAddress: [192.0.2.10]
edgeCore:
  rollout:
    enable: true
"""
# Two node groups; `more` are others.
GROUPS = f"""\
{SITE}    maxUnavailable: 2
  nodeGroups:
    line-a: {{{{nodeSelector: {{{{example.com/line: a}}}}}}}}
    line-b: {{{{nodeSelector: {{{{example.com/line: b}}}}}}}}
{{more}}
"""
LINE = "example.com/line"
PLAIN = ("--profile", "plain", "-f", "site.yaml")
EDGECORE = (*PLAIN, "--chart", "edgecore")
GO = ("--yes", "--timeout", "90s")
WAVE = "edgeCore.rollout.maxUnavailable="
# A value of edgecore.yaml that tests change.
HEARTBEAT = "edgeCore.modules.edgeHub.heartbeat="
TWENTY: Mapping[str, Mapping[str, str]] = {f"edge-{number:02}": {} for number in range(1, 21)}


class Fleet(Protocol):
    """Gives edge nodes with labels inside a `with` block."""

    def __call__(self, nodes: Mapping[str, Mapping[str, str]]) -> AbstractContextManager[EdgeNodes]: ...


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """Start a control plane with all controllers and a scheduler.

    Other tests run without a scheduler, and without the controller that notices nodes without heartbeats.
    """
    started = ControlPlane(tmp_path_factory.mktemp("rollout"))
    try:
        started.start_controllers(nodes=True)
        started.start_scheduler()
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def api(plane: ControlPlane) -> Api:
    """Return its API server."""
    return Api.of(str(plane.kubeconfig))


@pytest.fixture
def helm(plane: ControlPlane, home: Path) -> Helm:
    """Return one Helm; these tests do not depend on its version."""
    return Helm("helm-4.3", str(plane.kubeconfig), home)


@pytest.fixture
def fleet(generator: Generator, plane: ControlPlane, api: Api) -> Fleet:
    """Return a function that creates edge nodes; no other edge node exists."""
    api.delete("v1", "Node", EDGE)
    generator.site(SITE)

    def made(nodes: Mapping[str, Mapping[str, str]]) -> EdgeNodes:
        # A connection of its own, since another thread uses it.
        return EdgeNodes(Api.of(str(plane.kubeconfig)), nodes)

    return made


def checksums(generator: Generator, *values: str) -> dict[str, str]:
    """Return the checksum of the file of each DaemonSet that a site renders."""
    rendered = generator("render", *values, "--chart", "edgecore").out
    found: list[Any] = [one for one in yaml.safe_load_all(rendered) if one and one["kind"] == "DaemonSet"]
    return {
        one["metadata"]["name"]: one["spec"]["template"]["metadata"]["annotations"][CHECKSUM] for one in found
    }


def checksum(generator: Generator, *values: str) -> str:
    """Return the checksum of the only file that a site renders."""
    (found,) = checksums(generator, *values).values()
    return found


def daemonset_nodes(api: Api) -> dict[str, list[str]]:
    """Return the nodes on which each DaemonSet of the rollout has a ready pod."""
    pods = api.all("v1", "Pod", "kubeedge", labelSelector=f"kubeedge={ROLLOUT}")
    found = {
        one["metadata"]["name"]: list[str]()
        for one in api.all("apps/v1", "DaemonSet", "kubeedge", labelSelector=f"kubeedge={ROLLOUT}")
    }
    for pod in filter(is_ready, pods):
        found[pod["metadata"]["ownerReferences"][0]["name"]].append(pod["spec"]["nodeName"])
    return {name: sorted(nodes) for name, nodes in found.items()}
