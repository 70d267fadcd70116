"""What in the cluster differs from what was meant to be there.

A live object is cut down to the fields that were written, and those that somebody else has set; what the API
server and controllers add is no drift. Configs count by what the programs make of them, for cloudcore and
edgecore rewrite theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from generator.diff.report import DiffReport, report
from generator.diff.sources import SideSource
from generator.install.ownership import Fields, below, foreign, of_item
from generator.io.kubectl import Kubectl
from generator.kube.compare import NOTHING
from generator.kube.equality import item_name, keys_of
from generator.kube.objects import Identity, Object

Live = dict[Identity, Object]

# Nobody minds what else is in these; `kubectl rollout restart`, as the notes have it, writes there too.
_OPEN = ("labels", "annotations")
_NOTHING: list[Any] = ["", False, 0, None, {}, []]


def read_live(kubectl: Kubectl, wanted: Iterable[Object]) -> Live:
    """Read those of some objects that the cluster has, by identity."""
    found = (Object(data) for data in kubectl.objects(one.data for one in wanted))
    return {one.identity: one for one in found}


def drift(wanted: list[Object], live: Live, *, before: str, after: str = "the cluster") -> DiffReport:
    """Compare what was meant with what is there; only what changes behaviour is told."""
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
    """Return an object without what the cluster writes into it."""
    if wanted.kind == "ClusterRole" and wanted.data.get("aggregationRule"):
        return replace(wanted, data={**wanted.data, "rules": []}, text="")
    return replace(wanted, text="")


def cut(wanted: Object, live: Object) -> dict[str, Any]:
    """Return a live object as far as it says something about drift."""
    data = dict(live.data)
    if wanted.kind == "ClusterRole" and wanted.data.get("aggregationRule"):
        data["rules"] = []
    fields = foreign(data)
    found: dict[str, Any] = _cut(wanted.data, data, fields, "")
    # A Secret is given as text and kept in base64; each side reads its own form.
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
            # Of what somebody else added, what he set and no more.
            found[key] = _set_by(value, tree)
    # The API server leaves out what is empty.
    empty = {key: value for key, value in wanted.items() if key not in live and value in _NOTHING}
    return found | empty


def _set_by(live: Any, fields: Fields) -> Any:
    named = (
        {key: tree for key in live if (tree := below(fields, key)) is not None}
        if isinstance(live, dict)
        else {}
    )
    return {key: _set_by(live[key], tree) for key, tree in named.items()} if named else live


def _list(wanted: list[Any], live: list[Any], fields: Fields, name: str) -> list[Any]:
    keys = keys_of(name, wanted, live)
    if keys:
        by_name = {item_name(one, keys): one for one in wanted}
        return [_cut(by_name.get(item_name(one, keys), one), one, of_item(fields, one), "") for one in live]
    if len(wanted) == len(live):
        return [_cut(one, other, of_item(fields, other), "") for one, other in zip(wanted, live, strict=True)]
    return live


def repairable(found: DiffReport) -> bool:
    """Say whether an upgrade puts back any of a drift: Helm leaves alone what somebody else added."""
    return any(
        difference.status == "deleted" or any(change.before is not NOTHING for change in difference.changes)
        for difference in found.differences
    )
