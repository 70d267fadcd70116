"""The rollout of edgecore.yaml to simulated edge nodes, by the DaemonSets of the edgecore chart."""

from __future__ import annotations

import json

import pytest

from tests.cluster.api import Api, Object, until
from tests.cluster.command import Generator
from tests.cluster.edge_nodes import REASON
from tests.cluster.rollouts import (
    EDGECORE,
    GO,
    GROUPS,
    HEARTBEAT,
    LINE,
    TWENTY,
    WAVE,
    Fleet,
    api,
    checksum,
    daemonset_nodes,
    fleet,
    helm,
    plane,
)
from tests.cluster.test_install import generator

__all__ = ["api", "fleet", "generator", "helm", "plane"]

FAILING = {"edge-03", "edge-10", "edge-17"}


@pytest.mark.parametrize("wave", ["1", "3"])
def test_good_file_reaches_all_nodes_a_few_at_a_time(generator: Generator, fleet: Fleet, wave: str) -> None:
    site = (*EDGECORE, "--set", f"{WAVE}{wave}")
    new = (*site, "--set", f"{HEARTBEAT}20")
    with fleet(TWENTY) as nodes:
        first = generator("install", *site, *GO)
        assert first.err.endswith("rollout: 20 of 20 nodes updated\n")
        nodes.unready.clear()
        done = generator("install", *new, *GO)
        assert done.err.endswith("rollout: 20 of 20 nodes updated\n")
        assert "By hand" not in done.out
        assert nodes.with_file(checksum(generator, *new)) == set(TWENTY)
        assert max(nodes.unready) == int(wave)
        assert "\nrollout: 20 of 20 nodes updated\n" in generator("status").out
        again = generator("install", *new, *GO)
        assert "edgecore: nothing to do (revision 2)" in again.out
        assert "[1/" not in again.err


def test_new_rollout_starts_in_waves_on_nodes_with_other_settings(generator: Generator, fleet: Fleet) -> None:
    site = (*EDGECORE, "--set", f"{WAVE}2")
    with fleet(TWENTY) as nodes:
        nodes.differing |= set(list(TWENTY)[:6])
        generator("install", *site, *GO, "--no-wait")
        until(lambda: nodes.unready[-1:] == [0], "all pods are ready")
        report = json.loads(generator("status", "--format", "json", code=1).out)
        assert [(len(one["updated"]), len(one["held"])) for one in report["rollouts"]] == [(14, 6)]
        assert [one["ruleId"] for one in report["findings"]] == ["rollout-held"]
        nodes.unready.clear()
        done = generator("install", *site, *GO)
        assert "rollout: 14 of 20 nodes updated, 6 held; starting it, 2 at a time\n" in done.err
        assert done.err.endswith("rollout: 20 of 20 nodes updated\n")
        assert max(nodes.unready) == 2
        assert "no findings" in generator("status").out


def test_failed_nodes_stop_the_rollout_and_a_good_file_mends_them(generator: Generator, fleet: Fleet) -> None:
    site = (*EDGECORE, "--set", f"{WAVE}2")
    bad, good = ((*site, "--set", f"{HEARTBEAT}{seconds}") for seconds in (20, 30))
    with fleet(TWENTY) as nodes:
        generator("install", *site, *GO)
        nodes.fail(FAILING, checksum(generator, *bad))
        nodes.unready.clear()
        failed = generator("install", *bad, *GO, code=3)
        stopped = nodes.pods()
        report = json.loads(generator("status", "--format", "json", code=1).out)
        (group,) = report["rollouts"]
        assert (group["nodes"], len(group["failed"]), group["offline"]) == (20, 2, [])
        assert set(group["failed"]) < FAILING
        assert set(group["failed"].values()) == {REASON}
        assert {*group["updated"], *group["pending"], *group["failed"]} == set(TWENTY)
        assert nodes.with_file(checksum(generator, *bad)) == set(group["updated"])
        assert nodes.with_file(checksum(generator, *site)) == set(group["pending"])
        assert "release-not-deployed" not in {one["ruleId"] for one in report["findings"]}

        # Each node is named when it fails, and at the end.
        assert failed.err.count(f": {REASON}") == 4
        fix = "fix the cause, delete the pods of these nodes to try again, and run the same command again"
        assert "the rollout failed on some nodes:\n  edge-" in failed.err
        assert f"({fix} to continue)" in failed.err
        text = generator("status", code=1).out
        updated, pending = len(group["updated"]), len(group["pending"])
        assert f"\nrollout: {updated} of 20 nodes updated, {pending} pending, 2 failed\n" in text
        for node in group["failed"]:
            named = f"daemonset edgecore-rollout: node {node}: the old edgecore.yaml is in use: {REASON}"
            assert f"{named} (fix the cause; delete the pod on this node" in text
        assert f"daemonset edgecore-rollout: {pending} nodes wait; as many nodes as maxUnavailable" in text
        assert text.count("[rollout-failed]") == 2
        assert text.count("[rollout-blocked]") == 1
        assert max(nodes.unready) == 2
        # The rollout stays as it is, and the same command fails again.
        assert REASON in generator("install", *bad, *GO, code=3).err
        assert {name: pod["metadata"]["uid"] for name, pod in nodes.pods().items()} == {
            name: pod["metadata"]["uid"] for name, pod in stopped.items()
        }

        done = generator("install", *good, *GO)
        assert done.err.endswith("rollout: 20 of 20 nodes updated\n")
        assert nodes.with_file(checksum(generator, *good)) == set(TWENTY)
        assert max(nodes.unready) == 2
        assert "no findings" in generator("status").out


def test_deleted_pod_of_a_failed_node_tries_the_file_again(
    generator: Generator, fleet: Fleet, api: Api
) -> None:
    new = (*EDGECORE, "--set", f"{HEARTBEAT}20")
    with fleet({"edge-1": {}, "edge-2": {}, "edge-3": {}}) as nodes:
        generator("install", *EDGECORE, *GO)
        nodes.fail(["edge-1", "edge-2", "edge-3"], checksum(generator, *new))
        assert "the rollout failed on some nodes:\n  edge-" in generator("install", *new, *GO, code=3).err
        nodes.failing.clear()
        (failed,) = (
            pod["metadata"]["name"]
            for pod in nodes.pods().values()
            if "initContainerStatuses" in pod["status"]
        )
        api.delete("v1", "Pod", failed, "kubeedge")
        assert "rollout: 3 of 3 nodes updated\n" in generator("install", *new, *GO).err


def test_each_group_takes_its_nodes_and_default_the_rest(
    generator: Generator, fleet: Fleet, api: Api
) -> None:
    generator.site(GROUPS.format(more="    default: {}"), "groups.yaml")
    site = ("--profile", "plain", "-f", "groups.yaml", "--chart", "edgecore")
    labels = {"a-1": {LINE: "a"}, "a-2": {LINE: "a"}, "b-1": {LINE: "b"}, "x-1": {}, "x-2": {LINE: "c"}}
    with fleet(labels):
        generator("install", *site, *GO)
        assert daemonset_nodes(api) == {
            "edgecore-rollout-line-a": ["a-1", "a-2"],
            "edgecore-rollout-line-b": ["b-1"],
            "edgecore-rollout-default": ["x-1", "x-2"],
        }
        text = generator("status").out
        assert "\nrollout of group line-a: 2 of 2 nodes updated\n" in text
        assert "\nrollout of group line-b: 1 of 1 node updated\n" in text
        assert "\nrollout of group default: 2 of 2 nodes updated\n" in text
        assert "no findings" in text
        # A node that moves to another group gets the pod of that group.
        api.do("PATCH", "/api/v1/nodes/x-1", {"metadata": {"labels": {LINE: "b"}}}, "merge")
        until(lambda: daemonset_nodes(api)["edgecore-rollout-line-b"] == ["b-1", "x-1"], "x-1 moves")


def test_node_of_two_groups_gets_one_pod(generator: Generator, fleet: Fleet, api: Api) -> None:
    generator.site(GROUPS.format(more="    hall: {nodeSelector: {example.com/hall: h}}"), "groups.yaml")
    site = ("--profile", "plain", "-f", "groups.yaml", "--chart", "edgecore")
    labels = {"a-1": {LINE: "a"}, "b-1": {LINE: "b"}, "h-1": {"example.com/hall": "h"}, "both": {LINE: "a"}}
    with fleet(labels) as nodes:
        generator("install", *site, *GO)
        second = {"metadata": {"labels": {"example.com/hall": "h"}}}
        api.do("PATCH", "/api/v1/nodes/both", second, "merge")
        until(lambda: len(waiting(api)) == 1, "the pod of the second group waits")
        until(lambda: "anti-affinity" in json.dumps(waiting(api)), "the scheduler says why")
        assert daemonset_nodes(api) == {
            "edgecore-rollout-line-a": ["a-1", "both"],
            "edgecore-rollout-line-b": ["b-1"],
            "edgecore-rollout-hall": ["h-1"],
        }
        text = generator("status", code=1).out
        assert "node both: its labels fit the node groups " in text
        assert text.count("[node-in-two-groups]") == 1
        assert "\nrollout of group line-a: 2 of 2 nodes updated\n" in text
        assert "\nrollout of group hall: 1 of 1 node updated\n" in text
        report = json.loads(generator("status", "--format", "json", code=1).out)
        assert {name: set(found) for name, found in report["nodesOfSeveralGroups"].items()} == {
            "both": {"line-a", "hall"}
        }
        # The first label goes, and the second group takes the node.
        api.do("PATCH", "/api/v1/nodes/both", {"metadata": {"labels": {LINE: None}}}, "merge")
        until(lambda: "both" in daemonset_nodes(api)["edgecore-rollout-hall"], "one group is left")
        until(lambda: nodes.unready[-1] == 0, "all nodes have a ready pod")
        assert "no findings" in generator("status").out


def waiting(api: Api) -> list[Object]:
    """Return the pods of the rollout without a node."""
    pods = api.all("v1", "Pod", "kubeedge", labelSelector="kubeedge=edgecore-rollout")
    return [pod for pod in pods if "nodeName" not in pod["spec"]]


def test_node_of_no_group_is_reported(generator: Generator, fleet: Fleet, api: Api) -> None:
    generator.site(GROUPS.format(more=""), "groups.yaml")
    site = ("--profile", "plain", "-f", "groups.yaml", "--chart", "edgecore")
    with fleet({"a-1": {LINE: "a"}, "b-1": {LINE: "b"}, "x-1": {}}):
        done = generator("install", *site, *GO)
        assert "By hand, on each of x-1:\n" in done.out
        assert daemonset_nodes(api) == {
            "edgecore-rollout-line-a": ["a-1"],
            "edgecore-rollout-line-b": ["b-1"],
        }
        text = generator("status", code=1).out
        assert "\nedge nodes of no group: x-1\n" in text
        assert "no rollout changes edgecore.yaml on x-1: their labels fit no node group" in text
        report = json.loads(generator("status", "--format", "json", code=1).out)
        assert report["nodesOfNoGroup"] == ["x-1"]
        assert [one["ruleId"] for one in report["findings"]] == ["node-without-group"]


def test_diff_and_dry_run_name_groups_nodes_and_waves(generator: Generator, fleet: Fleet) -> None:
    generator.site(GROUPS.format(more="    default: {}"), "groups.yaml")
    site = ("--profile", "plain", "-f", "groups.yaml", "--chart", "edgecore")
    new = generator.site(
        "profile: plain\n" + GROUPS.format(more="    default: {}").replace("edgeCore:", CHANGED), "new.yaml"
    )
    labels = {name: {LINE: "a" if number < 15 else "b"} for number, name in enumerate(TWENTY)}
    with fleet(labels):
        generator("install", *site, "--set", f"{WAVE}2", *GO)
        wanted = [
            f"the rollout writes edgecore.yaml on the nodes of group {group} and restarts edgecore: "
            f"{number}, 2 at a time [edgecore-restart]"
            for group, number in (("line-a", "15 nodes in 8 waves"), ("line-b", "5 nodes in 3 waves"))
        ]
        shown = generator("install", *site, "--set", f"{WAVE}2", "--set", f"{HEARTBEAT}20", "--dry-run")
        compared = generator("diff", "release:edgecore", new, code=1)
        for text in wanted:
            assert text in shown.out
            assert text in compared.out


CHANGED = "edgeCore:\n  modules:\n    edgeHub:\n      heartbeat: 20"
