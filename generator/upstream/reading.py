"""Returns a config as its program reads it: keys in the program's spelling, without ignored keys."""

from __future__ import annotations

from typing import Any

from generator.upstream.fields import Field


def as_read(value: Any, field: Field) -> Any:
    """Copy a value with its keys in the spelling of the program, which ignores the case of keys.

    Empty values and keys that the program does not read are left out. `value` is not changed.
    """
    if isinstance(value, list):
        return [as_read(item, field.items) if field.items else item for item in value if item is not None]
    if not isinstance(value, dict) or not (field.fields or field.values):
        return value
    read: dict[str, Any] = {}
    for name, child in value.items():
        known = spelling(name, field)
        below = field.fields.get(known) or field.values
        if child is not None and below is not None:
            read[known] = as_read(child, below)
    return read


def spelling(name: str, field: Field) -> str:
    """Return the spelling of a key in the program, the key itself if the program does not have it."""
    if name in field.fields:
        return name
    return next((known for known in field.fields if known.lower() == name.lower()), name)


def read_at(field: Field, path: str) -> Field | None:
    """Return the field at a dotted path (`[]` is any item of a list), None if it is not read."""
    here: Field | None = field
    for part in path.split("."):
        name = part.removesuffix("[]")
        here = here and (here.fields.get(name) or here.values)
        if part.endswith("[]"):
            here = here and here.items
    return here
