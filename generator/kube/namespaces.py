"""The Namespace of rendered objects, with the Pod Security level that their pods need.

Helm creates the namespace of a release itself, so no chart renders it; `kubectl apply` needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, containers, pod_of

ENFORCE = "pod-security.kubernetes.io/enforce"
PRIVILEGED = "privileged"
# Every cluster has these.
BUILT_IN = ("default", "kube-system", "kube-public", "kube-node-lease")
_HOST = ("hostNetwork", "hostPID", "hostIPC")
# The capabilities that the level baseline allows (k8s.io/pod-security-admission v0.34
# policy/check_capabilities_baseline.go).
_BASELINE = {
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
    "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
}  # fmt: skip


def namespace_of(objects: Iterable[Object], name: str) -> dict[str, Any] | None:
    """Return the Namespace that objects need, None if every cluster has it or the objects contain it."""
    found = list(objects)
    if name in BUILT_IN or any(one.kind == "Namespace" and one.name == name for one in found):
        return None
    labels = {ENFORCE: PRIVILEGED} if needs_privileged(found, name) else {}
    metadata = {"name": name, **({"labels": labels} if labels else {})}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def needs_privileged(objects: Iterable[Object], name: str) -> bool:
    """Return whether a pod of a namespace violates the Pod Security level baseline."""
    return any(_is_privileged(pod_of(one)) for one in objects if (one.namespace or name) == name)


def _is_privileged(pod: dict[str, Any]) -> bool:
    volumes = map(as_map, as_list(pod.get("volumes")))
    host = any(pod.get(field) for field in _HOST) or any("hostPath" in volume for volume in volumes)
    return host or any(map(_is_privileged_container, containers(pod)))


def _is_privileged_container(container: dict[str, Any]) -> bool:
    context = as_map(container.get("securityContext"))
    added = {str(one) for one in as_list(as_map(context.get("capabilities")).get("add"))}
    ports = map(as_map, as_list(container.get("ports")))
    return bool(context.get("privileged") or added - _BASELINE or any(port.get("hostPort") for port in ports))
