"""Merges layers of values by Helm's rules and remembers where each key was set.

Maps are merged key by key, lists replace each other, and null deletes a default of the chart. This module
reads files and does not check values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.errors import InvalidInput, Problem, UnreadableFile
from generator.io import yaml_reader
from generator.io.files import read_text
from generator.load import setflags


@dataclass(frozen=True, order=True)
class Origin:
    """Where a key was set; origins sort by layer, then by line."""

    layer: int
    line: int
    where: str


@dataclass
class Layers:
    """The merged values of the user, with nulls, and the origin of every key."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[paths.Path, Origin] = field(default_factory=dict)
    count: int = 0

    def own_origin(self, path: paths.Path) -> Origin | None:
        """Return where the user set a key, or a key inside it; None if the user did not set it."""
        inside = [origin for key, origin in self.origins.items() if key[: len(path)] == path]
        return self.origins.get(path, min(inside)) if inside else None

    def origin(self, path: paths.Path) -> Origin | None:
        """Return where a key, a key inside it, or the nearest key above it was set."""
        while path:
            found = self.own_origin(path)
            if found:
                return found
            path = path[:-1]
        return None

    def add_file(self, name: str) -> None:
        """Merge a values file (`-` is standard input); raise UnreadableFile."""
        document = yaml_reader.read(read_text(name), name)
        if document.value is None:
            raise UnreadableFile(name, say("empty-file"))
        if not isinstance(document.value, dict):
            kind = "a list" if isinstance(document.value, list) else "a single value"
            raise UnreadableFile(name, say("values-not-a-map", got=kind), 1)
        self.count += 1
        self._merge(
            self.values, document.value, (), lambda path: f"{name}:{document.line(path)}", document.line
        )

    def add_flag(self, kind: str, expression: str) -> None:
        """Apply one --set flag; raise InvalidInput for one that Helm rejects or silently drops."""
        try:
            assigned = setflags.apply(self.values, expression, kind, read_text)
        except setflags.SetFlagError as error:
            raise InvalidInput([Problem(f"--{kind}", paths.text(error.path), error.message)]) from None
        self.count += 1
        for path in assigned:
            for below in (path, *paths.below(paths.at(self.values, path), path)):
                self.origins[below] = Origin(self.count, 0, f"--{kind}")

    def put(self, key: str, value: Any, where: str) -> None:
        """Set one key; it overrides all layers."""
        self.count += 1
        paths.put(self.values, key, value)
        path: paths.Path = tuple(key.split("."))
        for one in (path, *paths.below(value, path)):
            self.origins[one] = Origin(self.count, 0, where)

    def _merge(
        self, base: dict[str, Any], top: dict[str, Any], at: paths.Path, where: Any, line: Any
    ) -> None:
        for name, value in top.items():
            path = (*at, name)
            self.origins[path] = Origin(self.count, line(path), where(path))
            if isinstance(value, dict) and isinstance(base.get(name), dict):
                self._merge(base[name], value, path, where, line)
                continue
            base[name] = value
            for below in paths.below(value, path):
                self.origins[below] = Origin(self.count, line(below), where(below))
