"""Reads the state of an installation: releases, drift, pods, Secrets, access objects, certificates."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain
from typing import Any

from generator.catalogue.message import Message
from generator.certs.expiry import Expiry, expiries
from generator.components import CHARTS
from generator.diff.live import objects_of
from generator.diff.report import DiffReport
from generator.helm.releases import HelmReleases, LiveRelease
from generator.install.access import Access, heal, read_accesses
from generator.install.drift import Live, drift, read_live
from generator.install.nodes import EdgeNode, read_nodes
from generator.install.order import gates
from generator.install.plan import installed_kubeedge, rendered_objects
from generator.install.prerequisites import RequiredSecret, own_secrets, required_secrets
from generator.install.requests import Requests, read_requests
from generator.install.rollout import Rollouts, read_rollouts
from generator.install.waiting import RolloutVerdict, release_pods, unready, verdicts
from generator.install.workloads import shortage
from generator.io.kubectl import Kubectl
from generator.kube.objects import Object
from generator.kube.rollout import daemonsets
from generator.progress import Progress, no_progress
from generator.render.site import Rendering

SETTLE_SECONDS = 5.0


@dataclass
class ReleaseStatus:
    """The state of one release; `live` is None if it is not installed."""

    chart: str
    name: str
    live: LiveRelease | None
    drift: DiffReport | None = None
    # Workloads without all their pods; pods that are not ready; the results of `helm test`.
    shortages: list[tuple[str, Message]] = field(default_factory=list)
    unready: list[str] = field(default_factory=list)
    verdicts: list[RolloutVerdict] = field(default_factory=list)

    @property
    def profile(self) -> str | None:
        """Return the profile in its values."""
        found = self.live.values.get("profile") if self.live else None
        return str(found) if found else None


@dataclass
class Status:
    """The state of an installation; a certificate that expires within `days` is a finding.

    `missing` are Secrets that do not exist, `incomplete` are Secrets with their missing keys, `own_missing`
    are missing Secrets that cloudcore creates for itself. `undelivered` are the access objects that a node
    has not acknowledged; up to KubeEdge 1.16 cloudcore `heals` that by itself.
    """

    namespace: str
    releases: list[ReleaseStatus]
    tls: dict[str, bool]
    nodes: list[str]
    rollouts: Rollouts
    missing: list[RequiredSecret]
    incomplete: list[RequiredSecret]
    own_missing: list[tuple[str, str]]
    undelivered: list[Access]
    heals: bool
    requests: Requests
    certificates: list[Expiry]
    now: datetime
    days: int

    @property
    def installed(self) -> bool:
        """Return whether any release is installed; otherwise there is nothing to check."""
        return any(one.live for one in self.releases)

    @property
    def profiles(self) -> list[str | None]:
        """Return the profiles of the installed releases, each once."""
        return list(dict.fromkeys(one.profile for one in self.releases if one.live))


def read_status(
    releases: HelmReleases,
    kubectl: Kubectl,
    *,
    charts: Sequence[str] = CHARTS,
    site: Rendering | None = None,
    now: datetime,
    days: int,
    progress: Progress = no_progress,
) -> Status:
    """Compare the cluster with `site`, or without one with what each release was installed with.

    Raises HelmError or ClusterError.
    """
    progress("reading the releases")
    found = [ReleaseStatus(chart, chart, releases.find(chart)) for chart in CHARTS if chart in charts]
    wanted = {one.chart: _wanted(one, site) for one in found}
    installed = list(chain.from_iterable(wanted.values()))
    progress("reading the objects")
    nodes = read_nodes(kubectl)
    live, undelivered, requests = _settled(kubectl, installed, nodes, progress)
    for one in found:
        progress(f"comparing release {one.name}")
        _read_live(one, wanted[one.chart], live, site, kubectl, releases.namespace)
    progress("reading the rollouts and Secrets")
    rollouts = read_rollouts(kubectl, daemonsets(live.values()), nodes)
    for one in found:
        one.unready += rollouts.unready if one.chart == "edgecore" else []
    required = required_secrets(installed, releases.namespace)
    own = own_secrets(one.chart for one in found if one.live)
    existing = _existing(kubectl, required, own)
    missing, incomplete = _missing([one for one in required if not one.optional], existing)
    return Status(
        namespace=releases.namespace,
        releases=found,
        tls=gates(live.values()),
        nodes=list(nodes),
        rollouts=rollouts,
        missing=missing,
        incomplete=incomplete,
        own_missing=[place for place in map(_place, own) if place not in existing],
        undelivered=undelivered,
        heals=_heals(found, site),
        requests=requests,
        certificates=[end for secret in existing.values() for end in expiries(secret)],
        now=now,
        days=days,
    )


def _existing(
    kubectl: Kubectl, required: list[RequiredSecret], own: list[dict[str, Any]]
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the Secrets that exist, by namespace and name."""
    asked = [*(one.reference for one in required), *own]
    return {_place(one): one for one in kubectl.objects(asked)}


def _missing(
    wanted: list[RequiredSecret], existing: Mapping[tuple[str, str], Mapping[str, Any]]
) -> tuple[list[RequiredSecret], list[RequiredSecret]]:
    """Return the missing Secrets, and the Secrets that lack keys, each with its missing keys."""
    found = [(one, existing.get((one.namespace, one.name))) for one in wanted]
    return (
        [one for one, secret in found if secret is None],
        [replace(one, keys=keys) for one, secret in found if secret and (keys := one.missing_keys(secret))],
    )


def _read_live(
    one: ReleaseStatus,
    wanted: list[Object],
    live: Live,
    site: Rendering | None,
    kubectl: Kubectl,
    namespace: str,
) -> None:
    """Read the drift and the pods of an installed release."""
    if one.live is None:
        return
    before = "this site" if site else f"{one.name} (revision {one.live.revision})"
    one.drift = drift(wanted, live, before=before)
    existing = [live[item.identity] for item in wanted if item.identity in live]
    one.shortages = [(item.title, lacks) for item in existing if (lacks := shortage(item))]
    pods = release_pods(kubectl, one.name, namespace)
    one.unready, one.verdicts = list(unready(pods)), list(verdicts(pods))


def _settled(
    kubectl: Kubectl, installed: list[Object], nodes: Mapping[str, EdgeNode], progress: Progress
) -> tuple[Live, list[Access], Requests]:
    """Return live objects and what nodes lack; read twice, because objects may still be on their way."""
    for last in (False, True):
        live = read_live(kubectl, installed)
        missing = [one for one in read_accesses(kubectl, nodes) if one.missing]
        requests = read_requests(kubectl, nodes)
        if last or not (missing or requests.blocked or any(map(shortage, live.values()))):
            break
        progress(f"waiting {SETTLE_SECONDS:.0f} s: objects may still change")
        time.sleep(SETTLE_SECONDS)
    return live, missing, requests


def _heals(found: Sequence[ReleaseStatus], site: Rendering | None) -> bool:
    """Return whether the cloudcore of this installation sends access objects again by itself."""
    if site is not None:
        return heal(site.site.kubeedge)
    live = next((one.live for one in found if one.live), None)
    return live is not None and heal(installed_kubeedge(live))


def _place(secret: Mapping[str, Any]) -> tuple[str, str]:
    return secret["metadata"]["namespace"], secret["metadata"]["name"]


def _wanted(one: ReleaseStatus, site: Rendering | None) -> list[Object]:
    if one.live is None or one.live.leaving:
        return []
    if site is None:
        return objects_of(one.live)
    return rendered_objects(site, one.chart)
