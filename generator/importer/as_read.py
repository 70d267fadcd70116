"""A config as its program reads it: keys in its own spelling, without what it does not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.check.sources import Source
from generator.model import paths
from generator.upstream import Field, Release, config_fields
from generator.upstream.check import check


def as_read(source: Source, release: Release) -> dict[str, Any]:
    """Return what the program makes of a config, apiVersion and kind left out.

    Keys match in any letters. What is unknown, or empty, which crashes some, is left out; an
    unknown feature gate is not, for no release starts with it.
    """
    own = {name: value for name, value in source.value.items() if name not in ("apiVersion", "kind")}
    read: dict[str, Any] = _read(own, config_fields(source.kind, release))
    gates = own.get("featureGates")
    return {**read, "featureGates": gates} if gates else read


def _read(value: Any, field: Field | None) -> Any:
    if isinstance(value, list):
        return [_read(item, field.items if field else None) for item in value if item is not None]
    if not isinstance(value, dict) or field is None or not (field.fields or field.values):
        return value
    read: dict[str, Any] = {}
    for name, child in value.items():
        known = _spelling(name, field)
        below = field.fields.get(known) or field.values
        # A null inside a list leaves the item of the default where it was.
        if child not in (None, [None]) and below is not None:
            read[known] = _read(child, below)
    return read


def _spelling(name: str, field: Field) -> str:
    """Return the program's own spelling of a key."""
    if name in field.fields:
        return name
    return next((known for known in field.fields if known.lower() == name.lower()), name)


def ignored(source: Source, release: Release) -> Iterator[str]:
    """Yield a note for each key of a config that `as_read` leaves out."""
    read = as_read(source, release)
    for path, what, fix in check(source.value, config_fields(source.kind, release), source.kind, release):
        lower = tuple(part.lower() if isinstance(part, str) else part for part in path)
        value = paths.at(source.value, path)
        if lower not in _paths(read) and not (value is None and isinstance(path[-1], int)):
            what = "is empty" if value is None else what
            yield f"{source.file}:{source.line(path)}: {paths.text(path)}: {what}" + (
                f" ({fix})" if fix else ""
            )


def _paths(value: Any, at: paths.Path = ()) -> set[paths.Path]:
    """Return the paths of everything in a value, in lower case."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = {at}
    for name, child in items:
        found |= _paths(child, (*at, name.lower() if isinstance(name, str) else name))
    return found
