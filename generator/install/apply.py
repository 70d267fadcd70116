"""Carries out a plan, release by release; what breaks off on the way does not block the next run."""

from __future__ import annotations

import time

from generator import locations
from generator.errors import ClusterError, HelmError, Interrupted, ToolError, count
from generator.helm.flags import UpgradeOptions
from generator.helm.releases import HelmReleases
from generator.install.plan import InstallPlan, InstallStep
from generator.install.recover import Say, recover
from generator.install.waiting import (
    DEFINITION,
    release_pods,
    remind,
    unready,
    unready_definitions,
    why_unready,
)
from generator.io.kubectl import Kubectl

_POLL_SECONDS = 2.0


def apply(
    plan: InstallPlan, releases: HelmReleases, kubectl: Kubectl, wish: UpgradeOptions, say: Say
) -> None:
    """Take the steps of this run; raise HelmError, ClusterError or Interrupted, without a secret in it."""
    total = len(plan.now)
    for number, step in enumerate(plan.now, 1):
        run = _Run(plan, step, releases, kubectl, wish, say)
        say(f"[{number}/{total}] {step.name}: {step.action}" + (", then waiting" if wish.wait else ""))
        started = time.monotonic()
        run.take()
        plan.done.append(step)
        say(f"[{number}/{total}] {step.name}: done in {time.monotonic() - started:.0f} s")


class _Run:
    """One release on its way."""

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
        # Time that the API server was away comes on top, once.
        self.until = time.monotonic() + 2 * wish.seconds
        self.away = False
        # Whether helm was started on the release: what is pending before that is somebody else's.
        self.began = False

    def take(self) -> None:
        """Install or upgrade the release; try again when the API server was away."""
        try:
            self._take()
        except KeyboardInterrupt:
            raise Interrupted(self._cut_off()) from None

    def _take(self) -> None:
        while True:
            try:
                recover(self.releases, self.step.name, self.wish.seconds, self.say, ours=self.began)
                self._clear()
                self._apply()
                return
            except (HelmError, ClusterError) as error:
                if not self._comes_back(error):
                    raise self._failed(error) from None

    def _apply(self) -> None:
        name = self.step.name
        chart = locations.CHARTS / self.step.chart
        values = self.plan.rendering.site.user
        self.began = True
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

    def _comes_back(self, error: ToolError) -> bool:
        """Wait for an API server that was away; say whether it is worth another try."""
        # Helm 3 may wait for pods to its end without seeing them, once it has lost the server.
        away, self.away = self.away or error.away, False
        if not away and self.kubectl.answers():
            return False
        self.say(f"{self.step.name}: the API server went away; waiting for it")
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
        fix = error.fix or "remove the cause, and run the same command again: it continues here"
        return HelmError(self.plan.masker.text("\n".join(lines)), fix)

    def _waits(self) -> str:
        try:
            waits = self._unready()
        except ClusterError:
            self.away = True
            return ", the API server does not answer"
        more = f" and {len(waits) - 1} more" if waits[1:] else ""
        return f", waiting for {waits[0]}{more}" if waits else ""

    def _unready(self) -> list[str]:
        """Return what the release waits for; remind the API server of definitions that it has forgotten."""
        name, has_definitions = self.step.name, any(one.kind == DEFINITION for one in self.step.objects)
        definitions = unready_definitions(self.kubectl, name) if has_definitions else []
        if touched := remind(self.kubectl, definitions):
            self.say(f"{name}: {count(touched, 'definition')} accepted but not served; touching them")
        pods = release_pods(self.kubectl, name, self.releases.namespace)
        return [*map(why_unready, definitions), *unready(pods)]

    def _cut_off(self) -> str:
        """Leave the release in a state that the next run goes on from, and say what it is."""
        name = self.step.name
        self.say(f"{name}: interrupted")
        if not self.began:
            return f"interrupted before release {name} was begun; the same command goes on from there"
        try:
            recover(self.releases, name, self.wish.seconds, self.say, ours=True)
            found = self.releases.find(name)
        except ToolError:
            return f"interrupted at release {name}; the next run puts it right"
        state = f"revision {found.revision} is {found.status}" if found else "nothing of it was installed"
        return f"interrupted at release {name}: {state}; the same command goes on from there"
