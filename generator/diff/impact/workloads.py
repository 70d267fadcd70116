"""What a change means for pods: which are restarted, where they run, and what they may do there."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

from generator.diff.compare import NOTHING, Change
from generator.diff.impact.classes import Impact, impact
from generator.diff.objects import Object
from generator.diff.pods import TEMPLATES, as_list, as_map, containers, pod_of, references
from generator.errors import count
from generator.model import paths

# Whose pods the change of a template replaces.
_ROLLED = ("Deployment", "DaemonSet", "StatefulSet")


def restarts(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield which pods the change of a workload restarts, adds or takes away."""
    template = TEMPLATES.get(after.kind)
    changed = [change for change in changes if template and change.path[: len(template)] == template]
    if changed and after.kind in _ROLLED:
        yield _rolled(after, changed)
    elif changed:
        yield impact("no-restart", after, f"{after.name}: its next pods are made with it", changed)
    scaled = [change for change in changes if change.path == ("spec", "replicas")]
    if scaled:
        was, now = (count(_replicas(found), "pod") for found in (before, after))
        yield impact("scaled", after, f"{after.name}: {was} before, {now} after", scaled)


def _rolled(after: Object, changed: list[Change]) -> Impact:
    strategy = "updateStrategy" if after.kind in ("DaemonSet", "StatefulSet") else "strategy"
    kind = paths.at(after.data, ("spec", strategy, "type"))
    where = nodes(pod_of(after))
    if kind == "OnDelete":
        says = f"{after.name}: {_count(after)} on {where} must be deleted by hand to be made anew"
        return impact("restart-by-hand", after, says, changed)
    down = ", none runs meanwhile" if kind == "Recreate" else ""
    return impact("restart", after, f"restarts {after.name}: {_count(after)} on {where}{down}", changed)


def _replicas(found: Object) -> int:
    number = paths.at(found.data, ("spec", "replicas"))
    return number if type(number) is int else 1


def _count(found: Object) -> str:
    return "the pod" if found.kind == "DaemonSet" else count(_replicas(found), "pod")


def starts(found: Object) -> str:
    """Say which pods a new workload starts, and where."""
    return f"starts {found.name}: {_count(found)} on {nodes(pod_of(found))}"


# --- where pods run ------------------------------------------------------------------------


def nodes(pod: dict[str, Any]) -> str:
    """Say in words on which nodes a pod may run."""
    if pod.get("nodeName"):
        return f"node {pod['nodeName']}"
    wanted = [f"{name}={value}" for name, value in as_map(pod.get("nodeSelector")).items()]
    required = paths.at(pod, ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"))
    terms = [_term(term) for term in as_list(as_map(required).get("nodeSelectorTerms"))]
    wanted += [" or ".join(filter(None, terms))] if any(terms) else []
    return f"nodes with {' and '.join(wanted)}" if wanted else "every node it tolerates"


def _term(term: Any) -> str:
    found = [*as_list(as_map(term).get("matchExpressions")), *as_list(as_map(term).get("matchFields"))]
    return " and ".join(map(_expression, map(as_map, found)))


def _expression(one: dict[str, Any]) -> str:
    key, values = one.get("key"), ", ".join(map(str, as_list(one.get("values"))))
    words = {
        "Exists": f"{key}",
        "DoesNotExist": f"no {key}",
        "In": f"{key} in {values}",
        "NotIn": f"{key} not in {values}",
        "Gt": f"{key} > {values}",
        "Lt": f"{key} < {values}",
    }
    return words.get(str(one.get("operator")), f"{key}")


def needs(
    before: Object | None, after: Object, changes: Sequence[Change], there: Container[tuple[str, str, str]]
) -> Iterator[Impact]:
    """Yield what new pods wait for: kind, namespace and name are not among those that are `there`."""
    had = set(references(pod_of(before), optional=False)) if before else set()
    for kind, name in dict.fromkeys(references(pod_of(after), optional=False)):
        if (kind, name) not in had and (kind, after.namespace, name) not in there:
            related = [change for change in changes if _touches(change, "volumes") or _touches(change, "env")]
            says = f"{after.name} does not start without {kind} {after.namespace}/{name}: make it first"
            yield impact("needs", after, says, related)


# --- what pods may do ----------------------------------------------------------------------


def powers(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what the pods of a workload may do to their node that they might not before."""
    had = _powers(pod_of(before)) if before else {}
    for power, says in _powers(pod_of(after)).items():
        if power not in had:
            related = [change for change in changes if _touches(change, power[0])]
            yield impact("privileged", after, f"{after.name}: {says}", related)
    listened = _listens(pod_of(before)) if before else set()
    open_now = _listens(pod_of(after)) - listened
    if open_now:
        ports = ", ".join(sorted(open_now))
        related = [c for c in changes if _touches(c, "hostNetwork") or _touches(c, "ports")]
        yield impact("exposed", after, f"{after.name} listens on its node: {ports}", related)


def _touches(change: Change, name: str) -> bool:
    if name in change.path:
        return True
    return isinstance(change.after, dict | list) and change.after is not NOTHING and name in str(change.after)


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
