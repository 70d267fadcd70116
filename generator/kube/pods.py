"""Finds the pod spec in an object, and the ConfigMaps and Secrets that its pods read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator import paths
from generator.kube.objects import Object

TEMPLATES = {
    "Deployment": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
_SOURCES = (
    ("ConfigMap", "configMapRef"),
    ("ConfigMap", "configMapKeyRef"),
    ("Secret", "secretRef"),
    ("Secret", "secretKeyRef"),
)


def is_workload(found: Object) -> bool:
    """Return whether an object creates pods."""
    return found.kind in TEMPLATES or found.kind == "Pod"


def pod_of(found: Object) -> dict[str, Any]:
    """Return the spec of the pods that an object creates, {} if it creates none."""
    at = (*TEMPLATES[found.kind], "spec") if found.kind in TEMPLATES else ("spec",)
    return as_map(paths.at(found.data, at)) if is_workload(found) else {}


def containers(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the containers of a pod, including its init containers."""
    for part in ("initContainers", "containers"):
        yield from map(as_map, as_list(pod.get(part)))


def references(pod: dict[str, Any], *, optional: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the kind and name of each ConfigMap and Secret that a pod reads, with `optional` ones or not."""
    for kind, name, place in mentions(pod):
        if optional or place.get("optional") is not True:
            yield kind, name


def mentions(pod: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield each reference of a pod to a ConfigMap or Secret: its kind, its name and the referring map."""
    for kind, place, field in _places(pod):
        if place.get(field):
            yield kind, str(place[field]), place


def keys_read(pod: dict[str, Any], kind: str, name: str) -> set[str] | None:
    """Return which keys of a ConfigMap or Secret a pod reads, None if it reads all keys."""
    keys: set[str] = set()
    for of, named, place in mentions(pod):
        if (of, named) != (kind, name):
            continue
        items = [place] if "key" in place else as_list(place.get("items"))
        if not items:
            return None
        keys |= {str(as_map(item).get("key")) for item in items}
    return keys


def keys_needed(pod: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Return the kind, name and key for each ConfigMap or Secret key that a pod needs to start."""
    return {
        (kind, name, str(as_map(item)["key"]))
        for kind, name, place in mentions(pod)
        for item in ([place] if "key" in place else as_list(place.get("items")))
        if place.get("optional") is not True and as_map(item).get("key")
    }


def _places(pod: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    for volume in map(as_map, as_list(pod.get("volumes"))):
        yield "ConfigMap", as_map(volume.get("configMap")), "name"
        yield "Secret", as_map(volume.get("secret")), "secretName"
        for source in map(as_map, as_list(as_map(volume.get("projected")).get("sources"))):
            yield "ConfigMap", as_map(source.get("configMap")), "name"
            yield "Secret", as_map(source.get("secret")), "name"
    for container in containers(pod):
        for entry in map(as_map, [*as_list(container.get("envFrom")), *as_list(container.get("env"))]):
            for place in (entry, as_map(entry.get("valueFrom"))):
                for kind, name in _SOURCES:
                    yield kind, as_map(place.get(name)), "name"


def as_map(value: Any) -> dict[str, Any]:
    """Return a map unchanged, {} for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """Return a list unchanged, [] for anything else."""
    return value if isinstance(value, list) else []
