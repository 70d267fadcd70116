"""How the installation is: releases, profile, drift, and the certificates that it depends on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from generator.certs.expiry import Expiry, expiries
from generator.cluster import Kubectl
from generator.diff.live import objects_of
from generator.diff.objects import Object
from generator.diff.report import Report
from generator.errors import count
from generator.helm.releases import LiveRelease, Releases
from generator.install.drift import drift, read_live
from generator.install.needs import Need, needs, own_secrets
from generator.install.order import gates
from generator.install.plan import edge_nodes, rendered_objects
from generator.install.waiting import unready_pods
from generator.model.site import CHARTS
from generator.render import Rendering


@dataclass
class ReleaseStatus:
    """One release: `live` is None where it is not installed."""

    chart: str
    name: str
    live: LiveRelease | None
    drift: Report | None = None
    unready: list[str] = field(default_factory=list)

    @property
    def profile(self) -> str | None:
        """Return the profile that its values name."""
        found = self.live.values.get("profile") if self.live else None
        return str(found) if found else None


@dataclass
class Status:
    """All that is known; `days` is how early the end of a certificate is told.

    `missing` are the Secrets that are not there, `incomplete` those without the keys named.
    """

    namespace: str
    releases: list[ReleaseStatus]
    tls: dict[str, bool]
    nodes: list[str]
    missing: list[Need]
    incomplete: list[Need]
    certificates: list[Expiry]
    now: datetime
    days: int

    @property
    def profiles(self) -> list[str | None]:
        """Return the profiles that the installed releases name, each once."""
        return list(dict.fromkeys(one.profile for one in self.releases if one.live))

    @property
    def findings(self) -> list[str]:
        """Say what is not as it should be, a line each."""
        return list(_findings(self))


def read_status(
    releases: Releases,
    kubectl: Kubectl,
    *,
    charts: Sequence[str] = CHARTS,
    site: Rendering | None = None,
    now: datetime,
    days: int,
) -> Status:
    """Read everything; the measure is `site`, without one what each release was installed with.

    Raises HelmError or ClusterError.
    """
    found = [ReleaseStatus(chart, chart, releases.find(chart)) for chart in CHARTS if chart in charts]
    wanted = {one.chart: _wanted(one, site) for one in found}
    installed = [item for objects in wanted.values() for item in objects]
    live = read_live(kubectl, installed)
    for one in found:
        if one.live is not None:
            before = "this site" if site else f"{one.name} (revision {one.live.revision})"
            one.drift = drift(wanted[one.chart], live, before=before)
            one.unready = list(unready_pods(kubectl, one.name, releases.namespace))
    refers = needs(installed, releases.namespace)
    own = own_secrets(one.chart for one in found if one.live)
    secrets = kubectl.objects([*(need.reference for need in refers), *own])
    there = {(one["metadata"]["namespace"], one["metadata"]["name"]): one for one in secrets}
    wants = [(need, there.get((need.namespace, need.name))) for need in refers if not need.optional]
    return Status(
        namespace=releases.namespace,
        releases=found,
        tls=gates(live.values()),
        nodes=edge_nodes(kubectl),
        missing=[need for need, secret in wants if secret is None],
        incomplete=[
            replace(need, keys=lost) for need, secret in wants if secret and (lost := need.lost(secret))
        ],
        certificates=[end for secret in secrets for end in expiries(secret)],
        now=now,
        days=days,
    )


def _wanted(one: ReleaseStatus, site: Rendering | None) -> list[Object]:
    if one.live is None or one.live.leaving:
        return []
    if site is None:
        return objects_of(one.live)
    return rendered_objects(site, one.chart)


def _findings(status: Status) -> Iterator[str]:
    for one in status.releases:
        yield from (f"release {one.name}: {what}" for what in _of_release(one))
    if len(status.profiles) > 1:
        named = ", ".join(f"{one.name} {one.profile or 'none'}" for one in status.releases if one.live)
        yield f"the releases are of different profiles: {named}"
    if len(set(status.tls.values())) > 1:
        named = ", ".join(f"{chart} {'on' if on else 'off'}" for chart, on in sorted(status.tls.items()))
        yield f"TLS of the endpoint is on in one part and off in another: {named}"
    for need in status.missing:
        yield f"secret {need.namespace}/{need.name}: is not there; needed by {need.reader}"
    for need in status.incomplete:
        lost = ", ".join(sorted(need.keys))
        yield f"secret {need.namespace}/{need.name}: has no key {lost}; needed by {need.reader}"
    for end in status.certificates:
        if end.due(status.now, status.days):
            yield f"secret {end.secret}: {end.key}: {ends(end, status.now)}"


def _of_release(one: ReleaseStatus) -> Iterator[str]:
    if one.live is None:
        return
    if not one.live.deployed:
        yield f"revision {one.live.revision} is {one.live.status}"
    if one.drift is not None and one.drift.differences:
        yield f"{count(len(one.drift.differences), 'object')} drifted"
    if one.unready:
        yield f"{count(len(one.unready), 'pod')} not ready"


def ends(end: Expiry, now: datetime) -> str:
    """Say when a certificate ends."""
    days = end.days(now)
    left = f"in {days} days" if days >= 0 else "it is over"
    return f"{end.subject or 'certificate'} ends on {end.ends:%Y-%m-%d}, {left}"
