"""What a change means for the object itself: fixed fields, deletion, definitions, RBAC, services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.diff.compare import NOTHING, Change
from generator.diff.content import Side
from generator.diff.impact.classes import Impact, impact
from generator.diff.impact.workloads import nodes
from generator.diff.objects import Object
from generator.diff.pods import as_list, as_map, is_workload, pod_of
from generator.diff.rights import rights, words
from generator.model import paths
from generator.model.paths import Path

# The API server refuses a change below these ...
_IMMUTABLE: dict[str, tuple[Path, ...]] = {
    "Deployment": (("spec", "selector"),),
    "DaemonSet": (("spec", "selector"),),
    "ReplicaSet": (("spec", "selector"),),
    "StatefulSet": (("spec",),),
    "Job": (("spec", "selector"), ("spec", "template"), ("spec", "completionMode")),
    "Pod": (("spec",),),
    "Service": (("spec", "clusterIP"), ("spec", "clusterIPs")),
    "PersistentVolumeClaim": (("spec",),),
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "Secret": (("type",),),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "IngressClass": (("spec", "controller"),),
    "CustomResourceDefinition": (
        ("spec", "group"), ("spec", "scope"), ("spec", "names", "kind"), ("spec", "names", "plural"),
    ),
}  # fmt: skip
# ... but for these.
_MUTABLE: dict[str, tuple[Path, ...]] = {
    "StatefulSet": tuple(
        ("spec", name)
        for name in (
            "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "minReadySeconds",
            "persistentVolumeClaimRetentionPolicy",
        )
    ),
    "Pod": (
        ("spec", "activeDeadlineSeconds"), ("spec", "tolerations"), ("spec", "terminationGracePeriodSeconds"),
    ),
    "PersistentVolumeClaim": (("spec", "resources"), ("spec", "volumeAttributesClassName")),
}  # fmt: skip
_WITH_IT = {
    "CustomResourceDefinition": "every object of its kind in the cluster goes with it",
    "Namespace": "everything in it goes with it",
    "PersistentVolumeClaim": "its data may go with it",
    "Secret": "what is in it is gone",
}


def immutable(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield the changes that the API server would refuse."""
    frozen = before.data.get("immutable") is True and before.kind in ("ConfigMap", "Secret")
    fixed, free = _IMMUTABLE.get(after.kind, ()), _MUTABLE.get(after.kind, ())
    for change in changes:
        inside = any(_below(change.path, path) for path in fixed) and not any(
            _below(change.path, path) for path in free
        )
        if after.kind == "Pod" and change.path[-1] == "image":
            inside = False
        if inside or (frozen and (change.file or change.path[0] in ("data", "immutable"))):
            says = f"{change.place} cannot be changed: the upgrade fails unless the object is deleted first"
            yield impact("immutable", after, says, [change])


def _below(path: Path, top: Path) -> bool:
    return path[: len(top)] == top


def deleted(found: Object, renamed: Object | None = None) -> Impact:
    """Say what it means that an object is no longer there, or goes on under another name."""
    if found.kept:
        return impact("kept", found, "Helm leaves it in the cluster (helm.sh/resource-policy: keep)")
    if renamed:
        what = f"is deleted; {renamed.title} takes its place"
    else:
        what = "is deleted" + (f": {_WITH_IT[found.kind]}" if found.kind in _WITH_IT else "")
    if is_workload(found):
        what += f"; its pods on {nodes(pod_of(found))} stop"
    return impact("deleted", found, what)


def definitions(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what changes for the objects of a definition."""
    if after.kind != "CustomResourceDefinition":
        return
    was, now = _versions(before), _versions(after)
    old, new = (_stored(versions) for versions in (was, now))
    related = [change for change in changes if change.path[:2] == ("spec", "versions")]
    if old != new:
        says = f"stores {new or 'no version'} instead of {old or 'none'}; objects follow as they change"
        yield impact("crd-storage", after, says, related)
    for name, version in was.items():
        if version.get("served") is True and now.get(name, {}).get("served") is not True:
            gone = name not in now
            says = f"no longer serves {name}: clients that ask for it fail"
            says += "; the API server refuses it while objects are stored in it" if gone else ""
            yield impact("crd-storage", after, says, related)


def _versions(found: Object) -> dict[str, dict[str, Any]]:
    versions = paths.at(found.data, ("spec", "versions"))
    return {
        str(version.get("name")): version
        for version in (versions if isinstance(versions, list) else [])
        if isinstance(version, dict)
    }


def _stored(versions: dict[str, dict[str, Any]]) -> str:
    return next((name for name, version in versions.items() if version.get("storage") is True), "")


# --- RBAC ----------------------------------------------------------------------------------


def access(before: Object | None, after: Object, changes: Sequence[Change], side: Side) -> Iterator[Impact]:
    """Yield who may do more, or less, than before."""
    if after.kind in ("Role", "ClusterRole"):
        yield from _role(before, after, changes)
    elif after.kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _binding(before, after, changes, side)


def lost_access(gone: Object) -> Iterator[Impact]:
    """Yield who may do less once a role or binding is deleted."""
    if gone.kind in ("Role", "ClusterRole"):
        found = words(rights(gone.data.get("rules")))
        if found:
            yield impact("rbac-narrowed", gone, _some(found))
    elif gone.kind in ("RoleBinding", "ClusterRoleBinding"):
        yield impact("rbac-narrowed", gone, f"{', '.join(_subjects(gone))} loses {_reference(gone)}")


def _role(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    if before is None:
        found = words(rights(after.data.get("rules")))
        if found:
            yield impact("rbac-widened", after, f"a new role: {_some(found)}")
        return
    for change in changes:
        if change.path == ("rules",):
            for name, rules in (("rbac-widened", change.after), ("rbac-narrowed", change.before)):
                if rules and rules is not NOTHING:
                    yield impact(name, after, _some(rules), [change])
        elif _aggregates(change.path):
            yield impact("rbac-widened", after, f"{change.place}: a role gathers other rules", [change])


def _aggregates(path: Path) -> bool:
    labels = path[:2] == ("metadata", "labels") and "aggregate-to" in str(path[-1])
    return path[0] == "aggregationRule" or labels


def _binding(before: Object | None, after: Object, changes: Sequence[Change], side: Side) -> Iterator[Impact]:
    role = _role_of(after, side)
    had = _subjects(before) if before else {}
    now = _subjects(after)
    related = [change for change in changes if change.path[0] in ("subjects", "roleRef")]
    gained = [name for name in now if name not in had or _reference(before) != _reference(after)]
    lost = [name for name in had if name not in now]
    if gained:
        yield impact("rbac-widened", after, f"{', '.join(gained)} gets {role}", related)
    if lost:
        yield impact("rbac-narrowed", after, f"{', '.join(lost)} loses {_reference(before)}", related)


def _reference(found: Object | None) -> str:
    reference = found.data.get("roleRef") if found else None
    return f"{reference.get('kind')} {reference.get('name')}" if isinstance(reference, dict) else "no role"


def _role_of(found: Object, side: Side) -> str:
    reference = found.data.get("roleRef")
    kind, name = (reference.get("kind"), reference.get("name")) if isinstance(reference, dict) else ("", "")
    namespace = found.namespace if kind == "Role" else ""
    role = side.by_identity.get((found.group, str(kind), namespace, str(name)))
    return (
        f"{_reference(found)} ({_some(words(rights(role.data.get('rules'))))})" if role else _reference(found)
    )


def _subjects(found: Object) -> dict[str, None]:
    """Return the names of those bound, in their order."""
    subjects = map(as_map, as_list(found.data.get("subjects")))
    return {f"{one.get('kind')} {_full_name(one)}": None for one in subjects}


def _full_name(subject: dict[str, Any]) -> str:
    namespace = subject.get("namespace")
    return f"{namespace}/{subject.get('name')}" if namespace else str(subject.get("name"))


def _some(lines: Sequence[str], most: int = 4) -> str:
    """Join the first few lines, and count the rest."""
    shown = "; ".join(map(str, lines[:most]))
    return f"{shown}; and {len(lines) - most} more" if len(lines) > most else shown


# --- services and ingresses ----------------------------------------------------------------


def services(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what can be reached from outside the cluster that could not, or no longer."""
    had, now = _reached(before), _reached(after)
    gained, lost = [p for p in now if p not in had], [p for p in had if p not in now]
    if gained:
        yield impact("exposed", after, f"reached from outside: {', '.join(gained)}", changes)
    if lost:
        yield impact("closed", after, f"no longer reached from outside: {', '.join(lost)}", changes)


def _reached(found: Object | None) -> list[str]:
    if found is None:
        return []
    spec = as_map(found.data.get("spec"))
    if found.kind in ("Ingress", "Gateway", "HTTPRoute"):
        hosts = [str(rule.get("host") or "any host") for rule in map(as_map, as_list(spec.get("rules")))]
        return hosts or [found.name]
    if found.kind != "Service":
        return []
    kind = spec.get("type", "ClusterIP")
    outside = [str(address) for address in as_list(spec.get("externalIPs"))]
    if kind not in ("NodePort", "LoadBalancer") and not outside:
        return []
    where = " ".join([str(kind), *outside])
    ports = [port for port in as_list(spec.get("ports")) if isinstance(port, dict)]
    return [f"{where} {port.get('port')}/{port.get('protocol', 'TCP')}" for port in ports]
