"""Kubernetes objects inside an EdgeApplication of KubeEdge, compared by the rules of their own kinds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator import paths
from generator.kube.compare import Change, compare
from generator.kube.objects import Object
from generator.kube.pods import as_list
from generator.paths import Path

_GROUP, _KIND = "apps.kubeedge.io", "EdgeApplication"
_AT: Path = ("spec", "workloadTemplate", "manifests")

Data = dict[str, Any]


def split(found: Object, content: Data) -> tuple[Data, dict[str, Data] | None]:
    """Return the content of an object without its inner objects, and the inner objects by title.

    Instead of the inner objects, return None if there are none or if two have the same title.
    """
    manifests = paths.at(content, _AT) if (found.group, found.kind) == (_GROUP, _KIND) else None
    named = {title: one for one in as_list(manifests) if (title := _title(one))}
    if not manifests or len(named) != len(manifests):
        return content, None
    template = {name: value for name, value in content["spec"][_AT[1]].items() if name != _AT[2]}
    return {**content, "spec": {**content["spec"], _AT[1]: template}}, named


def _title(manifest: Any) -> str:
    if not isinstance(manifest, dict) or not all(
        isinstance(manifest.get(n), str) for n in ("apiVersion", "kind")
    ):
        return ""
    one = Object(manifest)
    return one.title if one.name else ""


def changes(before: dict[str, Data], after: dict[str, Data]) -> Iterator[Change]:
    """Yield the changes of the objects in an EdgeApplication, by title."""
    for title, old in before.items():
        if title not in after:
            yield Change((*_AT, f"[{title}]"), before=old)
            continue
        for change in compare(old, after[title], Object(old).kind):
            yield replace(change, path=(*_AT, f"[{title}]", *change.path))
    for title, new in after.items():
        if title not in before:
            yield Change((*_AT, f"[{title}]"), after=new)
