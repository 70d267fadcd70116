"""The model as data: the defaults of a site, and whether values have the right keys and types.

To build the classes of the model with pydantic takes longer than to render a site. So `generator charts`
writes the model as a table (as_table.py). The classes are built only to explain rejected values, and if there
is no table for the present model.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from generator import tables

# The name of the table, and the module that makes it from the classes.
NAME = "model"
_MODULE = "generator.model.as_table"

# A type of the table: its name and its limits, such as ["list", ["text"], 1].
Type = list[Any]


def defaults() -> dict[str, Any]:
    """Return a copy of the defaults of a site as in values.yaml, without unset keys."""
    found: dict[str, Any] = json.loads(_defaults())
    return found


@cache
def _defaults() -> str:
    return json.dumps(_table()["defaults"])


@cache
def shared_keys() -> frozenset[str]:
    """Return the top-level keys that every chart has."""
    return frozenset(_table()["shared"])


def all_keys() -> Iterator[tuple[str, bool]]:
    """Yield every key of a site in the order of the model, and whether it is a section."""
    return _keys(model_type(), "")


def _keys(kind: Type, prefix: str) -> Iterator[tuple[str, bool]]:
    for name, child in kind[1].items():
        section = child[0] == "section"
        yield f"{prefix}{name}", section
        if section:
            yield from _keys(child, f"{prefix}{name}.")


def model_type() -> Type:
    """Return the type of a site; callers must not change it."""
    found: Type = _table()["type"]
    return found


def fits(values: Mapping[str, Any]) -> bool:
    """Return whether the model accepts values; the classes say what is wrong if it does not."""
    return _fits(values, model_type())


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] | None = tables.generated(NAME)
    return import_module(_MODULE).table() if found is None else found


def _fits(value: Any, kind: Type) -> bool:
    return _TESTS[kind[0]](value, *kind[1:])


def _is_text(value: Any) -> bool:
    # Half of a surrogate pair is not text: it cannot be written as UTF-8.
    return isinstance(value, str) and (value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value))


def _is_integer(value: Any, low: int | None = None, high: int | None = None) -> bool:
    return (
        isinstance(value, int)
        and not isinstance(value, bool)
        and (low is None or value >= low)
        and (high is None or value <= high)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list(value: Any, item: Type, shortest: int = 0) -> bool:
    return isinstance(value, list) and len(value) >= shortest and all(_fits(one, item) for one in value)


def _is_map(value: Any, item: Type) -> bool:
    return isinstance(value, dict) and all(
        _is_text(name) and _fits(child, item) for name, child in value.items()
    )


def _is_section(value: Any, keys: dict[str, Type], required: list[str], more: bool) -> bool:
    """Return whether a value is a section; `more` says whether it may have other keys too."""
    return (
        isinstance(value, dict)
        and all(name in value for name in required)
        and all(_fits(child, keys[name]) if name in keys else more for name, child in value.items())
    )


_TESTS: dict[str, Callable[..., bool]] = {
    "any": lambda value: True,
    "null": lambda value: value is None,
    "text": _is_text,
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_integer,
    "number": _is_number,
    "one of": lambda value, known: isinstance(value, str) and value in known,
    "either": lambda value, kinds: any(_fits(value, kind) for kind in kinds),
    "list": _is_list,
    "map": _is_map,
    "section": _is_section,
}
