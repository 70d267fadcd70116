"""The objects of the releases, as they are in the cluster."""

from __future__ import annotations

from typing import Any

from tests.cluster.api import Api, Key

# Kinds that controllers create from the objects of a release, with the same labels.
MADE = ("Pod", "ReplicaSet", "ControllerRevision", "Endpoints", "EndpointSlice")
PARTS = ("spec", "data", "rules", "subjects", "roleRef", "aggregationRule")
# Fields that the API server fills at random.
GIVEN = ("clusterIP", "clusterIPs", "nodePort", "healthCheckNodePort")


def live(api: Api) -> dict[Key, Any]:
    """Return the fields that Helm has set, by object: labels and contents."""
    return {
        key: {"labels": found["metadata"]["labels"]} | {p: _fixed(found[p]) for p in PARTS if p in found}
        for key, found in api.everything(labelSelector="app.kubernetes.io/managed-by=Helm").items()
        if key[0] not in MADE
    }


def different(one: dict[Key, Any], other: dict[Key, Any]) -> list[Key]:
    """Return the objects in which two states differ."""
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _fixed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _fixed(child) for name, child in value.items() if name not in GIVEN}
    return [_fixed(child) for child in value] if isinstance(value, list) else value
