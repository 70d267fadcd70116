"""Which nodes the rollout has reached, from the pods of its DaemonSets."""

from __future__ import annotations

from typing import Any

import pytest

from generator.install.findings import findings
from generator.install.nodes import read_nodes
from generator.install.rollout import GroupRollout, Rollouts, progress, read_rollouts
from generator.kube.objects import Object
from generator.kube.rollout import claimed, wave_size, waves, with_counts
from tests.install.kubernetes import NODES, PODS, Cluster, node
from tests.install.test_findings import status

NEW, OLD = "new", "old"
LINE = "example.com/line"
EDGE = {"node-role.kubernetes.io/edge": ""}
FAILED = "the old file is back"


def daemonset(group: str = "", *, wave: object = 1, **rest: list[str]) -> Object:
    """Return a DaemonSet of the rollout; `rest` are values of the label of a line, by operator."""
    expressions: list[dict[str, Any]] = [{"key": "node-role.kubernetes.io/edge", "operator": "Exists"}]
    expressions += [{"key": LINE, "operator": name, "values": values} for name, values in rest.items()]
    required = {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}
    labels = {"kubeedge": "edgecore-rollout"} | ({"kubeedge.io/node-group": group} if group else {})
    name = f"edgecore-rollout-{group}" if group else "edgecore-rollout"
    template = {"metadata": {"annotations": {"checksum/edgecore": NEW}}, "spec": {"affinity": affinity}}
    data = {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": "kubeedge", "labels": labels},
        "spec": {"updateStrategy": {"rollingUpdate": {"maxUnavailable": wave}}, "template": template},
    }
    return Object(data)


def pod(
    on: str,
    checksum: str = NEW,
    *,
    group: str = "",
    ready: bool = True,
    message: str | None = None,
    code: int = 1,
    leaving: bool = False,
) -> dict[str, Any]:
    """Return a pod of the rollout; with `message` its init container has ended."""
    owner = daemonset(group).name
    meta: dict[str, Any] = {
        "name": f"{owner}-{on}",
        "annotations": {"checksum/edgecore": checksum},
        "ownerReferences": [{"kind": "DaemonSet", "name": owner}],
    }
    if leaving:
        meta["deletionTimestamp"] = "2026-11-28T10:00:00Z"
    condition = {"type": "Ready", "status": str(ready and message is None)}
    found: dict[str, Any] = {"conditions": [condition]}
    if message is not None:
        ended = {"terminated": {"exitCode": code, "message": message}}
        found["initContainerStatuses"] = [{"state": {"waiting": {}}, "lastState": ended}]
    return {"metadata": meta, "spec": {"nodeName": on}, "status": found}


def edge(name: str, *, ready: bool = True, line: str = "") -> dict[str, Any]:
    """Return an edge node, of a line or of none."""
    found = node(name, ready=ready)
    found["metadata"]["labels"] = {**EDGE, **({LINE: line} if line else {})}
    return found


def read(nodes: list[dict[str, Any]], pods: list[dict[str, Any]], *found: Object) -> Rollouts:
    """Return the rollouts of some DaemonSets."""
    cluster = Cluster()
    cluster.lists = {NODES: nodes, PODS: pods}
    return read_rollouts(cluster, list(found or [daemonset()]), read_nodes(cluster))


def only(nodes: list[dict[str, Any]], pods: list[dict[str, Any]]) -> GroupRollout:
    """Return the only rollout."""
    (found,) = read(nodes, pods).groups
    return found


# --- the state of a node --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "ready", "expected"),
    [
        ([pod("edge-1")], True, "updated"),
        ([pod("edge-1")], False, "updated"),
        ([pod("edge-1", ready=False)], True, "pending"),
        ([pod("edge-1", OLD)], True, "pending"),
        ([], True, "pending"),
        ([], False, "offline"),
        ([pod("edge-1", OLD)], False, "offline"),
        ([pod("edge-1", message=FAILED)], True, "failed"),
        ([pod("edge-1", message=FAILED)], False, "failed"),
        ([pod("edge-1", OLD, message=FAILED)], True, "pending"),
        ([pod("edge-1", ready=False, message="", code=0)], True, "pending"),
        ([pod("edge-1", OLD, leaving=True), pod("edge-1")], True, "updated"),
        ([pod("edge-1"), pod("edge-1", OLD, leaving=True)], True, "updated"),
    ],
    ids=[
        "ready",
        "ready-before-the-node-went-offline",
        "not-ready",
        "old-file",
        "no-pod",
        "offline-without-pod",
        "offline-with-old-file",
        "failed",
        "failed-then-offline",
        "failed-with-the-old-file",
        "init-container-succeeded",
        "old-pod-is-leaving",
        "old-pod-is-leaving-and-listed-last",
    ],
)
def test_each_node_is_in_the_list_of_its_state(
    found: list[dict[str, Any]], ready: bool, expected: str
) -> None:
    group = only([edge("edge-1", ready=ready)], found)
    states = {
        "updated": group.updated,
        "pending": group.pending,
        "failed": list(group.failed),
        "offline": group.offline,
    }
    assert {name: nodes for name, nodes in states.items() if nodes} == {expected: ["edge-1"]}
    assert group.nodes == 1


@pytest.mark.parametrize(("message", "reason"), [(f"{FAILED}\n", FAILED), ("", "exit code 1")])
def test_reason_is_the_message_of_the_container_or_its_exit_code(message: str, reason: str) -> None:
    assert only([edge("edge-1")], [pod("edge-1", message=message)]).failed == {"edge-1": reason}


def test_pod_that_only_compared_holds_its_node() -> None:
    found = pod("edge-1")
    ended = {"exitCode": 0, "message": "held: the settings differ"}
    found["status"]["initContainerStatuses"] = [{"state": {"terminated": ended}}]
    group = only([edge("edge-1")], [found])
    assert (group.held, group.updated, group.nodes) == (["edge-1"], [], 1)


def test_failure_of_the_running_container_counts() -> None:
    found = pod("edge-1", message=FAILED)
    found["status"]["containerStatuses"] = found["status"].pop("initContainerStatuses")
    assert only([edge("edge-1")], [found]).failed == {"edge-1": FAILED}


def test_pod_without_a_node_counts_for_no_node() -> None:
    waiting = pod("edge-1")
    del waiting["spec"]["nodeName"]
    assert only([edge("edge-1")], [waiting]).pending == ["edge-1"]


def test_nothing_is_read_without_a_rollout() -> None:
    assert read_rollouts(cluster := Cluster(), [], {}) == Rollouts()
    assert cluster.read == {}


# --- groups ---------------------------------------------------------------------------------

GROUPS = (daemonset("a", In=["a"]), daemonset("rest", NotIn=["a"]), daemonset("both", In=["a", "b"]))


def test_nodes_are_claimed_by_their_labels() -> None:
    labels = {"a-1": {**EDGE, LINE: "a"}, "b-1": {**EDGE, LINE: "b"}, "x-1": EDGE, "cloud-1": {LINE: "a"}}
    assert claimed(GROUPS[:2], labels) == {
        "a-1": ["edgecore-rollout-a"],
        "b-1": ["edgecore-rollout-rest"],
        "x-1": ["edgecore-rollout-rest"],
        "cloud-1": [],
    }
    assert claimed([], labels) == {name: [] for name in labels}


def test_nodes_of_no_group_and_of_several_are_listed() -> None:
    nodes = [edge("a-1", line="a"), edge("b-1", line="b"), edge("x-1")]
    found = read(nodes, [], GROUPS[0], GROUPS[2])
    assert found.ungrouped == ["x-1"]
    assert {name: set(groups) for name, groups in found.shared.items()} == {"a-1": {"a", "both"}}
    assert sum(group.nodes for group in found.groups) == 2


@pytest.mark.parametrize("group", ["a", "both"])
def test_node_of_two_groups_counts_where_its_pod_runs(group: str) -> None:
    found = read([edge("a-1", line="a")], [pod("a-1", group=group)], GROUPS[0], GROUPS[2])
    assert {one.group: one.updated for one in found.groups if one.nodes} == {group: ["a-1"]}


def test_each_daemonset_gets_its_number_of_nodes() -> None:
    labels = {"a-1": {**EDGE, LINE: "a"}, "a-2": {**EDGE, LINE: "a"}, "x-1": EDGE}
    other = Object({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}})
    counted = with_counts([*GROUPS[:2], other], labels)
    numbers = [(one.data.get("status") or {}).get("desiredNumberScheduled") for one in counted]
    assert numbers == [2, 1, None]


# --- waves and progress ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wave", "nodes", "size", "number"),
    [
        ("1", 20, 1, 20),
        ("3", 20, 3, 7),
        ("30", 20, 30, 1),
        ("10%", 20, 2, 10),
        ("10%", 21, 3, 7),
        ("1%", 20, 1, 20),
        ("100%", 20, 20, 1),
        ("10%", 0, 1, 0),
        ("0", 20, 1, 20),
    ],
)
def test_percentage_of_nodes_is_rounded_up(wave: str, nodes: int, size: int, number: int) -> None:
    assert wave_size(wave, nodes) == size
    assert waves(wave, nodes) == number


def test_maxunavailable_of_the_daemonset_is_read() -> None:
    found = read([], [], daemonset("a", wave="25%"), daemonset("b", wave=3), daemonset("c", wave=None))
    assert [one.wave for one in found.groups] == ["25%", "3", "1"]


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (GroupRollout("", "d", "1", updated=["a"]), "rollout: 1 of 1 node updated"),
        (
            GroupRollout(
                "line",
                "d",
                "1",
                updated=["a"],
                pending=["b", "c"],
                failed={"d": "x"},
                offline=["e"],
            ),
            "rollout of group line: 1 of 5 nodes updated, 2 pending, 1 failed, 1 offline",
        ),
    ],
)
def test_progress_leaves_out_what_is_zero(group: GroupRollout, expected: str) -> None:
    assert progress(group) == expected


# --- findings -------------------------------------------------------------------------------


def codes(group: GroupRollout) -> list[str]:
    """Return the codes of the findings about a rollout."""
    return [one.code for one in findings(status(rollouts=Rollouts([group])))]


@pytest.mark.parametrize(
    ("wave", "failed", "offline", "pending", "expected"),
    [
        ("1", 1, 0, 5, ["rollout-failed", "rollout-blocked"]),
        ("2", 1, 0, 5, ["rollout-failed"]),
        ("1", 1, 0, 0, ["rollout-failed"]),
        ("1", 0, 0, 5, []),
        ("1", 0, 1, 5, ["rollout-blocked"]),
        ("2", 0, 1, 5, []),
        ("2", 1, 1, 5, ["rollout-failed", "rollout-blocked"]),
        ("25%", 0, 2, 8, ["rollout-blocked"]),
    ],
)
def test_as_many_failed_and_offline_nodes_as_a_wave_block(
    wave: str, failed: int, offline: int, pending: int, expected: list[str]
) -> None:
    nodes = [edge(f"f-{number}") for number in range(failed)]
    nodes += [edge(f"o-{number}", ready=False) for number in range(offline)]
    nodes += [edge(f"p-{number}") for number in range(pending)]
    pods = [pod(f"f-{number}", message=FAILED) for number in range(failed)]
    pods += [pod(f"o-{number}", OLD, ready=False, leaving=True) for number in range(offline)]
    (group,) = read(nodes, pods, daemonset(wave=wave)).groups
    assert codes(group) == expected


def test_offline_node_without_a_pod_does_not_block() -> None:
    (group,) = read([edge("o-1", ready=False), edge("p-1")], []).groups
    assert (group.offline, group.pending, codes(group)) == (["o-1"], ["p-1"], [])


def test_more_than_20_failed_nodes_share_a_finding() -> None:
    group = GroupRollout("", "d", "30", failed={f"edge-{number:02}": FAILED for number in range(25)})
    found = findings(status(rollouts=Rollouts([group])))
    assert [one.code for one in found] == ["rollout-failed"] * 21
    assert str(found[-1]) == (
        "daemonset d: the same or another reason on edge-20, edge-21, edge-22, edge-23, edge-24 "
        "(see the pods of this DaemonSet) [rollout-failed]"
    )
