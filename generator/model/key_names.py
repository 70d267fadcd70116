"""Complete the keys of --set, one segment at a time, and the values of a key that has few.

The keys are those of the model, the fields that the release reads, and the names in values files: node groups
and other maps have names that only the user knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from generator.components import SECTIONS
from generator.model import quick
from generator.upstream import Field, Release, config_fields, release_of

_DOT = re.compile(r"(?<!\\)\.")
_INDEX = re.compile(r"\[(\d*)\]?")
_CONTAINERS = ("section", "map", "list")
_ANY: quick.Type = ["any"]
# A map whose keys are the fields of the release.
_FIELDS: quick.Type = ["section", {}, [], True]


@dataclass(frozen=True)
class Known:
    """What the keys depend on: values files, and the releases of the programs."""

    files: tuple[Any, ...]
    kubeedge: Release
    edgemesh: Release


@dataclass(frozen=True)
class _Place:
    """A key: its type, the field that the program reads there, and what the values files set."""

    kind: quick.Type
    field: Field | None
    own: tuple[Any, ...]

    def names(self) -> Iterator[str]:
        """Yield the names of the keys below, the documented ones first."""
        kind = self.kind
        if kind[0] == "section":
            yield from kind[1]
        if kind[0] == "map" or (kind[0] == "section" and kind[3]):
            yield from self.field.fields if self.field else ()
            yield from (name for one in self.own if isinstance(one, dict) for name in one if name)

    def below(self, name: str) -> _Place:
        """Return the key of this name, which may not exist."""
        kind = self.kind
        found = kind[1].get(name, _ANY) if kind[0] == "section" else kind[1] if kind[0] == "map" else _ANY
        field = (self.field.fields.get(name) or self.field.values) if self.field else None
        own = tuple(one[name] for one in self.own if isinstance(one, dict) and name in one)
        return _Place(_plain(found, field), field, own)

    def item(self) -> _Place:
        """Return any item of a list."""
        kind = self.kind[1] if self.kind[0] == "list" else _ANY
        field = self.field.items if self.field else None
        return _Place(_plain(kind, field), field, ())

    def end(self) -> str:
        """Return what follows the name of this key."""
        if self.kind[0] == "list":
            return f"[0]{self.item().end()}"
        return "." if self.kind[0] in _CONTAINERS else "="


def keys(begun: str, known: Known) -> list[str]:
    """Return the keys that begin with a text; each ends with `.` (a map) or `=` (a value)."""
    *above, last = _DOT.split(begun)
    here = _at(above, known)
    head = begun.removesuffix(last)
    name, bracket, _ = last.partition("[")
    if bracket:
        place = _child(here, above, name, known)
        index = _INDEX.fullmatch(last, len(name))
        return [f"{head}{name}[{index[1] or 0}]{place.item().end()}"] if index else []
    found = dict.fromkeys(str(one) for one in here.names())
    escaped = ((one, one.replace(".", r"\.")) for one in found)
    return [
        f"{head}{text}{_child(here, above, one, known).end()}"
        for one, text in escaped
        if text.startswith(last)
    ]


def values(key: str, known: Known) -> list[str]:
    """Return the values that a key can have; none if they cannot be listed."""
    kind = _at(_DOT.split(key), known).kind
    return ["true", "false"] if kind[0] == "boolean" else [*kind[1]] if kind[0] == "one of" else []


def _at(parts: Iterable[str], known: Known) -> _Place:
    here = _Place(quick.model_type(), None, known.files)
    above: list[str] = []
    for part in parts:
        name, *indexes = part.replace("\\.", ".").split("[")
        here = _child(here, above, name, known)
        for _ in indexes:
            here = here.item()
        above.append(name)
    return here


def _child(here: _Place, above: list[str], name: str, known: Known) -> _Place:
    """Return the key of a name below `here`, which is at `above`; the config of a program starts there."""
    found = here.below(name)
    config_of = name if not above else above[0] if above[1:] == ["nodeGroups"] else ""
    if config_of not in SECTIONS:
        return found
    component = SECTIONS[config_of].name
    fields = config_fields(component, release_of(component, known.kubeedge, known.edgemesh))
    return _Place(found.kind, fields, found.own)


def _plain(kind: quick.Type, field: Field | None) -> quick.Type:
    """Return a type without alternatives; the field decides where the model accepts anything."""
    if kind[0] == "either":
        kind = next((one for one in kind[1] if one[0] in _CONTAINERS), kind[1][0])
    if field is None or kind not in (_ANY, ["map", _ANY]):
        return kind
    if field.fields:
        return _FIELDS
    if field.enum:
        return ["one of", [*field.enum]]
    plain: dict[str, quick.Type] = {"boolean": ["boolean"], "array": ["list", _ANY], "object": ["map", _ANY]}
    return plain.get(field.type, kind)
