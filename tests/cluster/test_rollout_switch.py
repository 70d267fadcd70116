"""A switch of TLS with the rollout: one run of `generator install` does all of it."""

from __future__ import annotations

from tests.cluster.api import Api
from tests.cluster.command import Generator
from tests.cluster.edge_nodes import REASON
from tests.cluster.rollouts import GO, GROUPS, LINE, Fleet, api, checksum, fleet, helm, plane
from tests.cluster.test_install import generator, tls
from tests.cluster.test_nodes_done import ACCOUNT, add_access, cloudcore

__all__ = ["api", "fleet", "generator", "helm", "plane"]

PLAIN, VERIFIED = (("--profile", profile, "-f", "site.yaml") for profile in ("plain", "one-way-verified"))
OFF, ON, IN_PART = (
    {"cloud": cloud, "edge": cloud, "agent": agent}
    for cloud, agent in ((False, False), (True, True), (True, False))
)
NODES = {f"edge-{number}": {LINE: "a"} for number in range(1, 5)}


def test_one_run_switches_tls(generator: Generator, fleet: Fleet, api: Api) -> None:
    with fleet(NODES):
        generator("install", *PLAIN, *GO)
        add_access(api)
        with cloudcore(api) as sent:
            done = generator("install", *VERIFIED, *GO)
        assert "  cloudcore, edgecore -> 4 edge nodes -> edgemesh\n" in done.out
        assert "By hand" not in done.out
        check_order(
            done.err,
            "[1/3] cloudcore: done",
            "[2/3] edgecore: done",
            "rollout: 4 of 4 nodes updated",
            "edge nodes: 4 nodes must be connected; waiting",
            "1 access object: 1 sent again, acknowledged by every node",
            "[3/3] edgemesh: upgrade",
            "[3/3] edgemesh: done",
        )
        assert sent == [ACCOUNT]
        assert tls(api) == ON
        assert "no findings" in generator("status").out

        back = generator("install", *PLAIN, *GO)
        assert "  edgecore -> 4 edge nodes -> edgemesh, cloudcore\n" in back.out
        check_order(
            back.err,
            "[1/3] edgecore: done",
            "rollout: 4 of 4 nodes updated",
            "[2/3] edgemesh: upgrade",
            "[3/3] cloudcore: upgrade",
        )
        assert tls(api) == OFF


def test_failed_node_stops_the_switch_before_edgemesh(generator: Generator, fleet: Fleet, api: Api) -> None:
    with fleet(NODES) as nodes:
        generator("install", *PLAIN, *GO)
        nodes.fail(["edge-2"], checksum(generator, *VERIFIED))
        # The switch needs this wait, so --no-wait does not skip it.
        failed = generator("install", *VERIFIED, *GO, "--no-wait", code=3)
        assert f"the rollout failed on some nodes:\n  edge-2: {REASON} (fix the cause" in failed.err
        check_order(failed.err, "[2/3] edgecore: done", "1 failed")
        assert "edgemesh: " not in failed.err
        assert tls(api) == IN_PART
        again = generator("install", *VERIFIED, *GO, code=3)
        assert f"edge-2: {REASON}" in again.err
        assert tls(api) == IN_PART

        nodes.failing.clear()
        api.delete("v1", "Pod", nodes.pods()["edge-2"]["metadata"]["name"], "kubeedge")
        done = generator("install", *VERIFIED, *GO)
        assert "  cloudcore, edgecore -> 4 edge nodes -> edgemesh\n" in done.out
        check_order(done.err, "rollout: 4 of 4 nodes updated", "[1/1] edgemesh: upgrade")
        assert tls(api) == ON


def test_nodes_of_no_group_stop_the_switch(generator: Generator, fleet: Fleet) -> None:
    generator.site(GROUPS.format(more=""))
    with fleet({**NODES, "x-1": {}}):
        generator("install", *PLAIN, *GO)
        first = generator("install", *VERIFIED, *GO)
        assert "By hand, on each of x-1:\n" in first.out
        assert "with --nodes-done; it then upgrades the Helm releases edgemesh [step-nodes-done]" in first.out
        check_order(first.err, "[2/2] edgecore: done", "rollout of group line-a: 4 of 4 nodes updated")
        assert "edgemesh: " not in first.err
        rejected = generator("install", *VERIFIED, *GO, code=1)
        assert "change the edge nodes first: x-1; nothing was changed" in rejected.err
        done = generator("install", *VERIFIED, *GO, "--nodes-done")
        check_order(done.err, "edge nodes: 5 nodes must be connected", "[1/1] edgemesh: done")


def check_order(text: str, *parts: str) -> None:
    """Check that a text has all parts, one after the other."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        assert found >= 0, f"missing, or in another place: {part}\n{text}"
        place = found + 1
