"""How many pods a workload should have and has, as its controller counts them."""

from __future__ import annotations

from typing import Any

from generator.kube.objects import Object

# What is wanted, then what is there: paths below the object, by kind.
_COUNTS = {
    "Deployment": (("spec", "replicas"), "updatedReplicas", "availableReplicas"),
    "DaemonSet": (("status", "desiredNumberScheduled"), "updatedNumberScheduled", "numberAvailable"),
}


def shortage(found: Object) -> str:
    """Say what a live workload lacks, "" if it has all its pods, of its present template and available."""
    if found.kind not in _COUNTS:
        return ""
    (part, wanted_key), updated_key, available_key = _COUNTS[found.kind]
    status: dict[str, Any] = found.data.get("status") or {}
    if int(status.get("observedGeneration") or 0) < int(found.metadata.get("generation") or 0):
        return "its controller has not seen its last change: is kube-controller-manager running?"
    wanted = int((found.data.get(part) or {}).get(wanted_key) or 0)
    updated, available = (int(status.get(key) or 0) for key in (updated_key, available_key))
    if updated >= wanted and available >= wanted:
        return ""
    counts = f"{updated} of {wanted} pods up to date, {available} available"
    return ": ".join(filter(None, (counts, _failure(status))))


def _failure(status: dict[str, Any]) -> str:
    """Return why pods could not be made, "" where the cluster does not say."""
    conditions = status.get("conditions") or ()
    failed = (one.get("message") for one in conditions if one["type"] == "ReplicaFailure")
    return next((str(message) for message in failed if message), "")
