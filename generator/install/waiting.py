"""What a release waits for: its pods, and its definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from generator.io.kubectl import Kubectl

DEFINITION = "CustomResourceDefinition"
_ANSWER_SECONDS = "5s"
_TOUCHED = "generator/touched"
_ENDED = ("Succeeded", "Failed")


def release_pods(kubectl: Kubectl, release: str, namespace: str) -> list[dict[str, Any]]:
    """Return the pods of a release, those of `helm test` too."""
    return _labelled(kubectl, "pods", release, "--namespace", namespace)


def unready(pods: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the pods that are not ready, and why as far as the cluster says; ended ones do not count."""
    for pod in pods:
        status = pod.get("status") or {}
        if is_test(pod) or status.get("phase") in _ENDED or _is(pod, "Ready"):
            continue
        node = (pod.get("spec") or {}).get("nodeName")
        where = f" on {node}" if node else ""
        yield f"pod {pod['metadata']['name']}{where}: {_reason(status)}"


def is_test(pod: dict[str, Any]) -> bool:
    """Say whether a pod is one of `helm test`."""
    hooks = (pod["metadata"].get("annotations") or {}).get("helm.sh/hook", "")
    return any(hook.strip().startswith("test") for hook in hooks.split(","))


@dataclass(frozen=True)
class RolloutVerdict:
    """What a pod of `helm test` found out, and when."""

    pod: str
    passed: bool
    ended: str
    message: str


def verdicts(pods: Iterable[dict[str, Any]]) -> Iterator[RolloutVerdict]:
    """Yield what the finished pods of `helm test` left in their status."""
    for pod in filter(is_test, pods):
        for container in (pod.get("status") or {}).get("containerStatuses") or ():
            end = (container.get("state") or {}).get("terminated")
            if end:
                message = str(end.get("message") or f"no message, exit code {end.get('exitCode')}").strip()
                ended = str(end.get("finishedAt") or "")
                yield RolloutVerdict(pod["metadata"]["name"], end.get("exitCode") == 0, ended, message)


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
