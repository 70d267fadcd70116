"""What a release waits for: its pods and its CRDs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.io.kubectl import Kubectl
from generator.kube.rollout import COMPONENT

CRD = "CustomResourceDefinition"
_ANSWER_SECONDS = "5s"
_TOUCHED = "generator/touched"
_ENDED = ("Succeeded", "Failed")


def release_pods(kubectl: Kubectl, release: str, namespace: str) -> list[dict[str, Any]]:
    """Return the pods of a release, including those of `helm test`, without those of the rollout.

    The rollout has a pod on every edge node; rollout.py reads them page by page.
    """
    return _labelled(kubectl, "pods", release, "--namespace", namespace, also=f",kubeedge!={COMPONENT}")


def unready(pods: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the pods that are not ready, each with the reason if the cluster gives one; not ended pods."""
    for pod in pods:
        status = pod.get("status") or {}
        if is_test(pod) or status.get("phase") in _ENDED or has_condition(pod, "Ready"):
            continue
        node = (pod.get("spec") or {}).get("nodeName")
        where = f" on {node}" if node else ""
        yield f"pod {pod['metadata']['name']}{where}: {_reason(status)}"


def is_test(pod: dict[str, Any]) -> bool:
    """Return whether a pod belongs to `helm test`."""
    hooks = (pod["metadata"].get("annotations") or {}).get("helm.sh/hook", "")
    return any(hook.strip().startswith("test") for hook in hooks.split(","))


@dataclass(frozen=True)
class RolloutVerdict:
    """The result of a pod of `helm test`, and when it ended."""

    pod: str
    passed: bool
    ended: str
    message: str


def verdicts(pods: Iterable[dict[str, Any]]) -> Iterator[RolloutVerdict]:
    """Yield the results of the finished pods of `helm test`."""
    for pod in filter(is_test, pods):
        for container in (pod.get("status") or {}).get("containerStatuses") or ():
            end = (container.get("state") or {}).get("terminated")
            if end:
                message = str(end.get("message") or f"no message, exit code {end.get('exitCode')}").strip()
                ended = str(end.get("finishedAt") or "")
                yield RolloutVerdict(pod["metadata"]["name"], end.get("exitCode") == 0, ended, message)


def unserved_crds(kubectl: Kubectl, release: str) -> list[dict[str, Any]]:
    """Return the CRDs of a release that the API server does not serve."""
    found = _labelled(kubectl, CRD, release)
    return [one for one in found if not has_condition(one, "Established")]


def unserved_text(crd: dict[str, Any]) -> str:
    """Return the name of a CRD, and why it is not served if the cluster gives a reason."""
    why = _denied(crd.get("status") or {}) or "not served yet"
    return f"CRD {crd['metadata']['name']}: {why}"


def touch(kubectl: Kubectl, crds: list[dict[str, Any]]) -> int:
    """Write and remove an annotation on accepted CRDs that are not served; return how many there are.

    An API server that stopped between accepting names and serving them continues when a CRD changes, else
    after 5 minutes. Seen on Kubernetes 1.34.
    """
    names = [one["metadata"]["name"] for one in crds if has_condition(one, "NamesAccepted")]
    if names:
        command = ("annotate", CRD, *names, "--overwrite")
        kubectl.run(*command, f"{_TOUCHED}=now")
        kubectl.run(*command, f"{_TOUCHED}-")
    return len(names)


def _labelled(kubectl: Kubectl, kind: str, release: str, *flags: str, also: str = "") -> list[dict[str, Any]]:
    selector = f"app.kubernetes.io/instance={release}{also}"
    chosen = ("--selector", selector, "--request-timeout", _ANSWER_SECONDS)
    return kubectl.listed(kind, *flags, *chosen)


def container_statuses(status: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the statuses of all containers in the status of a pod, init containers first."""
    return [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]


def has_condition(found: Mapping[str, Any], condition: str) -> bool:
    """Return whether a condition of an object is True."""
    conditions = (found.get("status") or {}).get("conditions") or ()
    return any(one["type"] == condition and one["status"] == "True" for one in conditions)


def _reason(status: dict[str, Any]) -> str:
    for container in container_statuses(status):
        waiting = (container.get("state") or {}).get("waiting") or {}
        ended = (container.get("lastState") or {}).get("terminated") or {}
        # A container that ended tells more than that it waits to start again.
        why = (ended.get("message") if ended.get("exitCode") else "") or waiting.get("message")
        if waiting.get("reason") and waiting["reason"] != "PodInitializing":
            return " ".join(filter(None, [waiting["reason"], why]))
    return _denied(status) or str(status.get("phase") or "unknown")


def _denied(status: dict[str, Any]) -> str:
    """Return the message of the first condition that is False, "" without one."""
    conditions = status.get("conditions") or ()
    messages = (one.get("message") for one in conditions if one.get("status") == "False")
    return next((str(message) for message in messages if message), "")
