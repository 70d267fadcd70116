"""Helpers over rendered objects: find one, read a config out of it, follow its references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator import go_yaml

Object = dict[str, Any]


def find(objects: Iterable[Object], kind: str, name: str) -> Object:
    """Return the object of a kind and name; raise LookupError with what there is."""
    objects = list(objects)
    for found in objects:
        if found["kind"] == kind and found["metadata"]["name"] == name:
            return found
    there = [f"{o['kind']}/{o['metadata']['name']}" for o in objects]
    raise LookupError(f"no {kind}/{name} among {there}")


def has(objects: Iterable[Object], kind: str, name: str) -> bool:
    """Say whether there is an object of a kind and name."""
    return any(o["kind"] == kind and o["metadata"]["name"] == name for o in objects)


def config(objects: Iterable[Object], name: str, key: str) -> Object:
    """Return a program's config out of ConfigMap `name`."""
    loaded: Object = go_yaml.load(find(objects, "ConfigMap", name)["data"][key])
    return loaded


def pod_specs(objects: Iterable[Object]) -> Iterator[tuple[Object, Object]]:
    """Yield (workload, pod spec) of everything that runs pods."""
    for found in objects:
        if found["kind"] in ("Deployment", "DaemonSet", "StatefulSet", "Job"):
            yield found, found["spec"]["template"]["spec"]
        elif found["kind"] == "Pod":
            yield found, found["spec"]


def containers(objects: Iterable[Object]) -> Iterator[Object]:
    """Yield every container."""
    for _, spec in pod_specs(objects):
        yield from spec.get("initContainers", [])
        yield from spec["containers"]


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield every scalar and empty collection below a value, with its path."""
    items: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if items is None or not value:
        yield path, value
        return
    for name, child in items:
        yield from leaves(child, (*path, name))
