"""Every single mutation of an object, with the place where diff must report it.

This module does not use generator.diff. It has its own list of natural keys and sets for the objects that
`strategies` and the charts create.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]

# How the items of a list are named; a list of maps or texts that is not here keeps its order.
KEYS = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "versions": "name",
    "ports": "name",
    "imagePullSecrets": "name",
    "items": "key/path",
}
SETS = {
    *("tolerations", "rules", "verbs", "apiGroups", "resources", "subjects", "add", "drop", "values"),
    *(
        "matchExpressions",
        "nodeSelectorTerms",
        "clusterRoleSelectors",
        "shortNames",
        "categories",
        "required",
        "enum",
        "resourceNames",
    ),
}


@dataclass(frozen=True)
class Mutation:
    """One mutation of an object."""

    before: dict[str, Any]
    edit: _Edit

    @property
    def what(self) -> str:
        """Describe the mutation."""
        return self.edit.what

    @property
    def place(self) -> str:
        """Return the place where diff must report it."""
        return self.edit.place

    @property
    def after(self) -> dict[str, Any]:
        """Return the object after the mutation."""
        return self.edit.on(self.before)


def mutations(one: dict[str, Any]) -> Iterator[Mutation]:
    """Yield every mutation of an object that changes its meaning, except mutations of its identity."""
    own = one["apiVersion"].partition("/")[0]
    plain = "." not in own or own.endswith(".k8s.io")
    for edit in _Walk(plain, one["kind"]).edits(one, ()):
        if edit.path in ((), ("metadata",), ("kind",)) or edit.path[:2] in (
            ("metadata", "name"),
            ("metadata", "namespace"),
            ("apiVersion",),
        ):
            continue
        if edit.path[:1] in (("apiVersion",), ("kind",)):
            continue
        yield Mutation(one, edit)


@dataclass(frozen=True)
class _Edit:
    what: str
    path: Path
    place: str
    value: Any
    remove: bool = False

    def on(self, one: dict[str, Any]) -> dict[str, Any]:
        """Return a copy of an object with the edit made."""
        copied = copy.deepcopy(one)
        here: Any = copied
        for part in self.path[:-1]:
            here = here[part]
        last: Any = self.path[-1]
        if self.remove:
            del here[last]
        elif isinstance(here, list) and last == len(here):
            here.append(self.value)
        else:
            here[last] = self.value
        return copied


@dataclass(frozen=True)
class _Walk:
    plain: bool
    kind: str

    def edits(self, value: Any, path: Path, place: str = "", fixed: bool = False) -> Iterator[_Edit]:
        """Yield the edits of a value; with `fixed` its place is the place of the set around it."""
        if isinstance(value, dict):
            yield from self._map(value, path, place, fixed)
        elif isinstance(value, list):
            yield from self._list(value, path, place, fixed)
        else:
            yield from (
                _Edit(f"{_words(path)}: {value!r} becomes {other!r}", path, place, other)
                for other in _others(value, path)
            )

    def _map(self, value: dict[str, Any], path: Path, place: str, fixed: bool) -> Iterator[_Edit]:
        for name, child in value.items():
            below, there = (*path, name), place if fixed else _join(place, self._part(name, path))
            # Diff reports each entry of data separately.
            if not _names_item(path, name) and below not in (("data",), ("stringData",)):
                yield _Edit(f"{_words(below)} is removed", below, there, None, remove=True)
            if not _names_item(path, name):
                yield from self.edits(child, below, there, fixed or self._rules(below))
        if not self._rules(path[:1]):
            new = "zz-new"
            there = place if fixed else _join(place, self._part(new, path))
            yield _Edit(f"{_words((*path, new))} is added", (*path, new), there, "new")

    def _part(self, name: str, path: Path) -> str:
        # Diff reports both as data: the API server stores stringData in data.
        return "data" if not path and name == "stringData" and self.kind == "Secret" else name

    def _rules(self, path: Path) -> bool:
        return self.kind in ("Role", "ClusterRole") and path == ("rules",)

    def _list(self, value: list[Any], path: Path, place: str, fixed: bool) -> Iterator[_Edit]:
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        # A list in a list has no name.
        named = self.plain and isinstance(path[-1], str)
        key = KEYS.get(name) if named and value and all(isinstance(item, dict) for item in value) else None
        whole = fixed or (named and name in SETS and not key)
        for number, item in enumerate(value):
            below = (*path, number)
            there = (
                place
                if whole
                else f"{place}[{_named(item, key)}]"
                if key and _named(item, key)
                else f"{place}[{number}]"
            )
            # The items of an empty list have no known names.
            gone = there if key and len(value) > 1 else place
            if len(value) > 1 or not whole:
                # If two items are the same except for their index, either may be removed.
                yield _Edit(f"{_words(below)} is removed", below, gone, None, remove=True)
            yield from self.edits(item, below, there, whole)
        if not fixed:
            new: Any = (
                dict.fromkeys(key.split("/"), "zz-new")
                if key
                else {"name": "zz-new"}
                if value and isinstance(value[0], dict)
                else "zz-new"
            )
            there = f"{place}[{_named(new, key)}]" if key else place
            yield _Edit(f"{_words(path)} gets an item", (*path, len(value)), there, new)


def _names_item(path: Path, name: str) -> bool:
    """Return whether a field is the name of a list item: another name means another item."""
    named = len(path) >= 2 and isinstance(path[-1], int)
    return named and name in KEYS.get(str(path[-2]), "").split("/")


def _named(item: dict[str, Any], key: str) -> str:
    names = key.split("/")
    return "/".join(str(item[name]) for name in names) if all(name in item for name in names) else ""


def _others(value: Any, path: Path) -> Iterator[Any]:
    """Yield values that differ in meaning or type."""
    if len(path) > 1 and path[-2] in ("limits", "requests"):
        yield "7777m"
    elif isinstance(value, bool):
        yield from (not value, str(value).lower(), int(value))
    elif isinstance(value, int):
        yield from (value + 1, str(value), True)
    elif isinstance(value, str):
        yield from (f"{value}~", 7, True)
        if value in ("1", "true"):
            yield {"1": 1, "true": True}[value]


def _join(place: str, name: str) -> str:
    if "." in name or not name:
        return f'{place}["{name}"]'
    return f"{place}.{name}" if place else name


def _words(path: Path) -> str:
    return "/".join(map(str, path))
