"""The part of a site's values that one chart reads: its own keys, and keys of other charts."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from generator import tables

# The name of the table, and the module that makes it from the model, the profiles and the rules.
NAME = "chart-keys"
_MODULE = "generator.model.chart_keys"

_Wanted = dict[str, Any]


def values_of_chart(values: dict[str, Any], chart: str) -> dict[str, Any]:
    """Return the values that a chart reads, with nulls; it renders the same with them as with all values."""
    own, foreign = _table()[chart]["own"], _foreign(chart)
    found = {
        name: value if name in own else _picked(value, foreign[name])
        for name, value in values.items()
        if name in own or name in foreign
    }
    return {name: value for name, value in found.items() if name in own or value != {}}


def own_keys(chart: str) -> set[str]:
    """Return the top-level keys of a chart, with those that every chart has."""
    return {*_table()[chart]["own"]}


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] | None = tables.generated(NAME)
    return import_module(_MODULE).table() if found is None else found


@cache
def _foreign(chart: str) -> _Wanted:
    """Return the keys of other charts that a chart reads, as maps; an empty map means the whole value."""
    wanted: _Wanted = {}
    for key in sorted(_table()[chart]["foreign"], reverse=True):
        *above, last = key.split(".")
        at = wanted
        for name in above:
            at = at.setdefault(name, {})
        # After the keys below it.
        at[last] = {}
    return wanted


def _picked(value: Any, wanted: _Wanted) -> Any:
    """Return the wanted part of a value, {} if there is none; a list is kept whole."""
    if not wanted or not isinstance(value, dict):
        return value
    picked = {name: _picked(child, wanted[name]) for name, child in value.items() if name in wanted}
    return {name: child for name, child in picked.items() if child != {}}
