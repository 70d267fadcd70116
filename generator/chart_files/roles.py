"""What the programs of the cloudcore chart may do in each release, from tables/roles.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from generator import tables
from generator.kube.rbac import Permission, beyond, permission_lines, permissions
from generator.upstream import Release

_TABLE = "roles.yaml"
# The setting that a role needs, and that a row with a feature needs.
_OF_ROLES = {
    "cloudcore-feature": ", with TLS",
    "controller-manager": ", with controllerManager.enable",
}
_OF_FEATURES = {"": "", "tasks": ", with taskManager.enable"}


def of_chart(release: Release) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each role in a release for templates: rules as text, and the feature they need.

    Rules that follow each other and need the same feature are one row.
    """
    held = {role: [row for row in rows if release.within(row)] for role, rows in tables.load(_TABLE).items()}
    return {
        role: [
            {"rules": "\n".join(map(_rule, found)), "feature": feature}
            for feature, found in groupby(rows, lambda row: row.get("feature", ""))
        ]
        for role, rows in held.items()
    }


def _rule(row: dict[str, Any]) -> str:
    parts = {"resources": row["resources"], "verbs": row["verbs"]}
    parts |= {"resourceNames": row["names"]} if "names" in row else {}
    lines = [f'- apiGroups: ["{row["group"]}"]', *(f"  {key}: [{', '.join(parts[key])}]" for key in parts)]
    return "\n".join(lines)


def changes(old: Release, new: Release) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Yield each role that changes: its name, the setting that it needs, the permissions gained and lost."""
    for role, rows in tables.load(_TABLE).items():
        gained, lost = set[Permission](), set[Permission]()
        for feature in ("", *dict.fromkeys(row["feature"] for row in rows if "feature" in row)):
            before, after = _granted(rows, old, feature), _granted(rows, new, feature)
            more, less = beyond(after, before) - gained, beyond(before, after) - lost
            if more or less:
                where = f"{_OF_ROLES.get(role, '')}{_OF_FEATURES[feature]}"
                yield role, where, permission_lines(more), permission_lines(less)
            gained, lost = gained | more, lost | less


def _granted(rows: list[dict[str, Any]], release: Release, feature: str) -> set[Permission]:
    """Return the permissions of a role without features, or with one feature."""
    held = [row for row in rows if release.within(row) and row.get("feature", "") in ("", feature)]
    return permissions(
        [
            {
                "apiGroups": [row["group"]],
                "resources": [name.strip("'") for name in row["resources"]],
                "verbs": row["verbs"],
                "resourceNames": row.get("names", []),
            }
            for row in held
        ]
    )
