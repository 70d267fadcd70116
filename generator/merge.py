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
