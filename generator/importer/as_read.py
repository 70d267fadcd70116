"""A config as its program reads it: keys in its own spelling, without what it does not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.check.sources import Source
from generator.model import paths
from generator.upstream import Field, Release, config_fields
from generator.upstream.check import check

# A path as the file has it, and why nothing reads it.
_Ignored = list[tuple[paths.Path, str]]


def as_read(source: Source, release: Release) -> dict[str, Any]:
    """Return what the program makes of a config, apiVersion and kind left out.

    Keys match in any letters. What is unknown, or empty, which crashes some, is left out; an
    unknown feature gate is not, for no release starts with it.
    """
    return _Reader(source, release).read


def ignored(source: Source, release: Release) -> Iterator[str]:
    """Yield a note for each key of a config that `as_read` leaves out."""
    for path, why in _Reader(source, release).ignored:
        yield f"{source.file}:{source.line(path)}: {paths.text(path)}: {why}"


class _Reader:
    """Reads one config, and remembers what it leaves out."""

    def __init__(self, source: Source, release: Release) -> None:
        self.source, self.release = source, release
        self.ignored: _Ignored = []
        own = {name: value for name, value in source.value.items() if name not in ("apiVersion", "kind")}
        gates = own.pop("featureGates", None)
        self.read: dict[str, Any] = self._value(own, config_fields(source.kind, release), (), ())
        if gates:
            self.read["featureGates"] = gates

    def _value(self, value: Any, field: Field | None, at: paths.Path, known: paths.Path) -> Any:
        """Read a value at a path of the file, which the program knows as another."""
        if isinstance(value, list):
            items = field.items if field else None
            return [
                self._value(item, items, (*at, number), (*known, number))
                for number, item in enumerate(value)
                if item is not None
            ]
        if not isinstance(value, dict) or field is None or not (field.fields or field.values):
            return value
        read: dict[str, Any] = {}
        for name, child in value.items():
            spelt = _spelling(name, field)
            below = field.fields.get(spelt) or field.values
            # A null inside a list leaves the item of the default where it was.
            if child not in (None, [None]) and below is not None:
                read[spelt] = self._value(child, below, (*at, name), (*known, spelt))
            elif child != [None]:
                self.ignored.append(((*at, name), self._why(name, child, field, known)))
        return read

    def _why(self, name: str, child: Any, field: Field, known: paths.Path) -> str:
        if child is None:
            return "is empty, which crashes some releases (remove the key)"
        _, what, fix, _ = next(check({name: child}, field, self.source.kind, self.release, known))
        return f"{what} ({fix})" if fix else what


def _spelling(name: str, field: Field) -> str:
    """Return the program's own spelling of a key."""
    if name in field.fields:
        return name
    return next((known for known in field.fields if known.lower() == name.lower()), name)
