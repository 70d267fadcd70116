"""A report as JSON; docs/diff.md describes it. `version` changes with the name or meaning of a key."""

from __future__ import annotations

import json
from typing import Any

from generator.diff.impact import Impact
from generator.diff.report import Difference, DiffReport
from generator.kube.compare import NOTHING, Change
from generator.kube.objects import Object
from generator.secrets.safe_text import safe

VERSION = 2


def write(report: DiffReport) -> str:
    """Write a report as one JSON document."""
    return json.dumps(as_dict(report), indent=2, ensure_ascii=False) + "\n"


def as_dict(report: DiffReport) -> dict[str, Any]:
    """Return a report as plain data."""
    return {
        "version": VERSION,
        "before": report.before,
        "after": report.after,
        "summary": {
            **{status: report.count(status) for status in ("added", "deleted", "renamed", "changed")},
            "unchanged": report.unchanged,
            "skipped": len(report.skipped),
        },
        "scenarios": list(report.scenarios),
        "notes": [
            {"ruleId": one.code, "where": one.where, "message": one.what, "fix": one.fix}
            for one in report.notes
        ],
        "impacts": [_impact(impact, difference) for impact, difference in report.impacts],
        "objects": [_difference(difference) for difference in report.differences],
        "skipped": [
            {
                "ruleId": one.code,
                "file": one.file,
                "document": one.number,
                "line": one.line,
                "what": one.what,
            }
            for one in report.skipped
        ],
    }


def _impact(impact: Impact, difference: Difference) -> dict[str, Any]:
    return {
        "ruleId": impact.code,
        "level": impact.level,
        "object": _identity(impact.subject),
        "message": impact.what,
        "fix": impact.fix,
        "paths": list(impact.places),
        "because": list(impact.causes),
        "scenarios": list(difference.scenarios),
    }


def _identity(found: Object) -> dict[str, Any]:
    return {
        "apiVersion": str(found.data["apiVersion"]),
        "kind": found.kind,
        "namespace": found.namespace,
        "name": found.name,
    }


def _difference(difference: Difference) -> dict[str, Any]:
    found = {
        **_identity(difference.object),
        "status": difference.status,
        "file": difference.object.file,
        "document": difference.object.number,
        "line": difference.object.line,
        "because": list(difference.causes),
        "scenarios": list(difference.scenarios),
        "changes": [_change(change) for change in difference.changes],
    }
    if difference.status == "renamed" and difference.before:
        found["renamedFrom"] = _identity(difference.before)
    return found


def _change(change: Change) -> dict[str, Any]:
    """Return a change; a side without the key has neither `before` nor `after`."""
    values = {"before": change.before, "after": change.after}
    return {
        "path": change.place,
        **{name: value for name, value in values.items() if value is not NOTHING},
        "partial": change.partial,
        "behaviour": change.behaviour,
        "note": safe(change.note.what) if change.note else "",
        "because": list(change.causes),
    }
