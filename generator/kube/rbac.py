"""RBAC rules as the set of what they allow, so that another grouping of the same is the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from generator.kube.compare import Change
from generator.kube.pods import as_list, as_map

# (API group, resource, name of the object or "" for any, verb); of a path (None, path, "", verb).
Right = tuple[str | None, str, str, str]


def rights(rules: Any) -> set[Right]:
    """Return everything that a list of rules allows."""
    return {right for rule in as_list(rules) for right in _of(as_map(rule))}


def _of(rule: dict[str, Any]) -> Iterator[Right]:
    verbs = _texts(rule, "verbs")
    names = _texts(rule, "resourceNames") or [""]
    yield from product(_texts(rule, "apiGroups"), _texts(rule, "resources"), names, verbs)
    yield from ((None, path, "", verb) for path, verb in product(_texts(rule, "nonResourceURLs"), verbs))


def _texts(rule: dict[str, Any], name: str) -> list[str]:
    found = rule.get(name)
    return [str(item) for item in found] if isinstance(found, list) else []


def beyond(wanted: set[Right], had: set[Right]) -> set[Right]:
    """Return the rights of one set that another does not give; a wildcard gives all it stands for."""
    wild = [right for right in had if "*" in (right[0], right[1], right[3]) or not right[2]]
    return {right for right in wanted - had if not any(_covers(one, right) for one in wild)}


def _covers(one: Right, other: Right) -> bool:
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
    """Yield one change with the rights that are gone and those that are new, if there are any."""
    old, new = rights(before), rights(after)
    gone, added = beyond(old, new), beyond(new, old)
    if gone or added:
        yield Change(("rules",), words(gone), words(added), partial=True)


def words(found: Iterable[Right]) -> list[str]:
    """Write rights for reading, one line a resource: `apps/deployments: get, list`."""
    lines: dict[str, set[str]] = defaultdict(set)
    for group, resource, name, verb in found:
        where = resource if not group else f"{group}/{resource}"
        lines[f"{where} {name}" if name else where].add(verb)
    return [f"{where}: {', '.join(sorted(verbs))}" for where, verbs in sorted(lines.items())]
