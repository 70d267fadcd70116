"""Writes a report as text, as JSON, and as SARIF for annotations in CI; html.py has the HTML page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from generator.catalogue import find
from generator.check.findings import Finding
from generator.check.groups import merged
from generator.check.kinds import is_job
from generator.check.results import CheckReport, ProfileVerdict, as_dict
from generator.errors import Paint, count, unpainted
from generator.io.sarif import Result, document
from generator.model.profiles import profile

FORMATS = ("text", "html", "json", "sarif")


def text(report: CheckReport, paint: Paint = unpainted) -> str:
    """Write a report for people."""
    return "\n".join(_text_lines(report, paint)) + "\n"


def _text_lines(report: CheckReport, paint: Paint) -> Iterator[str]:
    yield head(report)
    yield from files(report)
    findings = merged(report.findings)
    yield from (finding.text(paint) for finding in findings)
    for verdict in report.verdicts:
        yield titled(verdict, report)
        yield from changes(verdict)
    yield from map(str, report.steps)
    yield summary(findings)


def head(report: CheckReport) -> str:
    """Return what the files were checked against."""
    how = " (assumed; set it with --kubeedge-version)" if report.assumed else ""
    return f"checked against {report.kubeedge}{how} and {report.edgemesh}"


def files(report: CheckReport) -> Iterator[str]:
    """Yield what each file is."""
    for source in report.sources:
        yield f"{source.file}:{source.line(())}: {source.title}"
    for command in report.commands:
        yield f"{command.file}:{command.line}: keadm {command.verb} --set"
    for item in report.objects:
        if is_job(item.value):
            yield f"{item.file}:{item.line(())}: ConfigUpdateJob"
    for file, number in report.others.items():
        yield f"{file}: {count(number, 'other document')} without config or values"


def summary(findings: Sequence[Finding]) -> str:
    """Return the number of problems and warnings."""
    levels = [finding.level for finding in findings]
    problems = levels.count("error")
    return f"{count(problems, 'problem')}, {count(len(levels) - problems, 'warning')}"


def titled(verdict: ProfileVerdict, report: CheckReport) -> str:
    """Return the profiles that files match, after the files if the report has several verdicts."""
    where = f"{_places(verdict.edges)}: " if len(report.verdicts) > 1 else ""
    return f"{where}{_verdict(verdict)}"


def _places(edges: list[str]) -> str:
    return ", ".join(edges) if len(edges) <= 3 else f"{edges[0]} and {len(edges) - 1} more"


def _verdict(verdict: ProfileVerdict) -> str:
    """Return the profiles that the files match, in one line."""
    *others, last = verdict.profiles or [""]
    if not last:
        return f"matches no profile on {verdict.release}; closest: {verdict.intended}"
    if others:
        several = f"{', '.join(others)} or {last}"
        return f"matches {several} on {verdict.release}; add edgemesh-agent.yaml to tell them apart"
    return f"matches profile {last} on {verdict.release}: {profile(last).summary}"


def changes(verdict: ProfileVerdict) -> Iterator[str]:
    """Yield the changes that are needed for a profile."""
    if verdict.changes:
        yield f"{count(len(verdict.changes), 'change')} needed for {verdict.intended}:"
    for change in verdict.changes:
        now = "not set now" if change.now is None else f"now {_shown(change.now)}"
        yield f"  {change.file}: {change.own_key}: {_shown(change.wanted)} ({now}): {change.why}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return '""' if value == "" else str(value)


def as_json(report: CheckReport) -> str:
    """Write a report as JSON; docs/check.md describes it."""
    return json.dumps(as_dict(report), indent=2, ensure_ascii=False) + "\n"


def sarif(report: CheckReport) -> str:
    """Write the findings as SARIF 2.1.0."""
    rules = sorted({finding.code for finding in report.findings})
    results = (Result(one.code, one.level, _message(one), one.file, one.line) for one in report.findings)
    return document("generator check", {rule: find(rule) for rule in rules}, results)


def _message(finding: Finding) -> str:
    return f"{finding.key}: {finding.sentence}"


def html(report: CheckReport) -> str:
    """Write a report as one HTML page, without a picture."""
    # Imported here because it imports jinja2.
    page: str = import_module("generator.check.html").write(report)
    return page


WRITERS = {"text": text, "html": html, "json": as_json, "sarif": sarif}
