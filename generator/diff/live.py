"""A live Helm release as a side: the objects that Helm installed."""

from __future__ import annotations

from dataclasses import replace

from generator.catalogue.message import say
from generator.diff.files import read_side
from generator.diff.sources import Installed, SideSource
from generator.errors import Problem
from generator.helm.releases import HelmReleases, LiveRelease
from generator.kube.objects import Collection, Object

# Kinds of objects that Helm puts into the namespace of the release if they name none.
_NAMESPACED = {
    "ConfigMap", "DaemonSet", "Deployment", "Job", "PersistentVolumeClaim", "Role", "RoleBinding", "Secret",
    "Service", "ServiceAccount", "StatefulSet",
}  # fmt: skip


def _placed(found: Object, namespace: str) -> Object:
    if found.namespace or found.kind not in _NAMESPACED:
        return found
    return replace(
        found, data={**found.data, "metadata": {**found.metadata, "namespace": namespace}}, text=""
    )


def read_live(name: str, releases: HelmReleases) -> SideSource:
    """Read a release from the cluster as a side; raise HelmError."""
    release = releases.read(name)
    found = _collected(release)
    notes = []
    if not release.deployed:
        message = say("revision-not-deployed", revision=release.revision, status=release.status)
        notes.append(Problem(f"release {name}", "", message))
    label = f"release {release.name} (revision {release.revision})"
    installed = Installed(release.chart, release.name, release.namespace)
    return SideSource(label, found.objects, found.skipped, notes, installed=installed)


def objects_of(release: LiveRelease) -> list[Object]:
    """Return the objects that Helm installed for a release."""
    return _collected(release).objects


def _collected(release: LiveRelease) -> Collection:
    found = Collection()
    read_side(release.manifest, f"release:{release.name}", found)
    found.objects = [_placed(one, release.namespace) for one in found.objects]
    return found
