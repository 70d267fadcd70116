"""What pods may do to their node, and what they open on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.diff.compare import Change
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import touches
from generator.diff.objects import Object
from generator.diff.pods import as_list, as_map, containers, pod_of


def powers(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what the pods of a workload may do to their node that they might not before."""
    had = _powers(pod_of(before)) if before else {}
    for power, says in _powers(pod_of(after)).items():
        if power not in had:
            related = [change for change in changes if touches(change, power[0])]
            yield impact("privileged", after, f"{after.name}: {says}", related)
    listened = _listens(pod_of(before)) if before else set()
    open_now = _listens(pod_of(after)) - listened
    if open_now:
        ports = ", ".join(sorted(open_now))
        related = [c for c in changes if touches(c, "hostNetwork") or touches(c, "ports")]
        yield impact("exposed", after, f"{after.name} listens on its node: {ports}", related)


def _powers(pod: dict[str, Any]) -> dict[tuple[str, str, str], str]:
    """Map what the pods of a spec may do, by field, container and value, to words."""
    found: dict[tuple[str, str, str], str] = {}
    for field, says in (("hostPID", "the node's processes"), ("hostIPC", "the node's shared memory")):
        if pod.get(field) is True:
            found[field, "", ""] = f"its pods see {says}"
    for volume in as_list(pod.get("volumes")):
        path = as_map(as_map(volume).get("hostPath")).get("path")
        if path:
            found["hostPath", "", str(path)] = f"its pods see {path} of the node"
    for container in containers(pod):
        name, context = str(container.get("name")), as_map(container.get("securityContext"))
        if context.get("privileged") is True:
            found["privileged", name, ""] = f"container {name} is privileged"
        for capability in as_list(as_map(context.get("capabilities")).get("add")):
            found["capabilities", name, str(capability)] = f"container {name} has {capability}"
    return found


def _listens(pod: dict[str, Any]) -> set[str]:
    """Return the ports that the pods of a spec open on their node."""
    found = set()
    for container in as_list(pod.get("containers")):
        for port in map(as_map, as_list(as_map(container).get("ports"))):
            number = port.get("hostPort") or (
                port.get("containerPort") if pod.get("hostNetwork") is True else None
            )
            if number:
                found.add(f"{number}/{port.get('protocol', 'TCP')}")
    return found
