"""Waits until the rollout of edgecore.yaml is done, and shows its progress."""

from __future__ import annotations

import time
from collections.abc import Iterator

from generator import paths
from generator.errors import ClusterError, Interrupted
from generator.helm.flags import UpgradeOptions
from generator.install.node_names import names
from generator.install.nodes import read_nodes
from generator.install.plan import InstallPlan
from generator.install.recover import Say
from generator.install.rollout import GroupRollout, Rollouts, progress, read_rollouts, restart_command
from generator.io.kubectl import Kubectl
from generator.kube.objects import Object
from generator.kube.rollout import daemonsets

_POLL_SECONDS = 2.0
_BEAT_SECONDS = 30.0
# A node waits this long besides the two health timeouts: for its pod, and for the ConfigMap.
_STEP_SECONDS = 420
_MOST_REASONS = 10
_AGAIN = "run the same command again to continue"
_FIX = f"fix the cause, delete the pods of these nodes to try again, and {_AGAIN}"
_OFFLINE = f"{_AGAIN} when they are back, or add --nodes-done --no-wait: they follow when they are back"

_HELD_UP = "offline nodes count as unavailable; set edgeCore.rollout.maxUnavailable above their number"


def wait_for_rollout(
    plan: InstallPlan, kubectl: Kubectl, wish: UpgradeOptions, say: Say, *, needed: bool
) -> None:
    """Wait until every node runs with the wanted edgecore.yaml; raise ClusterError or Interrupted.

    Offline nodes are an error only if the next steps need all nodes.
    """
    try:
        state = _Wait(plan, kubectl, wish, say).wait()
    except KeyboardInterrupt:
        raise Interrupted("interrupted while the rollout goes on in the cluster", _AGAIN) from None
    offline = [name for one in state.groups for name in one.offline]
    if state.failed:
        raise ClusterError("\n  ".join(["the rollout failed on some nodes:", *_reasons(state)]), _FIX)
    if offline and needed:
        raise ClusterError(f"offline, so the rollout has not reached them: {names(offline)}", _OFFLINE)
    if offline:
        say(f"rollout: offline nodes follow when they are back: {names(offline)}")


class _Wait:
    """One wait: it ends when nothing is pending, nothing can go on, or nothing changes for too long."""

    def __init__(self, plan: InstallPlan, kubectl: Kubectl, wish: UpgradeOptions, say: Say) -> None:
        rendered = daemonsets(one for step in plan.steps for one in step.objects)
        self._references = [one.data for one in rendered]
        health = paths.first(plan.rendering.site.values, "edgeCore.rollout.healthTimeout")
        self._limit = max(wish.seconds, 2 * int(health or 300) + _STEP_SECONDS)
        self._kubectl, self._say = kubectl, say
        self._namespace = plan.rendering.namespace
        self._begun: set[str] = set()
        self._shown: dict[str, str] = {}
        self._printed = time.monotonic()

    def wait(self) -> Rollouts:
        """Return the last state; raise ClusterError if it cannot go on."""
        ended, moved = -1, time.monotonic()
        while True:
            state = self._read()
            if (number := sum(one.ended for one in state.groups)) > ended:
                ended, moved = number, time.monotonic()
            self._show(state)
            waiting = [one for one in state.groups if one.pending]
            if not waiting and self._begin(state):
                continue
            if not waiting or (state.failed and all(one.blocked for one in waiting)):
                return state
            if time.monotonic() - moved > self._limit:
                what = "; ".join(progress(one) for one in waiting)
                raise ClusterError(f"no progress for {self._limit} s: {what}", _stuck(waiting))
            time.sleep(_POLL_SECONDS)

    def _read(self) -> Rollouts:
        """Read the state; wait for an API server that does not answer."""
        until = time.monotonic() + self._limit
        while True:
            try:
                live = [Object(one) for one in self._kubectl.objects(self._references)]
                if len(live) < len(self._references):
                    raise ClusterError("DaemonSets of the rollout do not exist", "run the same command again")
                return read_rollouts(self._kubectl, live, read_nodes(self._kubectl))
            except ClusterError as error:
                if not error.away or time.monotonic() > until:
                    raise
            time.sleep(_POLL_SECONDS)

    def _begin(self, state: Rollouts) -> bool:
        """Replace the pods of new DaemonSets, which have only compared; return whether there were any."""
        new = [one for one in state.groups if one.held and one.daemonset not in self._begun]
        for one in new:
            self._say(f"{progress(one)}; starting it, {one.wave} at a time")
            self._kubectl.run(*restart_command(self._namespace, one.daemonset))
            self._begun.add(one.daemonset)
        return bool(new)

    def _show(self, state: Rollouts) -> None:
        """Print what changed, and every now and then what has not."""
        late = time.monotonic() - self._printed >= _BEAT_SECONDS
        for one in state.groups:
            text = progress(one)
            if self._shown.get(one.daemonset) != text or (late and one.pending):
                self._say(text + (f"; {_HELD_UP}" if one.blocked and one.offline else ""))
                self._printed = time.monotonic()
            self._shown[one.daemonset] = text
        for node, reason in state.failed.items():
            if node not in self._shown:
                self._say(f"  {node}: {reason}")
            self._shown[node] = reason


def _reasons(state: Rollouts) -> Iterator[str]:
    found = list(state.failed.items())
    yield from (f"{node}: {reason}" for node, reason in found[:_MOST_REASONS])
    if len(found) > _MOST_REASONS:
        yield f"and {len(found) - _MOST_REASONS} more nodes; generator status lists them"


def _stuck(waiting: list[GroupRollout]) -> str:
    if any(one.blocked for one in waiting):
        return _HELD_UP
    return f"see the pods of the DaemonSets {names([one.daemonset for one in waiting])}"
