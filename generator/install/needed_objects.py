"""The objects that manifests refer to and do not contain, except Secrets (prerequisites.py)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from generator.catalogue.message import say
from generator.install.apply_step import BEFORE, ApplyStep
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, mentions, pod_of

# Objects that every cluster, or every namespace, has.
_BUILT_IN = {
    ("ConfigMap", "kube-root-ca.crt"),
    ("ServiceAccount", "default"),
    ("PriorityClass", "system-node-critical"),
    ("PriorityClass", "system-cluster-critical"),
}
_CLUSTER_SCOPED = ("PriorityClass", "RuntimeClass")
CERT_MANAGER = "cert-manager.io"
_CERT_MANAGER = (
    "kubectl apply --filename="
    "https://github.com/cert-manager/cert-manager/releases/latest/download/cert-manager.yaml"
)
_CREATE = {
    "ConfigMap": "configmap {name} --from-file=KEY=FILE",
    "ServiceAccount": "serviceaccount {name}",
    "PriorityClass": "priorityclass {name} --value=VALUE",
}


@dataclass(frozen=True)
class _Needed:
    kind: str
    namespace: str
    name: str
    optional: bool = False


def needed_objects(objects: Sequence[Object], namespace: str) -> Iterator[ApplyStep]:
    """Yield a step for each object that pods refer to, and for the CRDs and issuers of custom resources."""
    there = {(one.kind, _place(one.kind, one.namespace or namespace), one.name) for one in objects}
    readers: dict[_Needed, list[str]] = {}
    for one in objects:
        for needed in _references(pod_of(one), one.namespace or namespace):
            place = (needed.kind, needed.namespace, needed.name)
            if place not in there and (needed.kind, needed.name) not in _BUILT_IN:
                readers.setdefault(needed, []).append(one.title)
    yield from _crds(objects)
    yield from _issuers(objects, namespace, there)
    for needed, titles in readers.items():
        yield _step(needed, " and ".join(dict.fromkeys(titles)))


def _step(needed: _Needed, reader: str) -> ApplyStep:
    name, named = _named(needed.kind, needed.namespace, needed.name)
    variant = "optional" if needed.optional else ""
    message = say("object-to-create", variant, kind=needed.kind, name=name, reader=reader)
    commands: tuple[str, ...] = ()
    if needed.kind in _CREATE:
        flag = f"--namespace {needed.namespace} " if needed.namespace else ""
        commands = (f"kubectl {flag}create {_CREATE[needed.kind].format(name=needed.name)}",)
    return ApplyStep(BEFORE, message, commands, named)


def _references(pod: dict[str, Any], namespace: str) -> Iterator[_Needed]:
    for kind, name, place in mentions(pod):
        if kind == "ConfigMap":
            yield _Needed(kind, namespace, name, place.get("optional") is True)
    named = {
        "ServiceAccount": pod.get("serviceAccountName"),
        "PriorityClass": pod.get("priorityClassName"),
        "RuntimeClass": pod.get("runtimeClassName"),
    }
    yield from (_Needed(kind, _place(kind, namespace), str(name)) for kind, name in named.items() if name)
    for volume in map(as_map, as_list(pod.get("volumes"))):
        claim = as_map(volume.get("persistentVolumeClaim")).get("claimName")
        if claim:
            yield _Needed("PersistentVolumeClaim", namespace, str(claim))


def _place(kind: str, namespace: str) -> str:
    return "" if kind in _CLUSTER_SCOPED else namespace


def _crds(objects: Sequence[Object]) -> Iterator[ApplyStep]:
    """Yield a step for each group of custom resources whose CRDs are not among some objects."""
    crds = (as_map(one.data.get("spec")) for one in objects if one.kind == "CustomResourceDefinition")
    there = {(str(spec.get("group")), str(as_map(spec.get("names")).get("kind"))) for spec in crds}
    missing: dict[str, list[str]] = {}
    for one in objects:
        if not one.is_kubernetes and (one.group, one.kind) not in there:
            missing.setdefault(one.group, []).append(one.title)
    for group, titles in missing.items():
        commands = (_CERT_MANAGER,) if group == CERT_MANAGER else ()
        message = say("crds-to-install", group, group=group, objects=" and ".join(titles))
        yield ApplyStep(BEFORE, message, commands, {"kind": "CustomResourceDefinition", "group": group})


def _issuers(
    objects: Sequence[Object], namespace: str, there: set[tuple[str, str, str]]
) -> Iterator[ApplyStep]:
    """Yield a step for each issuer of a Certificate that is not among some objects."""
    users: dict[tuple[str, str, str], list[str]] = {}
    for one in objects:
        if (one.group, one.kind) == (CERT_MANAGER, "Certificate"):
            wanted = as_map(as_map(one.data.get("spec")).get("issuerRef"))
            kind = str(wanted.get("kind") or "Issuer")
            place = "" if kind == "ClusterIssuer" else one.namespace or namespace
            users.setdefault((kind, place, str(wanted.get("name"))), []).append(one.title)
    for issuer, titles in users.items():
        if issuer not in there:
            name, named = _named(*issuer)
            message = say("issuer-to-create", kind=named["kind"], name=name, objects=" and ".join(titles))
            yield ApplyStep(BEFORE, message, (), named)


def _named(kind: str, namespace: str, name: str) -> tuple[str, dict[str, str]]:
    """Return the name of an object with its namespace, and both with the kind as plain data."""
    if not namespace:
        return name, {"kind": kind, "name": name}
    return f"{namespace}/{name}", {"kind": kind, "namespace": namespace, "name": name}
