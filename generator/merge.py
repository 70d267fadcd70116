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
            if not identical(child, beside):
                found[name] = differing(child, beside)
        elif not isinstance(child, list) or not identical(child, beside):
            found[name] = child
    return found


def identical(value: Any, other: Any) -> bool:
    """Return whether two values are equal, with the same types and the same order of keys.

    Not ==, which finds 1 equal to true and to 1.0.
    """
    if value is other:
        return True
    if type(value) is not type(other):
        return False
    if isinstance(value, dict):
        return len(value) == len(other) and all(
            name == beside and identical(value[name], other[beside])
            for name, beside in zip(value, other, strict=True)
        )
    if isinstance(value, list):
        return len(value) == len(other) and all(map(identical, value, other))
    return repr(value) == repr(other) if isinstance(value, float) else bool(value == other)


def share(value: dict[str, Any], other: dict[str, Any]) -> None:
    """Replace each map in `value` that is the same in another map by the other one, to save memory."""
    for name, child in value.items():
        beside = other.get(name)
        if isinstance(child, dict) and isinstance(beside, dict):
            if identical(child, beside):
                value[name] = beside
            else:
                share(child, beside)
