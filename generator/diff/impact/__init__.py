"""What changes do to a running system: the impacts of each object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.diff.content import Side
from generator.diff.impact import (
    access,
    fields,
    fixed,
    joined,
    keys,
    namespaces,
    network,
    powers,
    programs,
    workloads,
)
from generator.diff.impact.classes import CLASSES, Impact, impact
from generator.kube.compare import Change
from generator.kube.pairs import Pair
from generator.kube.pods import is_workload

__all__ = ["CLASSES", "Impact", "impact", "impacts"]


def impacts(
    pair: Pair, changes: Sequence[Change], rolled: set[int], old: Side, new: Side
) -> Iterator[Impact]:
    """Yield the impacts of the changes of an object; `rolled`: ids of workloads that restart anyway."""
    before, after = pair.before, pair.after
    if after is None:
        if before is not None:
            yield fields.deleted(before)
            yield from access.lost_access(before)
            yield from network.opened(before)
            yield from workloads.orphaned(before, old, new)
        return
    gone = pair.renamed and not pair.served_again
    if before is not None and gone:
        yield fields.deleted(before, after)
        yield from workloads.orphaned(before, old, new)
    elif before is not None:
        yield from fixed.immutable(before, after, changes)
        yield from fields.crds(before, after, changes)
        yield from workloads.restarts(before, after, changes)
        yield from programs.restarts(after, changes, rolled, new)
        yield from workloads.lost_keys(before, after, old, new)
        yield from joined.cut_off(before, after, changes, old, new)
    if before is None:
        yield from programs.joins(after, new)
    if is_workload(after):
        if before is None or gone:
            yield workloads.started(after)
        yield from workloads.needs(before, after, changes, new.contents)
        yield from workloads.needs_keys(before, after, changes, new)
        yield from powers.powers(before, after, changes)
    yield from access.access(before, after, changes, new)
    yield from network.reach(before, after, changes)
    yield from namespaces.enforced(before, after, changes)
    yield from keys.meaning(before, after, changes, old, new)
    yield from keys.crossed(before, after, old, new)
    yield from programs.contents(after, changes)
    yield from programs.networks(before, after, changes, old, new)
    yield from programs.issued(before, after, changes)
