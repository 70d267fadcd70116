"""All steps of an upgrade for the files of one call; equal steps of several node groups are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.check.groups import place_of
from generator.check.sources import Source
from generator.check.upgrade import UpgradeStep, crd_steps, upgrade_steps
from generator.check.upgrade_rules import rule_steps
from generator.check.upgrade_site import site_steps
from generator.components import COMPONENTS
from generator.upstream import Release


def steps_of_files(
    sources: Sequence[Source], old: Release, new: Release, edgemesh: Release
) -> list[UpgradeStep]:
    """Return what the files need for an upgrade of KubeEdge from one release to another."""
    found: dict[object, UpgradeStep] = {}
    for source, step in _steps(sources, old, new, edgemesh):
        place = place_of(source)
        if place is None:
            found[len(found), step] = step
            continue
        same = (place[0], step.action, step.key, step.message)
        first = found.get(same, step)
        found[same] = replace(first, groups=(*first.groups, place[1]))
    steps = (step if len(step.groups) > 1 else replace(step, groups=()) for step in found.values())
    return [*steps, *crd_steps(old, new)]


def _steps(
    sources: Sequence[Source], old: Release, new: Release, edgemesh: Release
) -> Iterator[tuple[Source, UpgradeStep]]:
    by_rule = list(rule_steps(sources, old, new, edgemesh))
    for source in sources:
        of_one = (
            upgrade_steps(source, old, new)
            if source.kind in COMPONENTS
            else site_steps(source, old, new, edgemesh)
        )
        yield from ((source, step) for step in of_one)
        yield from (found for found in by_rule if found[0] is source)
