"""What pods may do to their node, and what they open on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.diff.compare import Change
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import touches
from generator.diff.objects import Object
from generator.diff.pods import as_list, as_map, containers, pod_of

# What a pod may do, by field, container and value, and in words.
Powers = dict[tuple[str, str, str], str]
_HOST = {
    "hostNetwork": "its pods use the node's network",
    "hostPID": "its pods see the node's processes",
    "hostIPC": "its pods see the node's shared memory",
}


def powers(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what the pods of a workload may do to their node that they might not before."""
    was, now = pod_of(before) if before else {}, pod_of(after)
    for (field, _, _), says in {**_gained(_powers(was), _powers(now)), **_writes(was, now)}.items():
        related = [change for change in changes if touches(change, field)]
        yield impact("privileged", after, f"{after.name}: {says}", related)
    for (field, _, _), says in _lost(was, now).items():
        related = [change for change in changes if field in change.path or "securityContext" in change.path]
        yield impact("privileged", after, f"{after.name}: {says}", related)
    yield from _listening(was, now, after, changes)


def _gained(had: Powers, now: Powers) -> Powers:
    return {power: says for power, says in now.items() if power not in had}


def _powers(pod: dict[str, Any]) -> Powers:
    """Map what the pods of a spec may do to words."""
    found: Powers = {(field, "", ""): says for field, says in _HOST.items() if pod.get(field) is True}
    for path in _host_paths(pod).values():
        found["hostPath", "", path] = f"its pods see {path} of the node"
    for container in containers(pod):
        name, context = str(container.get("name")), _context(pod, container)
        if context.get("privileged") is True:
            found["privileged", name, ""] = f"container {name} is privileged"
        if context.get("allowPrivilegeEscalation") is True:
            found["allowPrivilegeEscalation", name, ""] = f"container {name} may gain privileges"
        if type(user := context.get("runAsUser")) is int and user == 0:
            found["runAsUser", name, ""] = f"container {name} runs as root"
        for capability in as_list(as_map(context.get("capabilities")).get("add")):
            found["capabilities", name, str(capability)] = f"container {name} has {capability}"
    return found


def _context(pod: dict[str, Any], container: dict[str, Any]) -> dict[str, Any]:
    """Return what holds for a container: its own context, else that of its pod."""
    return {**as_map(pod.get("securityContext")), **as_map(container.get("securityContext"))}


def _host_paths(pod: dict[str, Any]) -> dict[str, str]:
    """Map the names of volumes to the folders of the node that they are."""
    volumes = map(as_map, as_list(pod.get("volumes")))
    paths = {str(one.get("name")): as_map(one.get("hostPath")).get("path") for one in volumes}
    return {name: str(path) for name, path in paths.items() if path}


def _writes(was: dict[str, Any], now: dict[str, Any]) -> Powers:
    """Map what containers may write that they could only read; of a new folder it is said that it is seen."""
    seen = set(_host_paths(was).values())
    gained = _gained(_writable(was), _writable(now))
    return {power: says for power, says in gained.items() if power[2] in seen}


def _writable(pod: dict[str, Any]) -> Powers:
    folders, found = _host_paths(pod), {}
    for container in containers(pod):
        name = str(container.get("name"))
        for mount in map(as_map, as_list(container.get("volumeMounts"))):
            path = folders.get(str(mount.get("name")))
            if path and mount.get("readOnly") is not True:
                found["volumeMounts", name, path] = f"container {name} may write {path} of the node"
    return found


def _lost(was: dict[str, Any], now: dict[str, Any]) -> Powers:
    """Map what containers were kept from, and are no longer, to words."""
    there = {str(container.get("name")) for container in containers(now)}
    kept = _guards(now)
    return {guard: says for guard, says in _guards(was).items() if guard not in kept and guard[1] in there}


def _guards(pod: dict[str, Any]) -> Powers:
    found: Powers = {}
    for container in containers(pod):
        name, context = str(container.get("name")), _context(pod, container)
        # Where it is switched on, that is said.
        if context.get("allowPrivilegeEscalation") is False:
            found["allowPrivilegeEscalation", name, ""] = f"container {name} is not kept from more privileges"
        if context.get("runAsNonRoot") is True:
            found["runAsNonRoot", name, ""] = f"container {name} may run as root"
        if "ALL" in as_list(as_map(context.get("capabilities")).get("drop")):
            found["drop", name, ""] = f"container {name} keeps the capabilities that it had dropped"
    return found


def _listening(
    was: dict[str, Any], now: dict[str, Any], after: Object, changes: Sequence[Change]
) -> Iterator[Impact]:
    had, opens = _listens(was), _listens(now)
    related = [c for c in changes if touches(c, "hostNetwork") or touches(c, "ports")]
    for name, says, ports in (
        ("exposed", "listens", opens - had),
        ("closed", "no longer listens", had - opens),
    ):
        if ports:
            yield impact(name, after, f"{after.name} {says} on its node: {', '.join(sorted(ports))}", related)


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
