"""What changes from one release to another: fields, defaults, CRDs, and behaviour without its own field."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.components import COMPONENTS, EDGEMESH, KUBEEDGE
from generator.upstream.fields import Field, config_fields
from generator.upstream.moves import Move, moved_to, uses
from generator.upstream.releases import Release, custom_resources

_NOT_DEFAULTS = ("apiVersion", "edgecoreVersion")


@dataclass(frozen=True)
class Behaviour:
    """What a program does differently from a release on, if a key is set; the code is in the catalogue."""

    since: str
    component: str
    key: str
    code: str


_GATE = COMPONENTS["edgecore"].tls
_BEHAVIOURS = (
    Behaviour("1.14", "edgecore", _GATE, "node-checks-tokens"),
    Behaviour("1.17", "edgecore", _GATE, "endpoint-certificate-of-cluster"),
    Behaviour("1.23", "edgecore", _GATE, "discovery-without-token"),
    *(
        Behaviour("1.17", row.name, row.tls, "endpoint-ca-of-cluster")
        for row in COMPONENTS.values()
        if row.project == EDGEMESH
    ),
)


@dataclass(frozen=True)
class ChangedCRD:
    """A CRD that is new in a release, or has other versions there than before."""

    name: str
    new: bool
    versions: tuple[str, ...]
    stored: str
    stored_before: str


def begins(since: str, old: Release, new: Release) -> bool:
    """Return whether an upgrade passes the first release of something."""
    return not old.within({"from": since}) and new.within({"from": since})


def new_behaviour(old: Release, new: Release) -> Iterator[Behaviour]:
    """Yield what programs do differently after an upgrade."""
    yield from (one for one in _BEHAVIOURS if begins(one.since, old, new))


def lost_fields(component: str, old: Release, new: Release) -> Iterator[tuple[str, Move | None]]:
    """Yield the fields that only the old release reads, with their moves; a lost section is one field."""
    yield from _lost(component, config_fields(component, old), config_fields(component, new), new, "")


def _lost(
    component: str, before: Field, after: Field, new: Release, prefix: str
) -> Iterator[tuple[str, Move | None]]:
    for name, field in before.fields.items():
        path = f"{prefix}{name}"
        inside = list(_lost(component, field, after, new, f"{path}."))
        ignored = after.below(path) is None or (not field.unused and not uses(after, path))
        if not ignored or any(move for _, move in inside):
            yield from inside
        else:
            yield path, moved_to(component, new, path)


def new_fields(component: str, old: Release, new: Release) -> Iterator[str]:
    """Yield the fields that only the new release reads; a new section is one field."""
    before = config_fields(component, old)
    parent = ""
    for path, _ in config_fields(component, new).walk():
        listed = "[]" in path or ".*" in path
        if not listed and not (parent and path.startswith(f"{parent}.")) and before.below(path) is None:
            parent = path
            yield path


def changed_defaults(component: str, old: Release, new: Release) -> Iterator[tuple[str, Any, Any]]:
    """Yield the fields that have another default in the new release, with the old and the new default."""
    before = config_fields(component, old)
    for path, field in config_fields(component, new).walk():
        known = before.below(path) if "[]" not in path and ".*" not in path else None
        if known is None or field.fields or field.host or path in _NOT_DEFAULTS:
            continue
        if not _same(known.default, field.default):
            yield path, known.default, field.default


def _same(old: Any, new: Any) -> bool:
    """Compare defaults by their effect: 60 equals 1m0s, null equals an empty map."""
    parts = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", new) if isinstance(new, str) else None
    if parts and type(old) is int:
        hours, minutes, rest = (int(part or 0) for part in parts.groups())
        seconds = 3600 * hours + 60 * minutes + rest
        return old in (seconds, seconds * 10**9)
    return bool(old == new or (old in (None, {}, []) and new in (None, {}, [])))


def default_text(value: Any) -> str:
    """Return a default of the field table as text."""
    if value == "<host>":
        return "the value of the host"
    return "unset" if value is None else json.dumps(value)


def changed_crds(old: Release, new: Release) -> Iterator[ChangedCRD]:
    """Yield the CRDs that an upgrade of KubeEdge adds or changes, by name."""
    for name, spans in sorted(custom_resources().items()) if new.project == KUBEEDGE else ():
        before = next((span for span in spans if old.within(span)), None)
        after = next((span for span in spans if new.within(span)), None)
        if after and after != before:
            versions = tuple(version["name"] for version in after["versions"])
            yield ChangedCRD(name, before is None, versions, _stored(after), _stored(before))


def _stored(span: dict[str, Any] | None) -> str:
    """Return the version in which the objects of a CRD are stored, "" without a CRD."""
    return next((one["name"] for one in span["versions"] if one["storage"]), "") if span else ""
