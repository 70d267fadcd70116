"""Decides whether two values of an object are equal: quantities, defaults, sets, lists with named items.

The tables describe the Kubernetes API (v1.34) by the names of fields. defaults.py has the defaults.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from generator import tables
from generator.kube.defaults import default
from generator.kube.pod_defaults import NONE, Fields
from generator.paths import Path

_SUFFIXES = {
    "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "": Decimal(1),
    "k": Decimal(10**3), "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12),
    "P": Decimal(10**15), "E": Decimal(10**18),
    "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30), "Ti": Decimal(2**40),
    "Pi": Decimal(2**50), "Ei": Decimal(2**60),
}  # fmt: skip
_QUANTITY = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?)([numkMGTPE]|[KMGTPE]i)?")
_UNITS = {
    "ns": Decimal(1), "us": Decimal(10**3), "µs": Decimal(10**3), "ms": Decimal(10**6),
    "s": Decimal(10**9), "m": Decimal(60 * 10**9), "h": Decimal(3600 * 10**9),
}  # fmt: skip
_PART = re.compile(r"([0-9]+\.?[0-9]*)(ns|us|µs|ms|s|m|h)")
_DURATION = re.compile(rf"(?:{_PART.pattern})+")
# Maps with quantities as values; the next table has single fields.
_QUANTITIES = {
    "limits",
    "requests",
    "capacity",
    "allocatable",
    "hard",
    "default",
    "defaultRequest",
    "overhead",
}
_QUANTITY_FIELDS = {"sizeLimit", "divisor", "storage"}
_OF_KIND: dict[str, set[str]] = {"LimitRange": {"max", "min", "maxLimitRequestRatio"}}
_FIELDS_OF_KIND: dict[str, set[str]] = {"HorizontalPodAutoscaler": {"averageValue", "value"}}

# The fields that name the items of a list. These lists are missing in the data of Kubernetes, or a shorter
# name is enough here. The first alternative is used that every item has and that is unique in the list.
_SHORT: dict[str, tuple[tuple[str, ...], ...]] = {
    "ports": (("name",), ("containerPort",), ("containerPort", "protocol"), ("port",)),
    "versions": (("name",),),
    "volumeClaimTemplates": (("metadata",),),
    "items": (("key", "path"), ("path",)),
    "limits": (("type",),),
    "additionalPrinterColumns": (("name",),),
    "relayNodes": (("nodeName",),),
    "nodeGroups": (("name",),),
    "options": (("name",),),
}
# The values of missing fields that are part of an item's name.
_IMPLIED = {"protocol": "TCP"}
# Lists whose order has no meaning; OpenAPI calls most of them atomic.
_SETS = {
    "tolerations", "verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs", "subjects", "rules",
    "finalizers", "accessModes", "add", "drop", "matchExpressions", "matchFields", "values", "namespaces",
    "nodeSelectorTerms", "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution", "policyTypes", "ingress", "egress", "from", "to",
    "shortNames", "categories", "required", "enum", "clusterRoleSelectors", "apiVersions", "operations",
    "externalIPs", "loadBalancerSourceRanges", "supplementalGroups", "conversionReviewVersions",
}  # fmt: skip

# Maps with user-defined keys; below, the schemas of CRDs. Field names have no special meaning inside them.
_FREE = {"labels", "annotations", "matchLabels", "nodeSelector"}
_SCHEMA = "openAPIV3Schema"
# Sections that have no effect if they are empty.
_EMPTY = {
    "securityContext", "annotations", "labels", "resources", "limits", "requests", "env", "envFrom",
    "imagePullSecrets", "tolerations", "affinity", "nodeSelector", "volumes", "volumeMounts", "args",
    "command", "strategy", "updateStrategy", "finalizers", "initContainers", "ports", "hostAliases",
    "topologySpreadConstraints", "externalIPs", "loadBalancerSourceRanges", "volumeDevices",
}  # fmt: skip


def quantity(value: Any) -> Decimal | None:
    """Return the number of a quantity such as `500m` or `1Gi`, None if the value is not a quantity."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    match = _QUANTITY.fullmatch(str(value))
    try:
        return Decimal(match[1]) * _SUFFIXES[match[2] or ""] if match else None
    except InvalidOperation:
        return None


def is_quantity(path: Path, kind: str = "") -> bool:
    """Return whether the field at a path is a quantity."""
    names = [part for part in path[-2:] if isinstance(part, str)]
    if not names or _is_free(path):
        return False
    if names[-1] in _QUANTITY_FIELDS or names[-1] in _FIELDS_OF_KIND.get(kind, ()):
        return True
    return len(names) == 2 and (names[0] in _QUANTITIES or names[0] in _OF_KIND.get(kind, ()))


def _is_free(path: Path) -> bool:
    return _SCHEMA in path or (len(path) > 1 and path[-2] in _FREE)


def same(path: Path, before: Any, after: Any, kind: str = "") -> bool:
    """Return whether two scalars at a path are equal; 1 and 1.0 are equal, true and 1 are not."""
    if isinstance(before, bool) is isinstance(after, bool) and before == after:
        return True
    if is_quantity(path, kind):
        left = quantity(before)
        return left is not None and left == quantity(after)
    return False


def same_duration(before: Any, after: Any) -> bool:
    """Return whether two Go durations are equal, such as `300s` and `5m0s`; a number is in nanoseconds."""
    if not (isinstance(before, str) or isinstance(after, str)):
        return False
    left = _nanoseconds(before)
    return left is not None and left == _nanoseconds(after)


def _nanoseconds(value: Any) -> Decimal | None:
    if type(value) is int:
        return Decimal(value)
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        return None
    return sum((Decimal(number) * _UNITS[unit] for number, unit in _PART.findall(value)), Decimal(0))


def is_default(kind: str, path: Path, value: Any, other: Fields, own: Fields) -> bool:
    """Return whether `value`, which `own` has at a path, is the default; `other` does not have the field."""
    name = path[-1]
    if not isinstance(name, str) or _is_free(path):
        return False
    if value in ({}, []) and name in _EMPTY:
        return True
    meant = default(kind, path, other, own)
    if meant is NONE:
        return False
    if isinstance(meant, dict | list) or isinstance(value, dict | list):
        return canonical({name: value}) == canonical({name: meant})
    return same(path, value, meant, kind)


def keys_of(name: str, *lists: list[Any]) -> tuple[str, ...] | None:
    """Return the fields that name the items of lists called `name`, None if the items have no names."""
    for fields in _keys(name):
        if all(_named(items, fields) for items in lists):
            return fields
    return None


@cache
def _keys(name: str) -> tuple[tuple[str, ...], ...]:
    return (*_SHORT.get(name, ()), *map(tuple, tables.load("kubernetes-lists.yaml").get(name, ())))


def _named(items: list[Any], fields: tuple[str, ...]) -> bool:
    names = set()
    for item in items:
        if not isinstance(item, dict) or not all(field in item or field in _IMPLIED for field in fields):
            return False
        names.add(item_name(item, fields))
    return len(names) == len(items)


def item_name(item: dict[str, Any], fields: tuple[str, ...]) -> str:
    """Return the name of a list item, made of its key fields: `10000/TCP`."""
    values = (item[field] if field in item else _IMPLIED[field] for field in fields)
    return "/".join(value if isinstance(value, str) else canonical(value) for value in values)


def is_set(name: str) -> bool:
    """Return whether the order of a list has no meaning."""
    return name in _SETS


def without_defaults(kind: str, path: Path, value: Any) -> Any:
    """Copy a list item without the fields, at any depth, that have their default value."""
    if isinstance(value, list):
        return [without_defaults(kind, path, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: without_defaults(kind, (*path, name), child)
        for name, child in value.items()
        if child is not None and not is_default(kind, (*path, name), child, value, value)
    }


def canonical(value: Any) -> str:
    """Write a value as text; equal values, and sets in another order, give the same text."""
    return json.dumps(_ordered(value), sort_keys=True, ensure_ascii=False)


def _ordered(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _ordered(child, key) for key, child in value.items()}
    if isinstance(value, list):
        items = [_ordered(item) for item in value]
        return sorted(items, key=canonical) if is_set(name) else items
    return value
