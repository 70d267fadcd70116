"""A config as its program reads it: keys in its own spelling, without what it does not read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator import paths
from generator.check.sources import Source
from generator.upstream import Field, Release, config_fields
from generator.upstream.check import check
from generator.upstream.moves import Move, moved_to
from generator.upstream.reading import spelling

# A path as the file has it, and why nothing reads it.
_Ignored = list[tuple[paths.Path, str]]


def as_read(source: Source, release: Release) -> dict[str, Any]:
    """Return what the program makes of a config, apiVersion and kind left out.

    Keys match in any letters. A field of edgecore's old layout is read at the place that it has now.
    What is unknown, or an empty section, is left out; an unknown feature gate is not, for no release
    starts with it.
    """
    return _ConfigReader(source, release).read


def ignored(source: Source, release: Release) -> Iterator[str]:
    """Yield a note for each key of a config that `as_read` leaves out."""
    for path, why in _ConfigReader(source, release).ignored:
        yield f"{source.file}:{source.line(path)}: {paths.text(path)}: {why}"


def moved_keys(source: Source, release: Release) -> dict[str, str]:
    """Map the place of each field that `release` reads elsewhere to the place that it has in the file."""
    return _ConfigReader(source, release).moved


class _ConfigReader:
    """Reads one config, and remembers what it leaves out and what it moves."""

    def __init__(self, source: Source, release: Release) -> None:
        self.source, self.release = source, release
        self.ignored: _Ignored = []
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
            spelt = spelling(name, field)
            below = field.fields.get(spelt) or field.values
            # A null inside a list leaves the item of the default where it was.
            if child in (None, [None]) or below is None:
                self._leave_out(child, (*at, name), field, known)
            else:
                read[spelt] = self._value(child, below, (*at, name), (*known, spelt))
        return read

    def _leave_out(self, child: Any, at: paths.Path, field: Field, known: paths.Path) -> None:
        """Note a key that nothing reads here; a null in a field of text or a list is its default."""
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
            self._ignore(at, found.message.what, found.message.fix)

    def _move(self, path: paths.Path) -> Move | None:
        """Return the new place of a field of the old layout.

        In a file of the layout that the release reads, a key at the old place does nothing; it is not moved.
        """
        layout = str(self.source.value.get("apiVersion"))
        old = self.source.kind == "edgecore" and layout.endswith("/v1alpha1")
        inside = any(isinstance(part, int) for part in path)
        return moved_to("edgecore", self.release, ".".join(map(str, path))) if old and not inside else None

    def _look_below(self, child: dict[str, Any], at: paths.Path, field: Field, known: paths.Path) -> None:
        """Read the fields of an unknown section that have another place; note the section for the rest."""
        stayed = 0
        for name, value in child.items():
            move = self._move((*known, at[-1], name))
            if move and value is not None:
                self.elsewhere.append((move, value, (*at, name)))
            else:
                stayed += 1
        if stayed or not child:
            found = next(check({at[-1]: child}, field, self.source.kind, self.release, known))
            self._ignore(at, found.message.what, found.message.fix)

    def _carry(self, move: Move, value: Any, at: paths.Path) -> None:
        """Put a value at the place that its field has in this release."""
        carried = move.carried(value, self.release, self.source.kind)
        if carried is None:
            self._ignore(at, f"not read by {self.release}", f"write it at {move.new} in its new form")
        elif paths.first(self.read, move.new) is not None:
            self._ignore(at, f"not read by {self.release}", f"{move.new} is set as well, and stays")
        else:
            path = tuple(move.new.split("."))
            paths.put(self.read, move.new, self._value(carried, self.fields.below(move.new), at, path))
            self.moved[move.new] = ".".join(map(str, at))

    def _ignore(self, at: paths.Path, what: str, fix: str) -> None:
        self.ignored.append((at, f"{what} ({fix})" if fix else what))
