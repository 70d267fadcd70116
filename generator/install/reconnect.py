"""After edgecore restarted: wait for the edge nodes, and make cloudcore send missing access objects again."""

from __future__ import annotations

from generator.errors import ClusterError, Interrupted, count
from generator.helm.flags import UpgradeOptions
from generator.install import access
from generator.install.node_names import names
from generator.install.nodes import wait_connected
from generator.install.plan import InstallPlan
from generator.install.recover import Say
from generator.io.kubectl import Kubectl

_AGAIN = "run the same command again to continue"


def reconnect(plan: InstallPlan, kubectl: Kubectl, wish: UpgradeOptions, say: Say) -> None:
    """Wait until the nodes are connected and have all access objects; raise ClusterError or Interrupted.

    Without waiting, print a warning for each condition that is not met.
    """
    try:
        away = _connect(plan, kubectl, wish, say)
        kubeedge = plan.rendering.site.kubeedge
        if plan.tls and access.exist(kubeedge):
            _deliver(
                [one for one in plan.nodes if one not in away], kubectl, wish, say, access.heal(kubeedge)
            )
    except KeyboardInterrupt:
        what = "interrupted while waiting for the edge nodes; no release was changed"
        raise Interrupted(what, _AGAIN) from None


def outlook(plan: InstallPlan, kubectl: Kubectl) -> str:
    """Return what a run with --nodes-done would do before it changes releases."""
    text = f"first: wait for {count(len(plan.nodes), 'edge node')} to connect"
    kubeedge = plan.rendering.site.kubeedge
    if not plan.tls or not access.exist(kubeedge):
        return text
    found = access.read_accesses(kubectl, plan.nodes)
    missing = sum(1 for one in found if one.missing)
    number = f"{missing} of {count(len(found), 'access object')}"
    then = f"wait until nodes acknowledge {number}" if access.heal(kubeedge) else f"send {number} again"
    return f"{text}, then {then}"


def _connect(plan: InstallPlan, kubectl: Kubectl, wish: UpgradeOptions, say: Say) -> set[str]:
    """Return the nodes that are not connected; raise ClusterError if this run waits."""
    say(
        f"edge nodes: {count(len(plan.nodes), 'node')} must be connected" + ("; waiting" if wish.wait else "")
    )
    away = wait_connected(kubectl, plan.nodes, _seconds(wish), say)
    if not away:
        return set()
    what = f"{names(away)}: not connected: not Ready, or no heartbeat since cloudcore started"
    if wish.wait:
        fix = (
            "check edgecore there; or continue without them with --no-wait, and use --nodes-done again later"
        )
        raise ClusterError(f"{what}; waited {wish.seconds} s; no release was changed", fix)
    say(f"warning: {what}; run the same command again once they are connected")
    return set(away)


def _deliver(nodes: list[str], kubectl: Kubectl, wish: UpgradeOptions, say: Say, heals: bool) -> None:
    done = access.deliver(kubectl, nodes, _seconds(wish), say, heals=heals)
    say(access.delivery_text(done))
    if not done.left:
        return
    what = f"{access.undelivered_text(done.left)}; pods of these accounts get 401 there"
    if wish.wait:
        raise ClusterError(f"{what}; no release was changed", f"see the log of cloudcore, then {_AGAIN}")
    say(f"warning: {what}; check later with `generator status`")


def _seconds(wish: UpgradeOptions) -> int:
    return wish.seconds if wish.wait else 0
