"""The field table as a tree: the fields that a component of a release reads, with types and defaults."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from generator.upstream.releases import Release, table

# Bounds of the Go integer types; a value outside them is an unmarshal error in the program.
_BOUNDS = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "uint8": (0, 255),
    "time.Duration": (-(2**63), 2**63 - 1),
}


# Fields that a program reads but never uses: the releases, and the field that the program uses instead. From
# 1.13 on, the kubelet inside edged reads its taints from its own section.
_UNUSED = {
    ("edgecore", "modules.edged.registerWithTaints"): (
        {"from": "1.13", "to": "1.17"},
        "modules.edged.tailoredKubeletConfig.registerWithTaints",
    )
}


@dataclass
class Field:
    """One field: its type, and the fields below it.

    `type` is string, integer, boolean, number, duration (a string such as `10s`), array or object.
    `fields` are the named fields of an object, `values` is the type of a map's values, `items` the type of a
    list's items. `inlined` marks a field of an embedded Go struct: there sigs.k8s.io/yaml does not convert a
    number to text. `pointer` marks a Go pointer, which null sets to nil. `default` is the value if the field
    is missing; `default_state` is set, zero, nil, parentNil or item; `host` marks a default that is computed
    on the machine. If the program reads this field but never uses it, `unused` is the field that it uses.
    """

    type: str
    default: Any = None
    default_state: str = "nil"
    host: bool = False
    also: tuple[str, ...] = ()
    enum: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    inlined: bool = False
    pointer: bool = False
    unused: str = ""
    fields: dict[str, Field] = field(default_factory=dict)
    values: Field | None = None
    items: Field | None = None

    def below(self, path: str) -> Field | None:
        """Return the field at a dotted path below this one, also in map values; None if it is not read."""
        here: Field | None = self
        for part in path.split("."):
            here = here and (here.fields.get(part) or here.values)
        return here

    def walk(self, path: str = "") -> Iterator[tuple[str, Field]]:
        """Yield every field below this one with its path; `[]` marks list items, `.*` map values."""
        for name, child in self.fields.items():
            yield from child._walk_from(f"{path}.{name}" if path else name)

    def _walk_from(self, path: str) -> Iterator[tuple[str, Field]]:
        yield path, self
        yield from self.walk(path)
        if self.items:
            yield from self.items._walk_from(f"{path}[]")
        if self.values:
            yield from self.values._walk_from(f"{path}.*")


@cache
def config_fields(component: str, release: Release) -> Field:
    """Return the tree of all fields that `component` of `release` reads from its file."""
    loaded = table(component)
    root = Field("object", default_state="set")
    for path, rows in loaded["fields"].items():
        row = next((row for row in rows if release.within(row)), None)
        if row is not None:
            leaf = _field(row)
            span, instead = _UNUSED.get((component, path), (None, ""))
            leaf.unused = instead if span and release.within(span) else ""
            _attach(root, path, leaf)
    gates = root.fields.get("featureGates")
    if gates is not None:
        gates.values = None
        version = next(row for row in loaded["versions"] if row["minor"] == release.minor)
        gates.fields = {name: Field("boolean", False, "zero") for name in version["knownFeatureGates"]}
    return root


def _field(row: dict[str, Any]) -> Field:
    # A plain time.Duration is a number in the file; only metav1.Duration accepts strings such as 10s.
    return Field(
        type="integer" if row["goType"] == "time.Duration" else row["type"],
        default=row.get("default"),
        default_state=row["defaultState"],
        host="<host>" in str(row.get("default")),
        also=tuple(row.get("altTypes", ())),
        enum=tuple(row.get("enum", ())),
        bounds=_BOUNDS.get(row["goType"].lstrip("*")),
        inlined="inlinedFrom" in row,
        pointer=row["goType"].startswith("*"),
    )


def _attach(root: Field, path: str, leaf: Field) -> None:
    """Insert `leaf` into the tree; the table lists a parent before its children."""
    here = root
    *parents, last = path.replace("[]", ".[]").split(".")
    for part in parents:
        here = _child(here, part)
    if last == "[]":
        here.items = leaf
    elif last == "*":
        here.values = leaf
    else:
        here.fields[last] = leaf


def _child(here: Field, part: str) -> Field:
    child = here.items if part == "[]" else here.values if part == "*" else here.fields[part]
    if child is None:
        raise LookupError(f"the field table names {part} before its parent")
    return child


def default_config(component: str, release: Release) -> dict[str, Any]:
    """Return the config that a component uses with an empty file, without host-dependent values.

    The result does not contain unset (nil) values or empty sections.
    """
    return _defaults(config_fields(component, release))


def _defaults(here: Field) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, child in here.fields.items():
        value = copy.deepcopy(child.default)
        if child.fields and child.default_state != "nil":
            value = {**(value or {}), **_defaults(child)}
        if value is not None and value != {} and not child.host:
            found[name] = value
    return found
