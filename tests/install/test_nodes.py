"""When an edge node counts as connected to the running cloudcore."""

from __future__ import annotations

import pytest

from generator.install import nodes as module
from generator.install.node_names import names
from generator.install.nodes import cloudcore_start, edge_nodes, wait_connected
from tests.install.kubernetes import LEASES, NODES, PODS, Cluster, cloudcore, node

BEFORE, START, AFTER = (f"2026-11-28T10:0{minute}:00Z" for minute in (0, 5, 6))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again without a pause."""
    monkeypatch.setattr(module, "_POLL_SECONDS", 0.0)


def cluster_with(*found: dict[str, object]) -> Cluster:
    """Return a cluster with some edge nodes and a cloudcore."""
    cluster = Cluster()
    cluster.lists[NODES], cluster.lists[PODS] = list(found), [cloudcore(START)]
    return cluster


def away(cluster: Cluster, *wanted: str, seconds: float = 0) -> list[str]:
    """Return the nodes that are still not connected."""
    return wait_connected(cluster, wanted or ["edge-1"], seconds, lambda _: None)


@pytest.mark.parametrize(
    ("heartbeat", "ready", "expected"),
    [
        (AFTER, True, []),
        (AFTER, False, ["edge-1"]),
        (BEFORE, True, ["edge-1"]),
        (START, True, ["edge-1"]),
        ("", True, ["edge-1"]),
    ],
)
def test_connected_node_is_ready_with_a_heartbeat_after_the_start(
    heartbeat: str, ready: bool, expected: list[str]
) -> None:
    assert away(cluster_with(node("edge-1", heartbeat=heartbeat, ready=ready))) == expected


def test_lease_counts_as_a_heartbeat() -> None:
    cluster = cluster_with(node("edge-1", heartbeat=BEFORE))
    cluster.lists[LEASES] = [
        {"metadata": {"name": "edge-1"}, "spec": {"renewTime": AFTER.replace("Z", ".123456Z")}},
        {"metadata": {"name": "cloud-1"}, "spec": {"renewTime": AFTER}},
    ]
    assert away(cluster) == []


def test_node_with_a_slow_clock_is_connected_once_its_heartbeat_changes() -> None:
    cluster = cluster_with(node("edge-1", heartbeat="2020-01-01T00:00:00Z"))

    def beat(_: str) -> None:
        if cluster.read.get(NODES) == 3:
            cluster.lists[NODES] = [node("edge-1", heartbeat="2020-01-01T00:05:00Z")]

    cluster.on_read = beat
    assert away(cluster, seconds=60) == []
    assert cluster.read[NODES] == 3


def test_deleted_node_is_not_waited_for() -> None:
    cluster = cluster_with(node("edge-1", heartbeat=AFTER), node("edge-2", heartbeat=BEFORE))

    def delete(_: str) -> None:
        if cluster.read.get(NODES) == 4:
            cluster.lists[NODES] = [node("edge-1", heartbeat=AFTER)]

    cluster.on_read = delete
    assert away(cluster, "edge-1", "edge-2", seconds=60) == []


def test_restart_of_a_container_counts_as_a_start() -> None:
    cluster = Cluster()
    cluster.lists[PODS] = [cloudcore(BEFORE), cloudcore(BEFORE, restarted=AFTER)]
    started = cloudcore_start(cluster)
    assert started is not None
    assert started.isoformat() == "2026-11-28T10:06:00+00:00"


def test_ready_is_enough_without_a_cloudcore_and_is_reported() -> None:
    cluster = cluster_with(node("edge-1"))
    del cluster.lists[PODS]
    lines: list[str] = []
    assert wait_connected(cluster, ["edge-1"], 0, lines.append) == []
    assert lines == [
        "edge nodes: no cloudcore runs in kubeedge; waiting for Ready only, not for a new heartbeat"
    ]


def test_10000_nodes_are_read_with_one_list_of_each_kind() -> None:
    found = [node(f"edge-{number}", heartbeat=AFTER) for number in range(10_000)]
    cluster = cluster_with(*found)
    assert away(cluster, *edge_nodes(cluster)) == []
    assert cluster.read == {NODES: 2, PODS: 1, LEASES: 1}
    assert names(edge_nodes(cluster)).endswith(" and 9980 more")
