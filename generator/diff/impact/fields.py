"""What it means that an object is gone, or that a definition serves its objects otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator import paths
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import nodes
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.kube.pods import is_workload, pod_of

_WITH_IT = {
    "CustomResourceDefinition": "every object of its kind in the cluster goes with it",
    "Namespace": "everything in it goes with it",
    "PersistentVolumeClaim": "its data may go with it",
    "PersistentVolume": "its data may go with it",
    "Secret": "what is in it is gone",
}
# Of these the other name holds the same.
_REPLACED = ("Secret",)


def deleted(found: Object, renamed: Object | None = None) -> Impact:
    """Say what it means that an object is no longer there, or goes on under another name."""
    if found.kept:
        return impact("kept", found, "Helm leaves it in the cluster (helm.sh/resource-policy: keep)")
    what = f"is deleted; {renamed.title} takes its place" if renamed else "is deleted"
    if found.kind in _WITH_IT and not (renamed and found.kind in _REPLACED):
        what += f": {_WITH_IT[found.kind]}"
    if is_workload(found):
        what += f"; its pods on {nodes(pod_of(found))} stop"
    return impact("deleted", found, what)


def definitions(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what changes for the objects of a definition."""
    if after.kind != "CustomResourceDefinition":
        return
    was, now = _versions(before), _versions(after)
    old, new = (_stored(versions) for versions in (was, now))
    related = [change for change in changes if change.path[:2] == ("spec", "versions")]
    if old != new:
        says = f"stores {new or 'no version'} instead of {old or 'none'}; objects follow as they change"
        yield impact("crd-storage", after, says, related)
    for name, version in was.items():
        if version.get("served") is True and now.get(name, {}).get("served") is not True:
            gone = name not in now
            says = f"no longer serves {name}: clients that ask for it fail"
            says += "; the API server refuses it while objects are stored in it" if gone else ""
            yield impact("crd-storage", after, says, related)


def _versions(found: Object) -> dict[str, dict[str, Any]]:
    versions = paths.at(found.data, ("spec", "versions"))
    return {
        str(version.get("name")): version
        for version in (versions if isinstance(versions, list) else [])
        if isinstance(version, dict)
    }


def _stored(versions: dict[str, dict[str, Any]]) -> str:
    return next((name for name, version in versions.items() if version.get("storage") is True), "")
