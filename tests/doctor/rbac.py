"""What RBAC objects allow, evaluated as the API server does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]


def allows(store: list[Json], spec: Mapping[str, Any]) -> bool:
    """Return whether the roles of a cluster allow what an access review requests."""
    asked = spec["resourceAttributes"]
    return any(_covers(rule, asked) for rule in _rules(store, spec, asked.get("namespace", "")))


def rules_of(store: list[Json], kind: str, name: str, namespace: str = "") -> list[Json]:
    """Return the rules of a role, with those that a ClusterRole aggregates."""
    found: list[Json] = []
    for one in store:
        same = one["kind"] == kind and one["metadata"]["name"] == name
        if same and one["metadata"].get("namespace", "") == namespace:
            found += one.get("rules") or []
            for selector in (one.get("aggregationRule") or {}).get("clusterRoleSelectors") or ():
                for other in store:
                    labels = other["metadata"].get("labels") or {}
                    if other["kind"] == "ClusterRole" and selector["matchLabels"].items() <= labels.items():
                        found += other.get("rules") or []
    return found


def bound(store: list[Json], user: str, groups: list[str]) -> Iterator[Json]:
    """Yield the bindings of a user."""
    for one in store:
        if one["kind"] in ("ClusterRoleBinding", "RoleBinding"):
            for subject in one.get("subjects") or ():
                home = subject.get("namespace") or one["metadata"].get("namespace")
                account = f"system:serviceaccount:{home}:{subject['name']}"
                if (subject["kind"] == "ServiceAccount" and account == user) or (
                    subject["kind"] == "Group" and subject["name"] in groups
                ):
                    yield one
                    break


def _rules(store: list[Json], spec: Mapping[str, Any], namespace: str) -> Iterator[Json]:
    for one in bound(store, spec["user"], spec["groups"]):
        home = one["metadata"].get("namespace", "") if one["kind"] == "RoleBinding" else ""
        if home in ("", namespace):
            reference = one["roleRef"]
            place = home if reference["kind"] == "Role" else ""
            yield from rules_of(store, reference["kind"], reference["name"], place)


def _covers(rule: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
    resource = "/".join(filter(None, (asked["resource"], asked.get("subresource"))))
    names = rule.get("resourceNames")
    return (
        _has(rule.get("verbs"), asked["verb"])
        and _has(rule.get("apiGroups"), asked.get("group", ""))
        and (_has(rule.get("resources"), resource) or f"*/{asked.get('subresource')}" in rule["resources"])
        and (not names or asked.get("name") in names)
    )


def _has(found: list[str] | None, wanted: str) -> bool:
    return "*" in (found or ()) or wanted in (found or ())
