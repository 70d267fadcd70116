"""What cloudcore may do in each release, from the table in templates/_rbac.tpl of its chart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from generator import go_yaml, locations
from generator.kube.rbac import Permission, beyond, permission_lines, permissions
from generator.upstream import Release

_BEGIN, _END = '{{- define "cloudcore.rbac" }}\n', "{{- end }}\n"
# The setting that a role needs, and that a row with a feature needs.
_OF_ROLES = {
    "cloudcore-feature": ", with TLS",
    "controller-manager": ", with controllerManager.enable",
}
_OF_FEATURES = {"": "", "tasks": ", with taskManager.enable"}


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each role."""
    text = (locations.CHARTS / "cloudcore/templates/_rbac.tpl").read_text("utf-8")
    rows: dict[str, list[dict[str, Any]]] = go_yaml.load(text.partition(_BEGIN)[2].partition(_END)[0])
    return rows


def changes(old: Release, new: Release) -> Iterator[tuple[str, str, list[str], list[str]]]:
    """Yield each role that changes: its name, the setting that it needs, the permissions gained and lost."""
    for role, rows in _table().items():
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
