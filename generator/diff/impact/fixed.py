"""Changes that the API server rejects (Kubernetes v1.34)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from generator import paths
from generator.catalogue.message import say
from generator.diff.impact.classes import Impact, impact
from generator.kube.compare import NOTHING, Change
from generator.kube.equality import quantity
from generator.kube.objects import Object
from generator.paths import Path

# The API server rejects a change below these paths ...
_IMMUTABLE: dict[str, tuple[Path, ...]] = {
    "Deployment": (("spec", "selector"),),
    "DaemonSet": (("spec", "selector"),),
    "ReplicaSet": (("spec", "selector"),),
    "StatefulSet": (("spec",),),
    "Job": tuple(
        ("spec", name)
        for name in (
            "selector", "template", "completionMode", "podFailurePolicy", "successPolicy", "managedBy",
            "backoffLimitPerIndex",
        )
    ),
    "Pod": (("spec",),),
    "Service": (("spec", "clusterIP"), ("spec", "clusterIPs")),
    "PersistentVolumeClaim": (("spec",),),
    "PersistentVolume": (("spec",),),
    "RuntimeClass": (("handler",),),
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
# ... except these.
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
    "PersistentVolume": tuple(
        ("spec", name)
        for name in (
            "capacity", "accessModes", "persistentVolumeReclaimPolicy", "storageClassName", "mountOptions",
            "claimRef", "volumeAttributesClassName",
        )
    ),
    "PersistentVolumeClaim": (("spec", "resources"), ("spec", "volumeAttributesClassName")),
}  # fmt: skip


def _indexed(before: Object, after: Object, _change: Change) -> bool:
    return all(paths.at(one.data, ("spec", "completionMode")) == "Indexed" for one in (before, after))


def _same_family(before: Object, after: Object, _change: Change) -> bool:
    was, now = (paths.at(one.data, ("spec", "ipFamilies", 0)) for one in (before, after))
    return was is None or now is None or was == now


def _not_balanced(before: Object, after: Object, _change: Change) -> bool:
    return not all(paths.at(one.data, ("spec", "type")) == "LoadBalancer" for one in (before, after))


def _grows(_before: Object, _after: Object, change: Change) -> bool:
    was, now = (quantity(value) for value in (change.before, change.after))
    return was is None or now is None or now >= was


def _is_new(_before: Object, _after: Object, change: Change) -> bool:
    return change.before is NOTHING


# Changes that are allowed under a condition.
_ALLOWED: dict[tuple[str, Path], Callable[[Object, Object, Change], bool]] = {
    ("Job", ("spec", "completions")): _indexed,
    ("Service", ("spec", "ipFamilies")): _same_family,
    ("Service", ("spec", "loadBalancerClass")): _not_balanced,
    ("PersistentVolumeClaim", ("spec", "resources", "requests", "storage")): _grows,
    ("PersistentVolume", ("spec", "nodeAffinity")): _is_new,
}


def immutable(before: Object, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield the changes that the API server rejects."""
    if is_hook(after):
        return
    for change in changes:
        if rejected(before, after, change):
            yield impact(say("immutable", field=change.place), after, [change])


def is_hook(found: Object) -> bool:
    """Return whether the object is a Helm hook, which Helm deletes and creates again each time."""
    return bool(paths.at(found.metadata, ("annotations", "helm.sh/hook")))


def rejected(before: Object, after: Object, change: Change) -> bool:
    """Return whether the API server rejects a change."""
    kind, path = after.kind, change.path
    frozen = before.data.get("immutable") is True and before.kind in ("ConfigMap", "Secret")
    if frozen and (change.file or path[0] in ("data", "immutable")):
        return True
    if kind == "Pod" and is_image(path):
        return False
    conditions = [allowed for (of, top), allowed in _ALLOWED.items() if of == kind and _below(path, top)]
    if conditions:
        return not any(allowed(before, after, change) for allowed in conditions)
    fixed, free = _IMMUTABLE.get(kind, ()), _MUTABLE.get(kind, ())
    return any(_below(path, top) for top in fixed) and not any(_below(path, top) for top in free)


def is_image(path: Path) -> bool:
    """Return whether a path in a Pod is the image of a container."""
    return path[-1] == "image" and path[1] in ("containers", "initContainers")


def _below(path: Path, top: Path) -> bool:
    return path[: len(top)] == top
