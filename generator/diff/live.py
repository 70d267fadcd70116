"""A live Helm release as a side: what Helm installed, and how its chart is rendered beside it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from generator.diff.files import read_side
from generator.diff.renderings import Recipe
from generator.helm.releases import LiveRelease, Releases
from generator.kube.objects import Collection, Object, Skipped

if TYPE_CHECKING:
    from generator.diff.sources import Cluster


@dataclass
class Live:
    """A release and its objects."""

    release: LiveRelease
    objects: list[Object]
    skipped: list[Skipped]
    notes: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """Name the release and its revision."""
        return f"release {self.release.name} (revision {self.release.revision})"

    def narrowed(self, recipe: Recipe) -> Recipe:
        """Return a recipe for the chart of this release alone, under its name."""
        chart = self.release.chart
        if chart not in recipe.charts:
            return recipe
        return replace(
            recipe, charts=(chart,), releases={chart: self.release.name}, namespace=self.release.namespace
        )


# Kinds of charts whose objects Helm puts into the release's own namespace where they name none.
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


def read_live(name: str, namespace: str, cluster: Cluster) -> Live:
    """Read a release from the cluster; raise HelmError."""
    release = Releases(namespace, kubeconfig=cluster.kubeconfig, context=cluster.context).read(name)
    found = _collected(release)
    notes = []
    if not release.deployed:
        notes.append(
            f"release {name}: its revision {release.revision} is {release.status}, not deployed;"
            " what runs may be something else"
        )
    return Live(release, found.objects, found.skipped, notes)


def objects_of(release: LiveRelease) -> list[Object]:
    """Return the objects that Helm installed for a release."""
    return _collected(release).objects


def _collected(release: LiveRelease) -> Collection:
    found = Collection()
    read_side(release.manifest, f"release:{release.name}", found)
    found.objects = [_placed(one, release.namespace) for one in found.objects]
    return found
