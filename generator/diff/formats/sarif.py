"""A report as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from generator.diff.formats.places import message, place, rules
from generator.diff.report import Report


def write(report: Report) -> str:
    """Write every impact as a result; all classes are its rules."""
    driver = {
        "name": "generator diff",
        "rules": [{"id": name, "shortDescription": {"text": text}} for name, text in rules().items()],
    }
    results: list[dict[str, Any]] = []
    for impact, difference in report.impacts:
        where = place(impact)
        uri = "stdin" if where.file == "-" else quote(where.file)
        region = {"artifactLocation": {"uri": uri}, "region": {"startLine": where.line}}
        results.append(
            {
                "ruleId": impact.name,
                "level": impact.level,
                "message": {"text": message(impact, difference, report)},
                "locations": [{"physicalLocation": region}],
            }
        )
    run = {"tool": {"driver": driver}, "results": results}
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
