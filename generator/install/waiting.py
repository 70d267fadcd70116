"""What a release waits for: its pods, and its definitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.cluster import Kubectl

DEFINITION = "CustomResourceDefinition"
_ANSWER_SECONDS = "5s"
_TOUCHED = "generator/touched"


def unready_pods(kubectl: Kubectl, release: str, namespace: str) -> Iterator[str]:
    """Yield the pods of a release that are not ready, and why as far as the cluster says."""
    for pod in _labelled(kubectl, "pods", release, "--namespace", namespace):
        if not _is(pod, "Ready"):
            node = (pod.get("spec") or {}).get("nodeName")
            where = f" on {node}" if node else ""
            yield f"pod {pod['metadata']['name']}{where}: {_reason(pod.get('status') or {})}"


def unready_definitions(kubectl: Kubectl, release: str) -> list[dict[str, Any]]:
    """Return the definitions of a release that the API server does not serve."""
    found = _labelled(kubectl, DEFINITION, release)
    return [one for one in found if not _is(one, "Established")]


def why_unready(definition: dict[str, Any]) -> str:
    """Name a definition, and say why it is not served as far as the cluster says."""
    why = _denied(definition.get("status") or {}) or "not served yet"
    return f"definition {definition['metadata']['name']}: {why}"


def remind(kubectl: Kubectl, definitions: list[dict[str, Any]]) -> int:
    """Touch the definitions that the API server has forgotten, and return how many those are.

    One that stopped between accepting names and serving them goes on when a definition changes, else after
    five minutes. Nothing stays of the touch. Seen on Kubernetes 1.34.
    """
    names = [one["metadata"]["name"] for one in definitions if _is(one, "NamesAccepted")]
    if names:
        command = ("annotate", DEFINITION, *names, "--overwrite")
        kubectl.run(*command, f"{_TOUCHED}=now")
        kubectl.run(*command, f"{_TOUCHED}-")
    return len(names)


def _labelled(kubectl: Kubectl, kind: str, release: str, *flags: str) -> list[dict[str, Any]]:
    chosen = ("--selector", f"app.kubernetes.io/instance={release}", "--request-timeout", _ANSWER_SECONDS)
    return kubectl.listed(kind, *flags, *chosen)


def _is(found: dict[str, Any], condition: str) -> bool:
    conditions = (found.get("status") or {}).get("conditions") or ()
    return any(one["type"] == condition and one["status"] == "True" for one in conditions)


def _reason(status: dict[str, Any]) -> str:
    for container in status.get("containerStatuses") or ():
        waiting = (container.get("state") or {}).get("waiting") or {}
        if waiting.get("reason"):
            return " ".join(filter(None, [waiting["reason"], waiting.get("message")]))
    return _denied(status) or str(status.get("phase") or "unknown")


def _denied(status: dict[str, Any]) -> str:
    """Return what the first condition says that does not hold, "" without one."""
    conditions = status.get("conditions") or ()
    said = (one.get("message") for one in conditions if one.get("status") == "False")
    return next((str(message) for message in said if message), "")
