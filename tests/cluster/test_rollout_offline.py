"""What an offline node does to the rollout of edgecore.yaml; the node controller notices it after 50 s."""

from __future__ import annotations

import json
import time

from tests.cluster.api import Api, Object, until
from tests.cluster.command import Generator
from tests.cluster.rollouts import EDGECORE, GO, HEARTBEAT, WAVE, Fleet, api, checksum, fleet, helm, plane
from tests.cluster.test_install import generator

__all__ = ["api", "fleet", "generator", "helm", "plane"]

NODES: dict[str, dict[str, str]] = {f"edge-{number}": {} for number in range(1, 7)}
AWAY = "edge-4"
HELD_UP = "offline nodes count as unavailable; set edgeCore.rollout.maxUnavailable above their number"


def test_offline_node_holds_up_a_wave_of_one_and_follows_later(
    generator: Generator, fleet: Fleet, api: Api
) -> None:
    new = (*EDGECORE, "--set", f"{HEARTBEAT}20")
    with fleet(NODES) as nodes:
        generator("install", *EDGECORE, "--set", f"{WAVE}1", *GO)
        nodes.offline.add(AWAY)
        until(lambda: node_ready(api) == "Unknown", "the node controller notices", seconds=120)
        until(lambda: not ready(nodes.pods()[AWAY]), "its pod is not ready")

        # Kubernetes deletes the pod of the offline node at once, and then waits for it.
        running = generator.start("install", *new, "--set", f"{WAVE}1", *GO)
        until(lambda: "deletionTimestamp" in nodes.pods()[AWAY]["metadata"], "the pod is deleted", seconds=60)
        time.sleep(10)
        assert nodes.with_file(checksum(generator, *new)) == set()
        group, codes = rollout(generator, code=1)
        assert (group["updated"], group["failed"], group["offline"]) == ([], {}, [AWAY])
        assert "rollout-blocked" in codes
        running.terminate()
        _, err = running.communicate(timeout=30)
        assert running.returncode == 3
        assert f"rollout: 0 of 6 nodes updated, 5 pending, 1 offline; {HELD_UP}\n" in err
        assert "interrupted while the rollout goes on in the cluster (run the same command again" in err

        # A larger wave goes on with the other nodes.
        done = generator("install", *new, "--set", f"{WAVE}2", *GO)
        assert done.err.endswith(
            "rollout: 5 of 6 nodes updated, 1 offline\n"
            f"rollout: offline nodes follow when they are back: {AWAY}\n"
        )
        group, codes = rollout(generator)
        assert (group["updated"], group["offline"]) == (sorted(set(NODES) - {AWAY}), [AWAY])
        assert codes == []

        nodes.offline.clear()
        wanted = checksum(generator, *new)
        until(lambda: nodes.with_file(wanted) == set(NODES), "the node follows", seconds=60)
        assert "\nrollout: 6 of 6 nodes updated\n" in generator("status").out


def node_ready(api: Api) -> str:
    """Return whether the node is Ready, as its condition has it."""
    node = api.do("GET", f"/api/v1/nodes/{AWAY}")
    return next(str(one["status"]) for one in node["status"]["conditions"] if one["type"] == "Ready")


def ready(pod: Object) -> bool:
    """Return whether a pod has the condition Ready."""
    return any(one["type"] == "Ready" and one["status"] == "True" for one in pod["status"]["conditions"])


def rollout(generator: Generator, code: int = 0) -> tuple[Object, list[str]]:
    """Return the state of the rollout, and the codes of all findings."""
    report = json.loads(generator("status", "--format", "json", code=code).out)
    (group,) = report["rollouts"]
    return group, [one["ruleId"] for one in report["findings"]]
