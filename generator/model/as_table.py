"""Writes the classes of the model as the table that generator.model.quick reads."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Sequence
from typing import Any

import annotated_types
from pydantic import BaseModel

from generator.model.quick import Type
from generator.model.site import SHARED_KEYS, Site
from generator.model.tree import defaults

# The modules that decide the table.
SOURCES = (
    "components.py",
    *(
        f"model/{name}.py"
        for name in (
            "common",
            "cloudcore",
            "cloudcore_config",
            "edgecore",
            "edgemesh",
            "edgemesh_config",
            "site",
        )
    ),
)
_PLAIN: dict[Any, Type] = {
    Any: ["any"],
    type(None): ["null"],
    str: ["text"],
    bool: ["boolean"],
    int: ["integer"],
    float: ["number"],
}


def table() -> dict[str, Any]:
    """Return the model as plain data."""
    return {"shared": list(SHARED_KEYS), "defaults": defaults(Site), "type": _type(Site)}


def _type(annotation: Any, limits: Sequence[Any] = ()) -> Type:
    """Return a type of the model as plain data; raise TypeError for one that quick.py does not know."""
    if annotation in _PLAIN:
        return [*_PLAIN[annotation], *(_bounds(limits) if annotation is int else ())]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _section(annotation)
    kind, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if kind in (typing.Union, types.UnionType):
        return ["either", [_type(part, limits) for part in parts]]
    if kind is typing.Literal and all(isinstance(part, str) for part in parts):
        return ["one of", list(parts)]
    if kind is list:
        return ["list", _type(parts[0]), *_shortest(limits)]
    if kind is dict and parts[0] is str:
        return ["map", _type(parts[1])]
    raise TypeError(f"generator.model.quick does not know the type {annotation}")


def _section(model: type[BaseModel]) -> Type:
    fields = model.model_fields
    required = [name for name, info in fields.items() if info.is_required()]
    keys = {name: _type(info.annotation, info.metadata) for name, info in fields.items()}
    return ["section", keys, required, model.model_config.get("extra") == "allow"]


def _bounds(limits: Sequence[Any]) -> Iterator[int | None]:
    if limits:
        found = {type(limit): limit for limit in limits}
        low, high = found.pop(annotated_types.Ge, None), found.pop(annotated_types.Le, None)
        _reject(found)
        yield from (getattr(low, "ge", None), getattr(high, "le", None))


def _shortest(limits: Sequence[Any]) -> Iterator[int]:
    found = {type(limit): limit for limit in limits}
    shortest = found.pop(annotated_types.MinLen, None)
    _reject(found)
    if shortest:
        yield shortest.min_length


def _reject(limits: dict[type, Any]) -> None:
    if limits:
        raise TypeError(f"generator.model.quick does not know the limits {list(limits.values())}")
