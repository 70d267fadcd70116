"""What a namespace lets its pods do to their nodes: the level of Pod Security that it enforces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.diff.impact.classes import Impact, impact
from generator.kube.compare import Change
from generator.kube.objects import Object

_ENFORCE = "pod-security.kubernetes.io/enforce"
# From the one that allows everything; the server takes it where there is no label.
_LEVELS = ("privileged", "baseline", "restricted")


def enforced(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield that pods of a namespace may do more to their nodes than before."""
    if after.kind != "Namespace":
        return
    was, now = (found.label(_ENFORCE) if found else "" for found in (before, after))
    # A namespace that is new loosens nothing, unless it asks for the level that allows everything.
    lower = now == _LEVELS[0] if before is None else _rank(now) < _rank(was)
    if lower:
        level = f"{now or _LEVELS[0]}, not {was}" if was else _LEVELS[0]
        related = [change for change in changes if _ENFORCE in change.path or "labels" in change.path]
        yield impact("privileged", after, f"pods in it are held to the Pod Security level {level}", related)
    elif before is not None and now == _LEVELS[0] and not was:
        says = "pods in it are held to the Pod Security level privileged, whatever the cluster's own is"
        yield impact("privileged", after, says, changes)


def _rank(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else 0
