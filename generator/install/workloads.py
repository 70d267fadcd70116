"""How many pods a workload wants and has, as its controller counts them."""

from __future__ import annotations

from typing import Any

from generator.catalogue.message import Message, say
from generator.kube.objects import Object

# By kind: the path of the wanted number, then the status fields of up-to-date and of available pods.
_COUNTS = {
    "Deployment": (("spec", "replicas"), "updatedReplicas", "availableReplicas"),
    "DaemonSet": (("status", "desiredNumberScheduled"), "updatedNumberScheduled", "numberAvailable"),
}


def shortage(found: Object) -> Message | None:
    """Return what a live workload lacks, None if all its pods are up to date and available."""
    if found.kind not in _COUNTS:
        return None
    (part, wanted_key), updated_key, available_key = _COUNTS[found.kind]
    status: dict[str, Any] = found.data.get("status") or {}
    if int(status.get("observedGeneration") or 0) < int(found.metadata.get("generation") or 0):
        return say("pods-missing", "unobserved")
    wanted = int((found.data.get(part) or {}).get(wanted_key) or 0)
    updated, available = (int(status.get(key) or 0) for key in (updated_key, available_key))
    if updated >= wanted and available >= wanted:
        return None
    reason = _failure(status)
    return say("pods-missing", updated=updated, wanted=wanted, available=available, reason=reason)


def _failure(status: dict[str, Any]) -> str:
    """Return why pods could not be created, "" if the cluster gives no reason."""
    conditions = status.get("conditions") or ()
    failed = (one.get("message") for one in conditions if one["type"] == "ReplicaFailure")
    return next((str(message) for message in failed if message), "")
