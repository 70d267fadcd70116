"""Carries out a plan, release by release; an interrupted run does not block the next one."""

from __future__ import annotations

import time
from dataclasses import replace

from generator import locations
from generator.errors import ClusterError, HelmError, Interrupted, ToolError, count
from generator.helm.flags import UpgradeOptions
from generator.helm.releases import HelmReleases
from generator.install.plan import InstallPlan, InstallStep
from generator.install.reconnect import reconnect
from generator.install.recover import Say, recover
from generator.install.rollout_wait import wait_for_rollout
from generator.install.waiting import (
    CRD,
    release_pods,
    touch,
    unready,
    unserved_crds,
    unserved_text,
)
from generator.io.kubectl import Kubectl
from generator.kube.rollout import daemonsets
from generator.progress import Progress, no_progress

_POLL_SECONDS = 2.0
_AGAIN = "run the same command again to continue"
_ROLLOUT = "waiting for the rollout of edgecore.yaml"


def apply(
    plan: InstallPlan,
    releases: HelmReleases,
    kubectl: Kubectl,
    wish: UpgradeOptions,
    say: Say,
    *,
    nodes_done: bool = False,
    progress: Progress = no_progress,
) -> None:
    """Carry out the steps of this run; raise HelmError, ClusterError or Interrupted, without secrets.

    With `nodes_done`, the steps after the rollout of edgecore.yaml do not wait for offline nodes.
    """
    total = len(plan.now)
    done = False
    for number, step in enumerate(plan.now, 1):
        if plan.follows_rollout(step) and not done:
            done = True
            progress(_ROLLOUT)
            wait_for_rollout(plan, kubectl, wish, say, needed=not nodes_done)
            if not nodes_done:
                progress("waiting for the edge nodes")
                reconnect(plan, kubectl, wish, say)
        chosen = _options(step, wish)
        run = _Run(plan, step, releases, kubectl, chosen, say)
        progress(f"{step.name}: waiting for Helm" + (" and the pods" if chosen.wait else ""), number, total)
        say(f"[{number}/{total}] {step.name}: {step.action}" + (" and wait" if chosen.wait else ""))
        started = time.monotonic()
        run.take()
        plan.done.append(step)
        say(f"[{number}/{total}] {step.name}: done in {time.monotonic() - started:.0f} s")
    # A run without any step goes on with the wait of an earlier run.
    begun = not total or any(step.chart == "edgecore" for step in plan.done)
    if plan.rolled and wish.wait and not done and begun:
        progress(_ROLLOUT)
        wait_for_rollout(plan, kubectl, wish, say, needed=False)


def _options(step: InstallStep, wish: UpgradeOptions) -> UpgradeOptions:
    """Return the options of a release; this module waits for the rollout, and Helm only to roll it back.

    Helm would wait for every wave, and fail after the timeout of one release.
    """
    rolls_out = bool(daemonsets(step.objects))
    return replace(wish, wait=False) if rolls_out and not wish.roll_back else wish


class _Run:
    """The install or upgrade of one release."""

    def __init__(
        self,
        plan: InstallPlan,
        step: InstallStep,
        releases: HelmReleases,
        kubectl: Kubectl,
        wish: UpgradeOptions,
        say: Say,
    ) -> None:
        self.plan, self.step, self.releases, self.kubectl = plan, step, releases, kubectl
        self.wish, self.say = wish, say
        # Also covers one outage of the API server as long as the timeout.
        self.until = time.monotonic() + 2 * wish.seconds
        self.away = False
        # Whether this run has started helm on the release; else a pending release belongs to another run.
        self.started = False

    def take(self) -> None:
        """Install or upgrade the release; try again after an outage of the API server."""
        try:
            self._take()
        except KeyboardInterrupt:
            raise self._interrupted() from None

    def _take(self) -> None:
        while True:
            try:
                recover(self.releases, self.step.name, self.wish.seconds, self.say, ours=self.started)
                self._clear()
                self._apply()
                return
            except (HelmError, ClusterError) as error:
                if not self._can_retry(error):
                    raise self._failed(error) from None

    def _apply(self) -> None:
        name = self.step.name
        chart = locations.CHARTS / self.step.chart
        values = self.plan.rendering.site.user
        self.started = True
        self.releases.apply(
            name,
            chart,
            values,
            self.wish,
            lambda seconds: self.say(f"{name}: {seconds:.0f} s{self._waits()}"),
        )

    def _clear(self) -> None:
        for found in self.step.leftovers:
            self.say(f"{self.step.name}: {found.title} is left over from an earlier release; deleting it")
            self.kubectl.run("delete", found.kind, found.name, "--ignore-not-found")

    def _can_retry(self, error: ToolError) -> bool:
        """Return whether the step may be tried again, after waiting for an API server that did not answer."""
        # After an outage, Helm 3 may wait for pods until its timeout without reading them.
        away, self.away = self.away or error.away, False
        if not away and self.kubectl.answers():
            return False
        self.say(f"{self.step.name}: lost the API server; waiting until it answers")
        while not self.kubectl.answers():
            if time.monotonic() > self.until:
                return False
            time.sleep(_POLL_SECONDS)
        return time.monotonic() < self.until

    def _failed(self, error: ToolError) -> HelmError:
        try:
            waits = self._unready()
        except ClusterError:
            waits = []
        lines = [error.what, *(f"  {line}" for line in waits)]
        fix = error.fix or f"fix the cause, then {_AGAIN}"
        return HelmError(self.plan.masker.text("\n".join(lines)), fix, away=error.away)

    def _waits(self) -> str:
        try:
            waits = self._unready()
        except ClusterError:
            self.away = True
            return ", the API server does not answer"
        more = f" and {len(waits) - 1} more" if waits[1:] else ""
        return f", waiting for {waits[0]}{more}" if waits else ""

    def _unready(self) -> list[str]:
        """Return what the release waits for; touch the CRDs that the API server does not serve."""
        name, has_crds = self.step.name, any(one.kind == CRD for one in self.step.objects)
        crds = unserved_crds(self.kubectl, name) if has_crds else []
        if touched := touch(self.kubectl, crds):
            self.say(
                f"{name}: {count(touched, 'CRD')} accepted but not served; writing an annotation to each"
            )
        pods = release_pods(self.kubectl, name, self.releases.namespace)
        return [*map(unserved_text, crds), *unready(pods)]

    def _interrupted(self) -> Interrupted:
        """Bring the release into a state that the next run can upgrade; return the error with that state."""
        name = self.step.name
        self.say(f"{name}: interrupted")
        if not self.started:
            return Interrupted(f"interrupted before release {name} was started", _AGAIN)
        try:
            recover(self.releases, name, self.wish.seconds, self.say, ours=True)
            found = self.releases.find(name)
        except ToolError:
            return Interrupted(f"interrupted at release {name}; its state is unknown", _AGAIN)
        state = f"revision {found.revision} is {found.status}" if found else "nothing was installed"
        return Interrupted(f"interrupted at release {name}: {state}", _AGAIN)
