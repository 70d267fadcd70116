"""Upgrade steps from rules: what the new release rejects or warns about, but the old release does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from generator import paths
from generator.check.config_rules import rule_findings
from generator.check.config_sets import combinations
from generator.check.findings import Finding
from generator.check.sources import Source
from generator.check.upgrade import UpgradeStep, lost_keys
from generator.components import COMPONENTS
from generator.upstream import Release
from generator.upstream.moves import Move


def rule_steps(
    sources: Sequence[Source], old: Release, new: Release, edgemesh: Release
) -> Iterator[tuple[Source, UpgradeStep]]:
    """Yield the rules that config files break with the new release only, each with its file."""
    configs = [source for source in sources if source.kind in COMPONENTS]
    moved = {after_moves(source, [((), source)], old, new): source for source in configs}
    known = {_place(finding) for finding in _found(configs, old, edgemesh)}
    for finding in _found(moved, new, edgemesh):
        if finding.source and _place(finding) not in known:
            yield moved[finding.source], _step(finding)


def _found(configs: Iterable[Source], kubeedge: Release, edgemesh: Release) -> Iterator[Finding]:
    sets = combinations(configs, kubeedge, edgemesh)
    # Several sets share a file.
    yield from dict.fromkeys(finding for together in sets for finding in rule_findings(together))


def _place(finding: Finding) -> tuple[str, str, int]:
    """Return what identifies a finding in both releases; its key may have moved."""
    return finding.code, finding.file, finding.line


def _step(finding: Finding) -> UpgradeStep:
    action = "know" if finding.level == "warning" else "change"
    return UpgradeStep(action, finding.file, finding.line, finding.key, finding.message)


def after_moves(
    source: Source, configs: Iterable[tuple[paths.Path, Source]], old: Release, new: Release
) -> Source:
    """Return a document with the moved keys at their new places, and the lines of the old ones.

    `configs` are the configs in it, each with its place.
    """
    value, lines = deepcopy(source.value), dict(source.document.lines)
    for place, config in configs:
        for path, move in lost_keys(config, old, new):
            parent = paths.at(value, (*place, *path[:-1]))
            if move and isinstance(parent, dict) and paths.first(paths.at(value, place), move.new) is None:
                carried = _carried(move, parent.pop(path[-1], None), new, config.kind)
                to = (*place, *move.new.split("."))
                paths.put(value, ".".join(map(str, to)), carried)
                lines |= _lines_below(lines, (*place, *path), to)
    return replace(source, document=replace(source.document, value=value, lines=lines))


def _carried(move: Move, value: Any, new: Release, component: str) -> Any:
    """Return a value in the form of its new place, or unchanged if that form is unknown."""
    carried = move.carried(value, new, component)
    return value if carried is None else carried


def _lines_below(lines: dict[paths.Path, int], path: paths.Path, to: paths.Path) -> dict[paths.Path, int]:
    """Return the lines of a key and the keys below it, by their new paths."""
    depth = len(path)
    return {(*to, *one[depth:]): line for one, line in lines.items() if one[:depth] == path}
