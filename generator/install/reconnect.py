"""Waits for edge nodes whose edgecore was restarted, and has cloudcore send them the access objects."""

from __future__ import annotations

from generator.errors import ClusterError, Interrupted, count
from generator.helm.flags import UpgradeOptions
from generator.install import access
from generator.install.nodes import names, wait_connected
from generator.install.plan import InstallPlan
from generator.install.recover import Say
from generator.io.kubectl import Kubectl

_GO_ON = "the same command goes on from there"


def reconnect(plan: InstallPlan, kubectl: Kubectl, wish: UpgradeOptions, say: Say) -> None:
    """Wait until the nodes are connected and have all access objects; raise ClusterError or Interrupted.

    Without waiting, what does not hold yet is told as a warning.
    """
    try:
        away = _connect(plan, kubectl, wish, say)
        kubeedge = plan.rendering.site.kubeedge
        if plan.tls and access.exist(kubeedge):
            _deliver(
                [one for one in plan.nodes if one not in away], kubectl, wish, say, access.heal(kubeedge)
            )
    except KeyboardInterrupt:
        what = f"interrupted while waiting for the edge nodes; no release was changed; {_GO_ON}"
        raise Interrupted(what) from None


def outlook(plan: InstallPlan, kubectl: Kubectl) -> str:
    """Say what a run after the nodes would do before the releases; nothing is changed."""
    text = f"first: wait until {count(len(plan.nodes), 'edge node')} are connected"
    kubeedge = plan.rendering.site.kubeedge
    if not plan.tls or not access.exist(kubeedge):
        return text
    found = access.read_accesses(kubectl, plan.nodes)
    missing = sum(1 for one in found if one.missing)
    how = "wait for" if access.heal(kubeedge) else "renew"
    return f"{text}, then {how} {missing} of {count(len(found), 'access object')}, not acknowledged"


def _connect(plan: InstallPlan, kubectl: Kubectl, wish: UpgradeOptions, say: Say) -> set[str]:
    """Return the nodes that are not connected, which is an error if they are to be waited for."""
    say(f"edge nodes: {count(len(plan.nodes), 'node')} to be connected" + (", waiting" if wish.wait else ""))
    away = wait_connected(kubectl, plan.nodes, _seconds(wish), say)
    if not away:
        return set()
    what = f"{names(away)}: not Ready with a heartbeat after cloudcore's start"
    if wish.wait:
        fix = "look at edgecore there, or go on without them: --no-wait, and --nodes-done again later"
        raise ClusterError(f"{what}, after {wish.seconds} s; no release was changed", fix)
    say(f"warning: {what}; run the same command again once they are connected")
    return set(away)


def _deliver(nodes: list[str], kubectl: Kubectl, wish: UpgradeOptions, say: Say, heals: bool) -> None:
    done = access.deliver(kubectl, nodes, _seconds(wish), say, heals=heals)
    say(access.delivery_text(done))
    if not done.left:
        return
    what = f"not acknowledged: {access.undelivered_text(done.left)}; pods of these accounts get 401 there"
    if wish.wait:
        raise ClusterError(f"{what}; no release was changed", f"cloudcore's log says why; {_GO_ON}")
    say(f"warning: {what}; `generator status` tells later")


def _seconds(wish: UpgradeOptions) -> int:
    return wish.seconds if wish.wait else 0
