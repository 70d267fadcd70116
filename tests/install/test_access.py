"""Which access objects edge nodes have not acknowledged, and how cloudcore sends them again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.components import KUBEEDGE
from generator.install import access as module
from generator.install.access import (
    Delivery,
    deliver,
    delivery_text,
    exist,
    heal,
    read_accesses,
    renew_command,
)
from generator.upstream import Release
from tests.install.kubernetes import ACCESSES, SYNCS, Cluster, access, sync

PATCH = ("--namespace", "kubeedge", "patch", "serviceaccountaccess", "agent", "--subresource=status")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read and send again without a pause."""
    monkeypatch.setattr(module, "_POLL_SECONDS", 0.0)
    monkeypatch.setattr(module, "_AGAIN_SECONDS", 0.0)


@pytest.fixture
def cluster() -> Cluster:
    """Give a cluster with one access object that edge-1 has acknowledged and edge-2 has not."""
    found = Cluster()
    found.lists[ACCESSES] = [access("agent", "u1", "edge-1", "edge-2")]
    found.lists[SYNCS] = [sync("edge-1", "u1", "12"), sync("edge-2", "u1", "0"), sync("edge-2", "u0", "7")]
    return found


def recorder() -> tuple[list[str], Callable[[str], None]]:
    """Return a list of lines, and a function that adds to it."""
    lines: list[str] = []
    return lines, lines.append


@pytest.mark.parametrize(
    ("version", "missing"), [("0", True), ("", True), (None, True), ("1", False), ("4711", False)]
)
def test_object_is_acknowledged_if_its_version_is_not_zero(version: str | None, missing: bool) -> None:
    cluster = Cluster()
    cluster.lists[ACCESSES] = [access("agent", "u1", "edge.one")]
    cluster.lists[SYNCS] = [sync("edge.one", "u1", version)]
    (found,) = read_accesses(cluster, ["edge.one"])
    assert (found.missing == ("edge.one",)) is missing


def test_object_without_a_sync_is_not_acknowledged(cluster: Cluster) -> None:
    cluster.lists[SYNCS] = []
    assert read_accesses(cluster, ["edge-1", "edge-2"])[0].missing == ("edge-1", "edge-2")


def test_sync_of_a_deleted_object_does_not_count(cluster: Cluster) -> None:
    cluster.lists[ACCESSES] = [access("agent", "new", "edge-1")]
    assert read_accesses(cluster, ["edge-1"])[0].missing == ("edge-1",)


def test_deleted_node_has_nothing_to_acknowledge(cluster: Cluster) -> None:
    assert read_accesses(cluster, ["edge-1"])[0].missing == ()


def test_syncs_are_listed_once_for_each_namespace_with_nodes(cluster: Cluster) -> None:
    many = [access(f"agent-{number}", f"u{number}", "edge-1") for number in range(50)]
    cluster.lists[ACCESSES] = [*many, access("other", "x", namespace="factory")]
    read_accesses(cluster, ["edge-1"])
    assert cluster.read == {ACCESSES: 1, SYNCS: 1}


def test_unacknowledged_object_is_sent_again_until_acknowledged(cluster: Cluster) -> None:
    def send(_: tuple[str, ...]) -> None:
        # cloudcore fills the list a moment later, then the node acknowledges.
        cluster.lists[ACCESSES] = [access("agent", "u1")]

    def go_on(path: str) -> None:
        if cluster.patches and path == ACCESSES:
            reads = cluster.read[ACCESSES]
            cluster.lists[ACCESSES] = [access("agent", "u1", *(["edge-1", "edge-2"] if reads > 3 else []))]
            if reads > 4:
                cluster.lists[SYNCS] = [sync("edge-1", "u1", "12"), sync("edge-2", "u1", "19")]

    cluster.patched, cluster.on_read = send, go_on
    lines, say = recorder()
    done = deliver(cluster, ["edge-1", "edge-2"], 60, say)
    assert (done.total, done.renewed, done.left) == (1, {"u1"}, [])
    assert cluster.read[ACCESSES] == 5
    assert cluster.patches[0] == (*PATCH, "--type=merge", "--patch", '{"status":{"nodeList":[]}}')
    assert lines[0] == "access objects: 1 of 1 not acknowledged; sending them again"
    assert delivery_text(done) == "1 access object: 1 sent again, acknowledged by every node"


def test_object_is_sent_again_until_acknowledged(cluster: Cluster) -> None:
    def third(_: tuple[str, ...]) -> None:
        if len(cluster.patches) == 3:
            cluster.lists[SYNCS] = [sync("edge-1", "u1", "12"), sync("edge-2", "u1", "19")]

    cluster.patched = third
    assert not deliver(cluster, ["edge-1", "edge-2"], 60, recorder()[1]).left
    assert len(cluster.patches) == 3


def test_only_unacknowledged_objects_are_sent_again(cluster: Cluster) -> None:
    cluster.lists[ACCESSES].append(access("done", "u2", "edge-1"))
    cluster.lists[SYNCS].append(sync("edge-1", "u2", "3"))
    cluster.patched = lambda _: cluster.lists[SYNCS].append(sync("edge-2", "u1", "19"))
    done = deliver(cluster, ["edge-1", "edge-2"], 60, recorder()[1])
    assert [arguments[4] for arguments in cluster.patches] == ["agent"]
    assert delivery_text(done) == "2 access objects: 1 sent again, acknowledged by every node"


def test_unacknowledged_objects_are_returned_after_the_timeout(cluster: Cluster) -> None:
    done = deliver(cluster, ["edge-1", "edge-2"], 0, recorder()[1])
    assert len(cluster.patches) == 1
    assert [one.missing for one in done.left] == [("edge-2",)]
    assert delivery_text(done) == "1 access object: 1 sent again, 1 not acknowledged"
    assert (
        module.undelivered_text(done.left)
        == "serviceaccountaccess kubeedge/agent: edge-2 did not acknowledge it"
    )


def test_empty_node_list_is_not_a_success(cluster: Cluster) -> None:
    cluster.patched = lambda _: cluster.lists.update({ACCESSES: [access("agent", "u1")]})
    done = deliver(cluster, ["edge-1", "edge-2"], 0, recorder()[1])
    assert [one.name for one in done.left] == ["agent"]
    assert "kubeedge/agent: cloudcore has not filled its node list" in module.undelivered_text(done.left)


def test_nothing_is_patched_if_cloudcore_heals(cluster: Cluster) -> None:
    def arrive(_: str) -> None:
        if cluster.read.get(SYNCS) == 3:
            cluster.lists[SYNCS].append(sync("edge-2", "u1", "19"))

    cluster.on_read = arrive
    done = deliver(cluster, ["edge-1", "edge-2"], 60, recorder()[1], heals=True)
    assert (done.left, cluster.patches) == ([], [])


def test_missing_access_objects_are_not_reported_as_acknowledged() -> None:
    assert delivery_text(deliver(Cluster(), ["edge-1"], 60, recorder()[1])) == (
        "access objects: none; cloudcore makes one for each service account of pods on edge nodes"
    )
    assert "acknowledged" not in delivery_text(Delivery())


@pytest.mark.parametrize(
    ("version", "has", "heals"),
    [("1.13.5", False, True), ("1.14.5", True, True), ("1.16.6", True, True), ("1.17.0", True, False)],
)
def test_access_objects_by_release(version: str, has: bool, heals: bool) -> None:
    release = Release.parse(KUBEEDGE, version)
    assert (exist(release), heal(release)) == (has, heals)


def test_renew_command_is_quoted_for_a_shell() -> None:
    assert renew_command("kubeedge", "edgemesh-agent") == (
        "kubectl --namespace kubeedge patch serviceaccountaccess edgemesh-agent --subresource=status "
        '--type=merge --patch \'{"status":{"nodeList":[]}}\''
    )
