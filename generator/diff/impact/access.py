"""Who may do more, or less, after a change of roles and bindings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.diff.content import Side
from generator.diff.impact.classes import Impact, impact
from generator.kube.compare import NOTHING, Change
from generator.kube.equality import canonical
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map
from generator.kube.rbac import rights, words

# A ClusterRole with it is part of the role of this name: admin, edit or view, or anybody's.
_LABEL = "rbac.authorization.k8s.io/aggregate-to-"


def access(before: Object | None, after: Object, changes: Sequence[Change], side: Side) -> Iterator[Impact]:
    """Yield who may do more, or less, than before."""
    if after.kind in ("Role", "ClusterRole"):
        yield from _role(before, after, changes)
        yield from _aggregation(before, after, changes)
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


def _aggregation(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield what labels and selectors gather: of roles into others, and of others into this one."""
    for found, gains, loses in (
        (_gathered_by, "its rules are gathered into", "its rules are no longer gathered into"),
        (_gathers, "it gathers the rules of", "it no longer gathers the rules of"),
    ):
        had, now = found(before) if before else set(), found(after)
        related = [change for change in changes if change.path[0] in ("metadata", "aggregationRule")]
        if now - had:
            yield impact("rbac-widened", after, f"{gains} {_some(sorted(now - had))}", related)
        if had - now:
            yield impact("rbac-narrowed", after, f"{loses} {_some(sorted(had - now))}", related)


def _gathered_by(found: Object) -> set[str]:
    labels = as_map(found.metadata.get("labels"))
    return {
        name.removeprefix(_LABEL) for name in labels if name.startswith(_LABEL) and labels[name] == "true"
    }


def _gathers(found: Object) -> set[str]:
    selectors = as_map(found.data.get("aggregationRule")).get("clusterRoleSelectors")
    return {_selector(as_map(selector)) for selector in as_list(selectors)}


def _selector(selector: dict[str, Any]) -> str:
    labels = as_map(selector.get("matchLabels"))
    if set(selector) == {"matchLabels"} and labels:
        return "roles with " + ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))
    return f"roles with {canonical(selector)}"


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
