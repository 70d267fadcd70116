"""Node groups: equal findings of several edgecore configs in one file or folder are one finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath

from generator.check.findings import Finding
from generator.check.sources import Source
from generator.components import group_of


def place_of(source: Source | None) -> tuple[str, str] | None:
    """Return the file or folder of the node groups, and the node group of this config; None for others."""
    if source is None or source.kind != "edgecore":
        return None
    if source.inside:
        return source.file, group_of(source.inside) or source.name
    path = PurePath(source.file)
    return (str(path.parent.parent), path.parent.name) if path.name == "edgecore.yaml" else None


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return equal findings of several node groups as one, with the names of the groups."""
    found: dict[object, Finding] = {}
    for number, one in enumerate(findings):
        place = place_of(one.source)
        if place is None:
            found[number] = one
            continue
        same = (place[0], one.code, one.level, one.key, one.message)
        first = found.get(same)
        found[same] = (
            replace(first, groups=(*first.groups, place[1])) if first else replace(one, groups=(place[1],))
        )
    return [one if len(one.groups) > 1 else replace(one, groups=()) for one in found.values()]
