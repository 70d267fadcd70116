"""A config as its program reads it: keys in the program's spelling, without keys that it does not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.sources import Source
from generator.errors import Problem
from generator.upstream import Field, Release, config_fields
from generator.upstream.check import check
from generator.upstream.moves import Move, moved_to
from generator.upstream.reading import spelling


def as_read(source: Source, release: Release) -> dict[str, Any]:
    """Return the fields that the program reads from a config, without apiVersion and kind.

    Keys match in upper and lower case. A field of edgecore's old layout is returned at its new place.
    Unknown keys and empty sections are left out; unknown feature gates are kept, because the program does
    not start with them and a rule reports them.
    """
    return _ConfigReader(source, release).read


def ignored(source: Source, release: Release) -> Iterator[Problem]:
    """Yield a problem for each key of a config that `as_read` leaves out."""
    for path, message in _ConfigReader(source, release).ignored:
        yield Problem(f"{source.file}:{source.line(path)}", paths.text(path), message)


def moved_keys(source: Source, release: Release) -> dict[str, str]:
    """Map the new place of each moved field to its place in the file."""
    return _ConfigReader(source, release).moved


class _ConfigReader:
    """Reads one config; `ignored` are the keys that it leaves out, `moved` those that it moves."""

    def __init__(self, source: Source, release: Release) -> None:
        self.source, self.release = source, release
        self.ignored: list[tuple[paths.Path, Message]] = []
        self.moved: dict[str, str] = {}
        self.fields = config_fields(source.kind, release)
        own = {name: value for name, value in source.value.items() if name not in ("apiVersion", "kind")}
        gates = own.pop("featureGates", None)
        self.elsewhere: list[tuple[Move, Any, paths.Path]] = []
        self.read: dict[str, Any] = self._value(own, self.fields, (), ())
        if gates:
            self.read["featureGates"] = gates
        for move, value, at in self.elsewhere:
            self._carry(move, value, at)

    def _value(self, value: Any, field: Field | None, at: paths.Path, known: paths.Path) -> Any:
        """Read the value at path `at` of the file, which is path `known` for the program."""
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
            spelt = spelling(name, field)
            below = field.fields.get(spelt) or field.values
            # A null inside a list keeps the default item.
            if child in (None, [None]) or below is None:
                self._leave_out(child, (*at, name), field, known)
            else:
                read[spelt] = self._value(child, below, (*at, name), (*known, spelt))
        return read

    def _leave_out(self, child: Any, at: paths.Path, field: Field, known: paths.Path) -> None:
        """Record an unread key, or its new place; null in a text or list field means the default."""
        move = self._move((*known, at[-1]))
        if child is not None and move:
            self.elsewhere.append((move, child, at))
            return
        below = field.fields.get(spelling(str(at[-1]), field)) or field.values
        if isinstance(child, dict) and below is None:
            self._look_below(child, at, field, known)
            return
        found = next(check({at[-1]: child}, field, self.source.kind, self.release, known), None)
        if found:
            self.ignored.append((at, found.message))

    def _move(self, path: paths.Path) -> Move | None:
        """Return the new place of a field of the old layout.

        In a file of the new layout the program ignores a key at its old place, so it is not moved.
        """
        layout = str(self.source.value.get("apiVersion"))
        old = self.source.kind == "edgecore" and layout.endswith("/v1alpha1")
        inside = any(isinstance(part, int) for part in path)
        return moved_to("edgecore", self.release, ".".join(map(str, path))) if old and not inside else None

    def _look_below(self, child: dict[str, Any], at: paths.Path, field: Field, known: paths.Path) -> None:
        """Move the fields of an unknown section to their new places; record the section if others remain."""
        stayed = 0
        for name, value in child.items():
            move = self._move((*known, at[-1], name))
            if move and value is not None:
                self.elsewhere.append((move, value, (*at, name)))
            else:
                stayed += 1
        if stayed or not child:
            found = next(check({at[-1]: child}, field, self.source.kind, self.release, known))
            self.ignored.append((at, found.message))

    def _carry(self, move: Move, value: Any, at: paths.Path) -> None:
        """Move a value to the place that its field has in this release."""
        carried = move.carried(value, self.release, self.source.kind)
        if carried is None:
            self.ignored.append((at, say("key-not-moved", release=str(self.release), to=move.new)))
        elif paths.first(self.read, move.new) is not None:
            self.ignored.append((at, say("key-not-moved", "twice", release=str(self.release), to=move.new)))
        else:
            path = tuple(move.new.split("."))
            paths.put(self.read, move.new, self._value(carried, self.fields.below(move.new), at, path))
            self.moved[move.new] = ".".join(map(str, at))
