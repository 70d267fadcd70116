"""Removes the releases in reverse order, and lists what stays in the cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.components import CHARTS
from generator.diff.live import objects_of
from generator.errors import ClusterError, HelmError, Interrupted, count
from generator.helm.releases import HelmReleases, LiveRelease
from generator.install.drift import read_live
from generator.install.nodes import edge_nodes
from generator.install.plan import DELETE_SYNCS, SYNCS, is_leftover
from generator.install.prerequisites import RequiredSecret, own_secrets, required_secrets
from generator.install.recover import Say
from generator.io.kubectl import Kubectl
from generator.kube.objects import Object

_SETTLE_SECONDS = 3.0
_AGAIN = "run the same command again to continue"


@dataclass
class Removal:
    """The releases to remove, in order, and what stays in the cluster."""

    releases: list[LiveRelease]
    deleted: int
    kept: list[Object]
    data: dict[str, int]
    secrets: list[str]
    nodes: list[str]


def plan_removal(releases: HelmReleases, kubectl: Kubectl, charts: Sequence[str] = CHARTS) -> Removal:
    """Return the releases to remove and the objects that stay; raise HelmError or ClusterError."""
    wanted = [chart for chart in reversed(CHARTS) if chart in charts]
    found = [live for live in map(releases.find, wanted) if live is not None]
    objects = [one for live in found for one in objects_of(live)]
    kept = [one for one in objects if one.kept]
    required = required_secrets(objects, releases.namespace)
    return Removal(
        releases=found,
        deleted=len(objects) - len(kept),
        kept=kept,
        data={name: number for one in kept if (number := _stored(kubectl, one)) for name in [one.name]},
        secrets=sorted(_secrets(kubectl, found, required)),
        nodes=edge_nodes(kubectl) if "edgecore" in wanted else [],
    )


def uninstall(removal: Removal, releases: HelmReleases, kubectl: Kubectl, seconds: int, say: Say) -> None:
    """Remove the releases; raise HelmError, ClusterError or Interrupted. The next run removes the rest."""
    for number, live in enumerate(removal.releases, 1):
        say(f"[{number}/{len(removal.releases)}] {live.name}: uninstall and wait")
        try:
            releases.uninstall(live.name, seconds)
            _sweep(live, kubectl, say)
        except KeyboardInterrupt:
            raise Interrupted(f"interrupted while {live.name} was removed", _AGAIN) from None
        except (HelmError, ClusterError) as error:
            fix = error.fix or _AGAIN
            raise type(error)(error.what, fix, away=error.away, stderr=error.stderr) from None


def _sweep(live: LiveRelease, kubectl: Kubectl, say: Say) -> None:
    """Delete the roles that the aggregation controller creates again while their parts are removed."""
    aggregated = [one for one in objects_of(live) if one.data.get("aggregationRule")]
    if not aggregated:
        return
    time.sleep(_SETTLE_SECONDS)
    for found in read_live(kubectl, aggregated).values():
        if is_leftover(found):
            say(f"{live.name}: {found.title} was created again by a controller; deleting it")
            kubectl.run("delete", found.kind, found.name, "--ignore-not-found")


def removal_text(removal: Removal) -> str:
    """Return what is removed and what stays, as text."""
    return "".join(f"{line}\n" for line in _lines(removal))


def _lines(removal: Removal) -> Iterator[str]:
    if not removal.releases:
        yield "nothing is installed"
        return
    names = " -> ".join(f"{live.name} (revision {live.revision}, {live.status})" for live in removal.releases)
    yield f"removed, in this order: {names}; {count(removal.deleted, 'object')}"
    if removal.kept or removal.secrets or removal.nodes:
        yield "stays in the cluster:"
    if removal.kept:
        stored = ", ".join(f"{number} {name}" for name, number in removal.data.items())
        yield f"  {count(len(removal.kept), 'CRD')} with their custom resources: {stored or 'none'}"
    yield from (f"  secret {name}" for name in removal.secrets)
    if removal.data.get(SYNCS):
        yield f"  an older cloudcore panics on the objectsyncs; before you install one: {DELETE_SYNCS}"
    if removal.nodes:
        yield (
            f"  {count(len(removal.nodes), 'edge node')}; run `keadm reset edge` on each to remove edgecore"
        )


def _stored(kubectl: Kubectl, crd: Object) -> int:
    """Return how many custom resources of a CRD exist."""
    if crd.kind != "CustomResourceDefinition":
        return 0
    spec = crd.data["spec"]
    version = next(one["name"] for one in spec["versions"] if one.get("served"))
    return sum(1 for _ in kubectl.pages(f"/apis/{spec['group']}/{version}/{spec['names']['plural']}"))


def _secrets(kubectl: Kubectl, found: list[LiveRelease], required: list[RequiredSecret]) -> Iterator[str]:
    asked = [*(one.reference for one in required), *own_secrets(live.name for live in found)]
    for secret in kubectl.objects(asked):
        yield f"{secret['metadata']['namespace']}/{secret['metadata']['name']}"
