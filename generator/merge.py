"""Merges nested values: maps key by key, anything else as a whole."""

from __future__ import annotations

from typing import Any


def merge(base: Any, top: Any, *, null_deletes: bool = False) -> Any:
    """Return `base` overridden by `top`; both stay unchanged.

    With `null_deletes`, a null in `top` removes the key of `base`. Helm does the same with chart defaults.
    """
    if not isinstance(base, dict) or not isinstance(top, dict):
        return top
    merged = dict(base)
    for name, value in top.items():
        if null_deletes and value is None and name in merged:
            del merged[name]
        else:
            merged[name] = merge(merged.get(name), value, null_deletes=null_deletes)
    return merged


def differing(value: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return a map without the maps and lists, at any depth, that are the same in another map."""
    found: dict[str, Any] = {}
    for name, child in value.items():
        beside = other.get(name)
        if isinstance(child, dict) and isinstance(beside, dict):
            if child is beside:
                continue
            # Not ==, which finds 1 equal to true and to 1.0.
            if repr(child) != repr(beside):
                found[name] = differing(child, beside)
        elif not isinstance(child, list) or repr(child) != repr(beside):
            found[name] = child
    return found


def share(value: dict[str, Any], other: dict[str, Any]) -> None:
    """Replace each map in `value` that is the same in another map by the other one, to save memory."""
    for name, child in value.items():
        beside = other.get(name)
        if isinstance(child, dict) and isinstance(beside, dict):
            if repr(child) == repr(beside):
                value[name] = beside
            else:
                share(child, beside)
