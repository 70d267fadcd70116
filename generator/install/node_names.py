"""Names of nodes and node groups as text; independent of a cluster."""

from __future__ import annotations

from collections.abc import Collection

_MOST_NAMES = 20


def names(found: Collection[str]) -> str:
    """Return names as text, at most the first 20."""
    shown = ", ".join(list(found)[:_MOST_NAMES])
    return shown if len(found) <= _MOST_NAMES else f"{shown} and {len(found) - _MOST_NAMES} more"
