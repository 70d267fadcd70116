"""The DaemonSet that brings edgecore.yaml to the node: changes, faults, interruptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cluster.api import Object
from tests.edge.edge_node import CONFIG, EdgeNode
from tests.edge.joined import Joined
from tests.edge.outcomes import CLOUD, Outcomes
from tests.edge.rollout import HEARTBEAT, NAME, PENDING, TRIAL, Rollout, heartbeat, node_config
from tests.edge.waiting import until
from tests.edge.world import NAMESPACE, world_of

pytestmark = pytest.mark.under("plain", "mtls")


@pytest.fixture(scope="module")
def rollout(profile: str, release: str, edge: EdgeNode) -> Iterator[Rollout]:
    """Give a joined node with the rollout; the tests share it, in their order."""
    with world_of(profile, release, edge) as world:
        world.settings |= {"edgeCore.rollout.enable": "true", "edgeCore.rollout.healthTimeout": "60"}
        found = Rollout(Joined(world, profile))
        found.wait_until_done()
        yield found


@pytest.mark.proves("the rollout restarts nothing on a node that has the wanted settings")
def test_node_with_wanted_settings_is_left_alone(rollout: Rollout) -> None:
    assert rollout.result() == "unchanged"
    # keadm connects once, and join.sh once more and keeps the file of keadm. edgecore may also exit by
    # itself, 30 s after its start, if it has not received its own Node by then (csi_plugin.go:322).
    assert rollout.world.connections() == 2 + rollout.world.edge.exits()
    assert len([*CONFIG.parent.iterdir()]) == 2


@pytest.mark.proves("the rollout brings a change to the node, and every pod is served afterwards")
def test_change_reaches_the_node(rollout: Rollout) -> None:
    mode = CONFIG.stat().st_mode
    with Outcomes() as outcomes:
        until(lambda: outcomes.last() == CLOUD, "the agent is served")
        rollout.set(HEARTBEAT, "6")
        rollout.wait_until_done()
        assert heartbeat() == 6
        assert rollout.result() == "updated"
        assert node_config()["modules"]["edged"]["hostnameOverride"] == "edge-1"
        assert CONFIG.stat().st_mode == mode
        # Nobody restarts pods by hand.
        until(lambda: outcomes.last() == CLOUD, "the agent is served again")
    until(lambda: rollout.joined.ask().from_cloud, "the application is served again")
    rollout.world.wait_for_no_findings()


def unknown_gate(config: Any) -> None:
    config.setdefault("featureGates", {})["noSuchGate"] = True


def muted_endpoint(config: Any) -> None:
    config["modules"]["metaManager"]["metaServer"]["server"] = "203.0.113.9:10550"


def cloudcore_elsewhere(config: Any) -> None:
    config["modules"]["edgeHub"]["websocket"]["server"] = "192.0.2.99:10000"


HARMS = {
    "crashes edgecore": (unknown_gate, "edgecore does not run"),
    "mutes the endpoint": (muted_endpoint, ""),
    "names another cloudcore": (cloudcore_elsewhere, "not connected to cloudcore at 192.0.2.99:10000"),
}


@pytest.mark.proves("the rollout puts the old file back if the new one {harm}")
@pytest.mark.under("plain")
@pytest.mark.parametrize("harm", HARMS)
def test_bad_file_is_taken_back(rollout: Rollout, harm: str) -> None:
    edit, says = HARMS[harm]
    before, good, events = node_config(), rollout.wanted(), len(rollout.events())
    rollout.hand_out(edit)
    message = rollout.wait_until_failed()
    assert says in message
    assert "the old file is back; edgecore is healthy with it" in message
    assert node_config() == before
    until(lambda: len(rollout.events()) > events, "an Event says why")
    until(lambda: rollout.joined.ask().from_cloud, "the application is served")
    restarts = rollout.world.connections()
    # The container starts again after a while; it does not try the file again.
    until(lambda: _restarts(rollout.pod()) > 0, "the container starts again")
    assert rollout.world.connections() == restarts
    rollout.hand_out_text(good)
    rollout.wait_until_done()


@pytest.mark.under("plain")
@pytest.mark.proves("helm rollback brings the old file back to the node")
def test_helm_rollback(rollout: Rollout) -> None:
    rollout.set(HEARTBEAT, "7")
    rollout.wait_until_done()
    assert heartbeat() == 7
    rollout.world.helm("rollback", "edgecore", "--namespace", NAMESPACE)
    rollout.wait_until_done()
    assert heartbeat() == 6
    rollout.world.settings[HEARTBEAT] = "6"


@pytest.mark.under("plain")
@pytest.mark.proves("of two changes one after the other, the node ends with the second")
def test_second_change_follows_at_once(rollout: Rollout) -> None:
    rollout.hand_out(lambda config: config["modules"]["edgeHub"].update(heartbeat=8))
    until(TRIAL.exists, "the first change is on its way")
    rollout.hand_out(lambda config: config["modules"]["edgeHub"].update(heartbeat=9))
    rollout.wait_until_done()
    assert heartbeat() == 9


STEPS: dict[str, Callable[[int], bool]] = {
    "begins": lambda _: PENDING.exists(),
    "has kept the old file": lambda _: TRIAL.exists(),
    "has written the new file": lambda wanted: TRIAL.exists() and heartbeat() == wanted,
}


def _kill_pod(rollout: Rollout) -> None:
    name = f"kubeedge={NAME}"
    rollout.world.kubectl("delete", "pods", "--selector", name, "--wait=false", "--grace-period=1")


def _cut_power(rollout: Rollout) -> None:
    rollout.world.edge.power_off()
    config = CONFIG.read_text("utf-8")
    assert config.startswith("apiVersion: ")
    rollout.world.edge.power_on()


INTERRUPTIONS: dict[str, Callable[[Rollout], None]] = {
    "its pod is deleted": _kill_pod,
    "the power fails": _cut_power,
}
# tests/node kills the script at each of its steps.
INTERRUPTED = (
    ("begins", "its pod is deleted"),
    ("has kept the old file", "the power fails"),
    ("has written the new file", "the power fails"),
)


@pytest.mark.newest
@pytest.mark.under("plain")
@pytest.mark.proves("a change arrives although {interruption} when the update {step}")
@pytest.mark.parametrize(("step", "interruption"), INTERRUPTED)
def test_interrupted_update_goes_on(rollout: Rollout, step: str, interruption: str) -> None:
    wanted = heartbeat() + 1
    rollout.hand_out(lambda config: config["modules"]["edgeHub"].update(heartbeat=wanted))
    until(lambda: STEPS[step](wanted), step)
    INTERRUPTIONS[interruption](rollout)
    until(lambda: heartbeat() == wanted, "the node has the new file")
    rollout.wait_until_done()
    until(lambda: rollout.joined.ask().from_cloud, "the application is served")


@pytest.mark.under("plain")
@pytest.mark.proves("after a power failure under a file that crashes edgecore, the old file comes back")
def test_power_fails_under_a_bad_file(rollout: Rollout) -> None:
    before, good = node_config(), rollout.wanted()
    rollout.hand_out(unknown_gate)
    until(lambda: "noSuchGate" in CONFIG.read_text("utf-8"), "the bad file is in place")
    _cut_power(rollout)
    until(lambda: rollout.result() == "failed", "the update is taken back")
    assert node_config() == before
    rollout.world.wait_until_ready()
    rollout.hand_out_text(good)
    rollout.wait_until_done()


@pytest.mark.proves("a new rollout only compares, until generator install starts it in waves")
def test_first_pods_only_compare(rollout: Rollout) -> None:
    rollout.set("edgeCore.rollout.enable", "false")
    assert rollout.world.api.get("apps/v1", "DaemonSet", NAME, NAMESPACE) is None
    wanted = heartbeat() + 1
    rollout.world.settings["edgeCore.rollout.enable"] = "true"
    said = rollout.set(HEARTBEAT, str(wanted))
    assert "rollout: 0 of 1 node updated, 1 held; starting it, 1 at a time" in said
    assert heartbeat() == wanted


@pytest.mark.under("plain")
@pytest.mark.proves("with the rollout, one run of generator install switches TLS on")
def test_one_run_switches_tls_on(rollout: Rollout) -> None:
    said = rollout.world.install("one-way-verified")
    rollout.joined.profile = "one-way-verified"
    assert "--nodes-done" not in said
    assert said.index("rollout: 1 of 1 node updated") < said.index("edgemesh: upgrade and wait")
    with Outcomes() as outcomes:
        until(lambda: outcomes.last() == CLOUD, "the agent is served")
    until(lambda: rollout.joined.ask().from_cloud, "the application is served")
    rollout.world.wait_for_no_findings()


def _restarts(pod: Object | None) -> int:
    found = ((pod or {}).get("status") or {}).get("initContainerStatuses") or ()
    return max((int(one.get("restartCount") or 0) for one in found), default=0)
