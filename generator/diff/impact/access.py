"""Permissions that roles and bindings grant or take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.catalogue.message import say
from generator.diff.content import Side
from generator.diff.impact.classes import Impact, impact
from generator.kube.compare import NOTHING, Change
from generator.kube.equality import canonical
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map
from generator.kube.rbac import permission_lines, permissions

# A ClusterRole with this label is part of the named role: admin, edit, view, or a role of the user.
_LABEL = "rbac.authorization.k8s.io/aggregate-to-"


def access(before: Object | None, after: Object, changes: Sequence[Change], side: Side) -> Iterator[Impact]:
    """Yield who gets or loses permissions."""
    if after.kind in ("Role", "ClusterRole"):
        yield from _role(before, after, changes)
        yield from _aggregation(before, after, changes)
    elif after.kind in ("RoleBinding", "ClusterRoleBinding"):
        yield from _binding(before, after, changes, side)


def lost_access(gone: Object) -> Iterator[Impact]:
    """Yield who loses permissions when a role or binding is deleted."""
    if gone.kind in ("Role", "ClusterRole"):
        found = permission_lines(permissions(gone.data.get("rules")))
        if found:
            yield impact(say("rbac-narrowed", "deleted-role", rules=_some(found)), gone)
    elif gone.kind in ("RoleBinding", "ClusterRoleBinding"):
        message = say("rbac-narrowed", "binding", subjects=_subjects(gone), role=_reference(gone))
        yield impact(message, gone)


def _role(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    if before is None:
        found = permission_lines(permissions(after.data.get("rules")))
        if found:
            yield impact(say("rbac-widened", "new-role", rules=_some(found)), after)
        return
    for change in changes:
        if change.path == ("rules",):
            for code, rules in (("rbac-widened", change.after), ("rbac-narrowed", change.before)):
                if rules and rules is not NOTHING:
                    yield impact(say(code, "rules", rules=_some(rules)), after, [change])


def _aggregation(before: Object | None, after: Object, changes: Sequence[Change]) -> Iterator[Impact]:
    """Yield the roles that this role is aggregated into, and those that it aggregates."""
    related = [change for change in changes if change.path[0] in ("metadata", "aggregationRule")]
    for variant, roles_of in (("aggregated", _aggregated_into), ("aggregates", _aggregates)):
        had, now = roles_of(before) if before else set(), roles_of(after)
        if now - had:
            yield impact(say("rbac-widened", variant, roles=_some(sorted(now - had))), after, related)
        if had - now:
            yield impact(say("rbac-narrowed", variant, roles=_some(sorted(had - now))), after, related)


def _aggregated_into(found: Object) -> set[str]:
    labels = as_map(found.metadata.get("labels"))
    return {
        name.removeprefix(_LABEL) for name in labels if name.startswith(_LABEL) and labels[name] == "true"
    }


def _aggregates(found: Object) -> set[str]:
    selectors = as_map(found.data.get("aggregationRule")).get("clusterRoleSelectors")
    return {_selector(as_map(selector)) for selector in as_list(selectors)}


def _selector(selector: dict[str, Any]) -> str:
    labels = as_map(selector.get("matchLabels"))
    if set(selector) == {"matchLabels"} and labels:
        return "roles with " + ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))
    return f"roles with {canonical(selector)}"


def _binding(before: Object | None, after: Object, changes: Sequence[Change], side: Side) -> Iterator[Impact]:
    had = _subjects(before) if before else []
    now = _subjects(after)
    related = [change for change in changes if change.path[0] in ("subjects", "roleRef")]
    gained = [name for name in now if name not in had or _reference(before) != _reference(after)]
    lost = [name for name in had if name not in now]
    if gained:
        role, rules = _reference(after), _rules_of(after, side)
        yield impact(say("rbac-widened", "binding", subjects=gained, role=role, rules=rules), after, related)
    if lost:
        message = say("rbac-narrowed", "binding", subjects=lost, role=_reference(before))
        yield impact(message, after, related)


def _reference(found: Object | None) -> str:
    reference = found.data.get("roleRef") if found else None
    return f"{reference.get('kind')} {reference.get('name')}" if isinstance(reference, dict) else "no role"


def _rules_of(found: Object, side: Side) -> str:
    """Return the rules of the role that a binding refers to, "" if the side does not have the role."""
    reference = found.data.get("roleRef")
    kind, name = (reference.get("kind"), reference.get("name")) if isinstance(reference, dict) else ("", "")
    namespace = found.namespace if kind == "Role" else ""
    role = side.by_identity.get((found.group, str(kind), namespace, str(name)))
    return _some(permission_lines(permissions(role.data.get("rules")))) if role else ""


def _subjects(found: Object) -> list[str]:
    """Return the names of the subjects of a binding, in their order."""
    subjects = map(as_map, as_list(found.data.get("subjects")))
    return list(dict.fromkeys(f"{one.get('kind')} {_full_name(one)}" for one in subjects))


def _full_name(subject: dict[str, Any]) -> str:
    namespace = subject.get("namespace")
    return f"{namespace}/{subject.get('name')}" if namespace else str(subject.get("name"))


def _some(lines: Sequence[str], most: int = 4) -> str:
    """Join the first few lines, and count the rest."""
    shown = "; ".join(map(str, lines[:most]))
    return f"{shown}; and {len(lines) - most} more" if len(lines) > most else shown
