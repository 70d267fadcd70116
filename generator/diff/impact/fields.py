"""Deleted objects, and CRDs that store or serve other versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import nodes
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.kube.pods import is_workload, pod_of

# The variant of the message that says what is lost with an object, by its kind.
_LOST_WITH = {
    "CustomResourceDefinition": "crd",
    "Namespace": "namespace",
    "PersistentVolumeClaim": "volume",
    "PersistentVolume": "volume",
    "Secret": "secret",
}


def deleted(found: Object, successor: Object | None = None) -> Impact:
    """Return the impact of deleting an object; `successor` is the same object under another name."""
    if found.kept:
        return impact(say("kept"), found)
    variant, where = _LOST_WITH.get(found.kind, ""), None
    if variant == "secret" and successor:
        # The other name has the same content.
        variant = ""
    if is_workload(found):
        variant, where = "workload", nodes(pod_of(found))
    return impact(
        say("deleted", variant, successor=successor.title if successor else None, nodes=where), found
    )


def crds(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what changes for the custom resources of a CRD."""
    if after.kind != "CustomResourceDefinition":
        return
    was, now = _versions(before), _versions(after)
    old, new = (_stored(versions) for versions in (was, now))
    related = [change for change in changes if change.path[:2] == ("spec", "versions")]
    if old != new:
        message = say("crd-storage", "stored", old=old or "no version", new=new or "no version")
        yield impact(message, after, related)
    for name, version in was.items():
        if version.get("served") is True and now.get(name, {}).get("served") is not True:
            variant = "unserved" if name in now else "removed"
            yield impact(say("crd-storage", variant, version=name), after, related)


def _versions(found: Object) -> dict[str, dict[str, Any]]:
    versions = paths.at(found.data, ("spec", "versions"))
    return {
        str(version.get("name")): version
        for version in (versions if isinstance(versions, list) else [])
        if isinstance(version, dict)
    }


def _stored(versions: dict[str, dict[str, Any]]) -> str:
    return next((name for name, version in versions.items() if version.get("storage") is True), "")
