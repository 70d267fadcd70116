"""RBAC rules as a set of permissions, so that rules that are only grouped differently are equal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from generator.kube.compare import Change
from generator.kube.pods import as_list, as_map

# (API group, resource, name of the object or "" for any, verb), or (None, URL path, "", verb).
Permission = tuple[str | None, str, str, str]


def permissions(rules: Any) -> set[Permission]:
    """Return the permissions of a list of rules."""
    return {permission for rule in as_list(rules) for permission in _of(as_map(rule))}


def _of(rule: dict[str, Any]) -> Iterator[Permission]:
    verbs = _texts(rule, "verbs")
    names = _texts(rule, "resourceNames") or [""]
    yield from product(_texts(rule, "apiGroups"), _texts(rule, "resources"), names, verbs)
    yield from ((None, path, "", verb) for path, verb in product(_texts(rule, "nonResourceURLs"), verbs))


def _texts(rule: dict[str, Any], name: str) -> list[str]:
    found = rule.get(name)
    return [str(item) for item in found] if isinstance(found, list) else []


def beyond(wanted: set[Permission], had: set[Permission]) -> set[Permission]:
    """Return the permissions in `wanted` that `had` does not include; a wildcard includes what it matches."""
    wild = [
        permission
        for permission in had
        if "*" in (permission[0], permission[1], permission[3]) or not permission[2]
    ]
    return {permission for permission in wanted - had if not any(_covers(one, permission) for one in wild)}


def _covers(one: Permission, other: Permission) -> bool:
    if (one[0] is None) is not (other[0] is None):
        return False
    path = one[0] is None and one[1].endswith("*") and other[1].startswith(one[1][:-1])
    return (
        one[0] in ("*", other[0])
        and (path or one[1] in ("*", other[1]) or _subresources(one[1], other[1]))
        and one[2] in ("", other[2])
        and one[3] in ("*", other[3])
    )


def _subresources(one: str, other: str) -> bool:
    return one.startswith("*/") and other.partition("/")[2] == one[2:]


def compare_rules(before: Any, after: Any) -> Iterator[Change]:
    """Yield one change with the removed and the added permissions, if there are any."""
    old, new = permissions(before), permissions(after)
    gone, added = beyond(old, new), beyond(new, old)
    if gone or added:
        yield Change(("rules",), permission_lines(gone), permission_lines(added), partial=True)


def permission_lines(found: Iterable[Permission]) -> list[str]:
    """Write permissions as text, one line per resource: `apps/deployments: get, list`."""
    lines: dict[str, set[str]] = defaultdict(set)
    for group, resource, name, verb in found:
        where = resource if not group else f"{group}/{resource}"
        lines[f"{where} {name}" if name else where].add(verb)
    return [f"{where}: {', '.join(sorted(verbs))}" for where, verbs in sorted(lines.items())]
