"""The codes of rules, made from generator/tables/rules.yaml."""

from __future__ import annotations

from typing import Any

from generator import tables
from generator.catalogue.entries import Entry, Severity

_KINDS: dict[str, Severity] = {"errors": "error", "distinct": "error", "warnings": "warning"}
_PROGRAMS = {"kubeedge": "KubeEdge", "edgemesh": "EdgeMesh"}


def _entry(rule: dict[str, Any], severity: Severity) -> Entry:
    what, fix = rule["what"], rule.get("fix", "")
    files = rule.get("inFiles", {})
    return Entry(
        code=rule["id"],
        severity=severity,
        means=rule.get("means", ""),
        what={"": what, "files": files.get("what", what)},
        fix={"": fix, "files": files.get("fix", fix)},
        why=rule.get("why", ""),
        releases=_releases(rule),
    )


def _releases(rule: dict[str, Any]) -> str:
    found = []
    for name, program in _PROGRAMS.items():
        first, last = (rule.get(name, {}).get(end) for end in ("from", "to"))
        if first and last:
            found.append(f"{program} {first}" if first == last else f"{program} {first} to {last}")
        elif first or last:
            found.append(f"{program} {first} and newer" if first else f"{program} {last} and older")
    return ", ".join(found)


ENTRIES = {
    rule["id"]: _entry(rule, severity)
    for kind, severity in _KINDS.items()
    for rule in tables.load("rules.yaml")[kind]
}
