"""The Pod Security level that a namespace enforces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.catalogue.message import say
from generator.diff.impact.classes import Impact, impact
from generator.kube.compare import Change
from generator.kube.objects import Object

_ENFORCE = "pod-security.kubernetes.io/enforce"
# From the least strict one, which is the default of the API server.
_LEVELS = ("privileged", "baseline", "restricted")


def enforced(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield an impact where a namespace enforces a less strict level than before."""
    if after.kind != "Namespace":
        return
    was, now = (found.label(_ENFORCE) if found else "" for found in (before, after))
    # A new namespace counts only if it sets the least strict level.
    lower = now == _LEVELS[0] if before is None else _rank(now) < _rank(was)
    if lower:
        related = [change for change in changes if _ENFORCE in change.path or "labels" in change.path]
        yield impact(say("privileged", "pod-security", level=now or _LEVELS[0], old=was), after, related)
    elif before is not None and now == _LEVELS[0] and not was:
        yield impact(say("privileged", "pod-security-default"), after, changes)


def _rank(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else 0
