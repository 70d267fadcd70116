"""Who may do more, or less, after a change of roles and bindings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.diff.compare import NOTHING, Change
from generator.diff.content import Side
from generator.diff.impact.classes import Impact, impact
from generator.diff.objects import Object
from generator.diff.pods import as_list, as_map
from generator.diff.rights import rights, words
from generator.model.paths import Path


def access(before: Object | None, after: Object, changes: Sequence[Change], side: Side) -> Iterator[Impact]:
    """Yield who may do more, or less, than before."""
    if after.kind in ("Role", "ClusterRole"):
        yield from _role(before, after, changes)
    elif after.kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _binding(before, after, changes, side)


def lost_access(gone: Object) -> Iterator[Impact]:
    """Yield who may do less once a role or binding is deleted."""
    if gone.kind in ("Role", "ClusterRole"):
        found = words(rights(gone.data.get("rules")))
        if found:
            yield impact("rbac-narrowed", gone, _some(found))
    elif gone.kind in ("RoleBinding", "ClusterRoleBinding"):
        yield impact("rbac-narrowed", gone, f"{', '.join(_subjects(gone))} loses {_reference(gone)}")


def _role(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    if before is None:
        found = words(rights(after.data.get("rules")))
        if found:
            yield impact("rbac-widened", after, f"a new role: {_some(found)}")
        return
    for change in changes:
        if change.path == ("rules",):
            for name, rules in (("rbac-widened", change.after), ("rbac-narrowed", change.before)):
                if rules and rules is not NOTHING:
                    yield impact(name, after, _some(rules), [change])
        elif _aggregates(change.path):
            yield impact("rbac-widened", after, f"{change.place}: a role gathers other rules", [change])


def _aggregates(path: Path) -> bool:
    labels = path[:2] == ("metadata", "labels") and "aggregate-to" in str(path[-1])
    return path[0] == "aggregationRule" or labels


def _binding(before: Object | None, after: Object, changes: Sequence[Change], side: Side) -> Iterator[Impact]:
    role = _role_of(after, side)
    had = _subjects(before) if before else {}
    now = _subjects(after)
    related = [change for change in changes if change.path[0] in ("subjects", "roleRef")]
    gained = [name for name in now if name not in had or _reference(before) != _reference(after)]
    lost = [name for name in had if name not in now]
    if gained:
        yield impact("rbac-widened", after, f"{', '.join(gained)} gets {role}", related)
    if lost:
        yield impact("rbac-narrowed", after, f"{', '.join(lost)} loses {_reference(before)}", related)


def _reference(found: Object | None) -> str:
    reference = found.data.get("roleRef") if found else None
    return f"{reference.get('kind')} {reference.get('name')}" if isinstance(reference, dict) else "no role"


def _role_of(found: Object, side: Side) -> str:
    reference = found.data.get("roleRef")
    kind, name = (reference.get("kind"), reference.get("name")) if isinstance(reference, dict) else ("", "")
    namespace = found.namespace if kind == "Role" else ""
    role = side.by_identity.get((found.group, str(kind), namespace, str(name)))
    return (
        f"{_reference(found)} ({_some(words(rights(role.data.get('rules'))))})" if role else _reference(found)
    )


def _subjects(found: Object) -> dict[str, None]:
    """Return the names of those bound, in their order."""
    subjects = map(as_map, as_list(found.data.get("subjects")))
    return {f"{one.get('kind')} {_full_name(one)}": None for one in subjects}


def _full_name(subject: dict[str, Any]) -> str:
    namespace = subject.get("namespace")
    return f"{namespace}/{subject.get('name')}" if namespace else str(subject.get("name"))


def _some(lines: Sequence[str], most: int = 4) -> str:
    """Join the first few lines, and count the rest."""
    shown = "; ".join(map(str, lines[:most]))
    return f"{shown}; and {len(lines) - most} more" if len(lines) > most else shown
