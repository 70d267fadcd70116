"""Compares objects in the cluster with the objects that should be there.

Of a live object, two kinds of fields count: those that were installed, and those that somebody else has set.
Fields that the API server and controllers add are not drift. Configs are compared with their defaults filled
in, because cloudcore and edgecore rewrite theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from generator.diff.report import DiffReport, report
from generator.diff.sources import SideSource
from generator.install.ownership import Fields, below, foreign, of_item
from generator.install.rewritten import rewritten_fields
from generator.io.kubectl import Kubectl
from generator.kube.compare import NOTHING
from generator.kube.equality import item_name, keys_of
from generator.kube.objects import Identity, Object

Live = dict[Identity, Object]

# Additions here are not drift; `kubectl rollout restart` adds an annotation, for example.
_OPEN = ("labels", "annotations")
_NOTHING: list[Any] = ["", False, 0, None, {}, []]


def read_live(kubectl: Kubectl, wanted: Iterable[Object]) -> Live:
    """Return the objects among `wanted` that exist in the cluster, by identity."""
    found = (Object(data) for data in kubectl.objects(one.data for one in wanted))
    return {one.identity: one for one in found}


def drift(wanted: list[Object], live: Live, *, before: str, after: str = "the cluster") -> DiffReport:
    """Compare wanted objects with the live ones; leave out changes that do not change behaviour."""
    there = [Object(cut(one, live[one.identity])) for one in wanted if one.identity in live]
    found = report(SideSource(before, [_plain(one) for one in wanted]), SideSource(after, there))
    total = len(wanted)
    kept = []
    for difference in found.differences:
        changes = tuple(change for change in difference.changes if change.behaviour)
        if changes or difference.status != "changed":
            kept.append(replace(difference, changes=changes))
    found.differences, found.unchanged = kept, total - len(kept)
    return found


def _plain(wanted: Object) -> Object:
    """Return an object without the fields that the cluster writes."""
    return replace(wanted, data={**wanted.data, **_installed(wanted)}, text="")


def _installed(wanted: Object) -> dict[str, Any]:
    return {field.name: field.installed for field in rewritten_fields(wanted)}


def cut(wanted: Object, live: Object) -> dict[str, Any]:
    """Return the fields of a live object that count for drift."""
    data = {**live.data, **_installed(wanted)}
    fields = foreign(data)
    found: dict[str, Any] = _cut(wanted.data, data, fields, "")
    # A Secret may be written as text and is stored as base64; each side is read in its own form.
    for holder in ("data", "stringData", "binaryData"):
        if wanted.kind in ("Secret", "ConfigMap") and holder in data:
            found[holder] = data[holder]
    return {**found, "apiVersion": wanted.data["apiVersion"], "kind": wanted.kind}


def _cut(wanted: Any, live: Any, fields: Fields, name: str) -> Any:
    if isinstance(wanted, dict) and isinstance(live, dict):
        return _map(wanted, live, fields, name)
    if isinstance(wanted, list) and isinstance(live, list):
        return _list(wanted, live, fields, name)
    return live


def _map(wanted: dict[str, Any], live: dict[str, Any], fields: Fields, name: str) -> dict[str, Any]:
    found = {}
    for key, value in live.items():
        tree = below(fields, key)
        if key in wanted:
            found[key] = _cut(wanted[key], value, tree or {}, key)
        elif tree is not None and name not in _OPEN and key not in ("metadata", "status", *_OPEN):
            # Of a field that somebody else added, keep only the parts that they set.
            found[key] = _only_set(value, tree)
    # The API server leaves out empty fields.
    empty = {key: value for key, value in wanted.items() if key not in live and value in _NOTHING}
    return found | empty


def _only_set(live: Any, fields: Fields) -> Any:
    named = (
        {key: tree for key in live if (tree := below(fields, key)) is not None}
        if isinstance(live, dict)
        else {}
    )
    return {key: _only_set(live[key], tree) for key, tree in named.items()} if named else live


def _list(wanted: list[Any], live: list[Any], fields: Fields, name: str) -> list[Any]:
    keys = keys_of(name, wanted, live)
    if keys:
        by_name = {item_name(one, keys): one for one in wanted}
        return [_cut(by_name.get(item_name(one, keys), one), one, of_item(fields, one), "") for one in live]
    if len(wanted) == len(live):
        return [_cut(one, other, of_item(fields, other), "") for one, other in zip(wanted, live, strict=True)]
    return live


def repairable(found: DiffReport) -> bool:
    """Return whether an upgrade reverts any part of a drift; Helm keeps what others added."""
    return any(
        difference.status == "deleted" or any(change.before is not NOTHING for change in difference.changes)
        for difference in found.differences
    )
