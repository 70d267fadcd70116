"""A report as text, as JSON, and as SARIF for annotations in CI."""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.check.findings import Finding
from generator.check.groups import merged
from generator.check.kinds import is_job
from generator.check.results import CheckReport, as_dict
from generator.errors import Paint, count, unpainted
from generator.io.sarif import Result, document

FORMATS = ("text", "json", "sarif")
_RULES = {
    "null": "An empty value crashes the program",
    "unknown": "A key that no release or not this one reads",
    "moved": "A key that stands elsewhere in this release",
    "unused": "A key that this release reads and never uses",
    "case": "A key in other letters than the program's",
    "twice": "A key given twice",
    "type": "A value of the wrong type",
    "value": "A value that the program refuses",
    "number-like": "Text without quotes that another reader takes for a number",
    "gate": "A feature gate that the program exits on",
    "api-version": "An apiVersion of another layout",
    "values": "A key or value that the charts refuse",
    "release": "A file for another release than the one it is read as",
}


def text(report: CheckReport, paint: Paint = unpainted) -> str:
    """Write a report for people."""
    return "\n".join(_text_lines(report, paint)) + "\n"


def _text_lines(report: CheckReport, paint: Paint) -> Iterator[str]:
    how = " (assumed; --kubeedge-version says it)" if report.assumed else ""
    yield f"read as {report.kubeedge}{how} and {report.edgemesh}"
    for source in report.sources:
        yield f"{source.file}:{source.line(())}: {source.title}"
    for command in report.commands:
        yield f"{command.file}:{command.line}: keadm {command.verb} --set"
    for item in report.objects:
        if is_job(item.value):
            yield f"{item.file}:{item.line(())}: ConfigUpdateJob"
    for file, number in report.others.items():
        yield f"{file}: {count(number, 'other document')}, neither config nor values"
    findings = merged(report.findings)
    yield from (finding.text(paint) for finding in findings)
    for verdict in report.verdicts:
        several = len(report.verdicts) > 1
        yield f"{_places(verdict.edges)}: {verdict}" if several else str(verdict)
    yield from map(str, report.steps)
    problems = sum(finding.level == "error" for finding in findings)
    warnings = len(findings) - problems
    yield f"{count(problems, 'problem')}, {count(warnings, 'warning')}"


def _places(edges: list[str]) -> str:
    return ", ".join(edges) if len(edges) <= 3 else f"{edges[0]} and {len(edges) - 1} more"


def as_json(report: CheckReport) -> str:
    """Write a report as JSON; docs/check.md describes it."""
    return json.dumps(as_dict(report), indent=2, ensure_ascii=False) + "\n"


def sarif(report: CheckReport) -> str:
    """Write the findings as SARIF 2.1.0."""
    rules = sorted({finding.code for finding in report.findings})
    results = (Result(one.code, one.level, _message(one), one.file, one.line) for one in report.findings)
    return document("generator check", {rule: _RULES.get(rule, rule) for rule in rules}, results)


def _message(finding: Finding) -> str:
    return f"{finding.key}: {finding.what}" + (f" ({finding.fix})" if finding.fix else "")


WRITERS = {"text": text, "json": as_json, "sarif": sarif}
