"""The part of a site's values that one chart reads: its own keys, and keys of other charts."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from generator import paths, tables

# The name of the table, and the module that makes it from the model, the profiles and the rules.
NAME = "chart-keys"
_MODULE = "generator.model.chart_keys"


def values_of_chart(values: dict[str, Any], chart: str) -> dict[str, Any]:
    """Return the values that a chart reads, with nulls; it renders the same with them as with all values."""
    keys = _table()[chart]
    foreign = [tuple(key.split(".")) for key in keys["foreign"]]
    found = {
        name: value if name in keys["own"] else _picked(value, _below(foreign, name))
        for name, value in values.items()
    }
    return {name: value for name, value in found.items() if name in keys["own"] or value != {}}


def own_keys(chart: str) -> set[str]:
    """Return the top-level keys of a chart, with those that every chart has."""
    return {*_table()[chart]["own"]}


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] | None = tables.generated(NAME)
    return import_module(_MODULE).table() if found is None else found


def _picked(value: Any, wanted: list[paths.Path]) -> Any:
    """Return the part of a value at some paths, {} if there is none; a list is kept whole."""
    if not wanted or () in wanted or not isinstance(value, dict):
        return value if wanted else {}
    picked = {name: _picked(child, _below(wanted, name)) for name, child in value.items()}
    return {name: child for name, child in picked.items() if child != {}}


def _below(wanted: list[paths.Path], name: str) -> list[paths.Path]:
    return [path[1:] for path in wanted if path[:1] == (name,)]
