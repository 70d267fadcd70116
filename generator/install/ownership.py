"""Finds the fields of live objects that people or unknown tools have set, by managedFields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from generator.install.rewritten import AGGREGATION

# Programs that write objects as part of their work; for Helm, the name of its binary.
_PROGRAMS = (
    "helm",
    "kube-",
    AGGREGATION,
    "cloudcore",
    "edgemesh-",
    "cainjector",
    "cert-manager",
)

# A tree of fields: by name, or of the items of a list by their keys (`k:{"name":"x"}`).
Fields = dict[str, Any]


def foreign(found: dict[str, Any]) -> Fields:
    """Return the tree of the fields that people or unknown tools have set."""
    merged: Fields = {}
    for entry in (found.get("metadata") or {}).get("managedFields") or ():
        # Controllers write the status, and a scale is written by autoscalers.
        if entry.get("subresource") or str(entry.get("manager", "")).lower().startswith(_PROGRAMS):
            continue
        _merge(merged, entry.get("fieldsV1") or {})
    return merged


def _merge(into: Fields, fields: Fields) -> None:
    for name, below in fields.items():
        _merge(into.setdefault(name, {}), below)


def below(fields: Fields, name: str) -> Fields | None:
    """Return the tree below a field, None if nobody has set the field."""
    found = fields.get(f"f:{name}")
    return found if isinstance(found, dict) else None


def of_item(fields: Fields, item: Any) -> Fields:
    """Return the tree below an item of a list."""
    return next((tree for keys, tree in _keyed(fields) if _fits(item, keys)), {})


def _keyed(fields: Fields) -> Iterator[tuple[dict[str, Any], Fields]]:
    for name, tree in fields.items():
        if name.startswith("k:"):
            yield json.loads(name[2:]), tree


def _fits(item: Any, keys: dict[str, Any]) -> bool:
    return isinstance(item, dict) and all(item.get(name) == value for name, value in keys.items())
