"""Returns a config as its program reads it: keys in the program's spelling, without ignored keys."""

from __future__ import annotations

from typing import Any

from generator.upstream.fields import Field

# Maps that were read before, with the fields that they were read by, and their results.
Known = dict[tuple[int, int], tuple[dict[str, Any], Field, dict[str, Any]]]
# More would need too much memory; the files of many nodes share most maps with one of the first files.
MOST_KNOWN = 2000


def as_read(value: Any, field: Field, known: Known | None = None) -> Any:
    """Copy a value with its keys in the spelling of the program, which ignores the case of keys.

    Empty values and keys that the program does not read are left out. `value` is not changed. `known` is
    filled, and used for the next value, in which the same objects give the same objects.
    """
    if isinstance(value, list):
        items = field.items
        return [as_read(item, items, known) if items else item for item in value if item is not None]
    if not isinstance(value, dict) or not (field.fields or field.values):
        return value
    if known is None:
        return _map_as_read(value, field, None)
    both = (id(value), id(field))
    if both in known:
        return known[both][2]
    read = _map_as_read(value, field, known)
    if len(known) < MOST_KNOWN:
        # The objects are kept too, so that no other object gets their ids.
        known[both] = (value, field, read)
    return read


def _map_as_read(value: dict[str, Any], field: Field, known: Known | None) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for name, child in value.items():
        spelled = spelling(name, field)
        below = field.fields.get(spelled) or field.values
        if child is not None and below is not None:
            read[spelled] = as_read(child, below, known)
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
