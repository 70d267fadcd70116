"""The fields of objects that the rendered site lacks, found as `generator diff` finds them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from generator import paths
from generator.check.sources import ObjectInFile
from generator.importer.imported_workload import ImportedWorkload, workloads
from generator.io.yaml_document import YamlDocument
from generator.kube.compare import NOTHING, Change, compare
from generator.kube.pods import as_list, as_map
from generator.render.site import Rendering

TEMPLATE = ("spec", "template")
POD = (*TEMPLATE, "spec")
# Fields that the API server and Helm write, and the names of objects: no site sets them.
_WRITTEN = (
    ("status",),
    ("spec", "selector"),
    ("spec", "template", "spec", "serviceAccount"),
    *(
        ("metadata", name)
        for name in (
            "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields",
            "selfLink", "ownerReferences", "finalizers",
        )
    ),
    *(("spec", name) for name in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")),
)  # fmt: skip
# Labels and annotations that charts, Helm, kubectl and controllers set.
_OWN_NAMES = ("k8s-app", "kubeedge", "chart", "release", "heritage")
_OWN_PREFIXES = (
    "app.kubernetes.io/", "helm.sh/", "meta.helm.sh/", "kubectl.kubernetes.io/", "checksum/",
    "deployment.kubernetes.io/", "deprecated.daemonset.template.generation",
)  # fmt: skip


def counterparts(
    objects: list[ObjectInFile], rendering: Rendering
) -> Iterator[tuple[ImportedWorkload, ImportedWorkload | None]]:
    """Yield each workload of the files with the rendered workload of the same program."""
    mine = [ObjectInFile("", YamlDocument(document.data)) for document in rendering.documents]
    ours = workloads(mine)
    for found in workloads(objects):
        same = [one for one in ours if one.section == found.section]
        yield found, next((one for one in same if _is_twin(one) is _is_twin(found)), next(iter(same), None))


def _is_twin(workload: ImportedWorkload) -> bool:
    """Return whether a workload is the agent of cloud nodes."""
    return workload.section == "agent" and "cloud" in str(paths.first(workload.object.value, "metadata.name"))


def surplus(own: ImportedWorkload, rendered: ImportedWorkload) -> list[Change]:
    """Return the fields that the rendered workload lacks, without volumes and other containers."""
    before = _with_one_container(rendered, own.container.get("name"))
    return more(before, _with_one_container(own, own.container.get("name")))


def more(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Return the changes in which the second of two objects has a value."""
    after = cleaned(after)
    return [
        change
        for change in compare(cleaned(before), after, str(after.get("kind", "")))
        if change.behaviour and change.after is not NOTHING and not (change.partial and not change.after)
    ]


def cleaned(value: dict[str, Any]) -> dict[str, Any]:
    """Copy an object without the fields that the API server, Helm and the charts write."""
    value = deepcopy(value)
    for path in _WRITTEN:
        parent = paths.at(value, path[:-1])
        if isinstance(parent, dict):
            parent.pop(path[-1], None)
    for holder in (value, paths.at(value, TEMPLATE)):
        for kind in ("labels", "annotations"):
            names = paths.first(holder, f"metadata.{kind}")
            for name in list(names) if isinstance(names, dict) else ():
                if str(name) in _OWN_NAMES or str(name).startswith(_OWN_PREFIXES):
                    del names[name]
    return value


def _with_one_container(workload: ImportedWorkload, name: Any) -> dict[str, Any]:
    """Return the object with only the program's container, renamed, and without volumes."""
    value = deepcopy(workload.object.value)
    pod = paths.at(value, workload.place)
    container = {key: child for key, child in workload.container.items() if key != "volumeMounts"}
    pod["containers"] = [deepcopy({**container, "name": name})]
    pod.pop("volumes", None)
    pod.pop("initContainers", None)
    return value


def touches(change: Change, path: paths.Path) -> bool:
    """Return whether a change is at a path, above it or below it."""
    return all(one == other for one, other in zip(change.path, path, strict=False))


# --- volumes -----------------------------------------------------------------------------------


def mounts(workload: ImportedWorkload) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the mounts of the program's container, each with its volume."""
    volumes = list(map(as_map, as_list(workload.pod.get("volumes"))))
    for mount in map(as_map, as_list(workload.container.get("volumeMounts"))):
        yield from ((mount, one) for one in volumes if one.get("name") and one["name"] == mount.get("name"))


def extra_mounts(
    own: ImportedWorkload, rendered: ImportedWorkload
) -> Iterator[tuple[dict[str, Any], dict[str, Any], bool]]:
    """Yield mounts that the rendered workload lacks, and whether it has another volume at the same path."""
    there = {_place(mount): volume for mount, volume in mounts(rendered)}
    secrets = {_secret(volume) for volume in as_list(rendered.pod.get("volumes"))} - {None}
    for mount, volume in mounts(own):
        other = there.get(_place(mount))
        known = _secret(volume) in secrets or volume.get("name") == "psk"
        if not known and (other is None or not _alike(volume, other)):
            yield mount, volume, other is not None


def _place(mount: dict[str, Any]) -> str:
    return _ends(mount.get("mountPath"))


def _secret(volume: Any) -> Any:
    return paths.first(volume, "secret.secretName")


def _alike(volume: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return whether two volumes have the same source; the content of ConfigMaps is compared elsewhere."""
    if "configMap" in volume and "configMap" in other:
        return True
    path = paths.first(volume, "hostPath.path")
    same = path is not None and _ends(path) == _ends(paths.first(other, "hostPath.path"))
    return same or {**volume, "name": ""} == {**other, "name": ""}


def _ends(path: Any) -> str:
    return str(path).rstrip("/")
