"""A report as one HTML page without scripts or references."""

from __future__ import annotations

from generator.check.formats import changes, files, head, summary, titled
from generator.check.groups import merged
from generator.check.results import CheckReport
from generator.errors import one_line
from generator.texts import template


def write(report: CheckReport) -> str:
    """Write a report; the template escapes every text."""
    findings = sorted(merged(report.findings), key=lambda finding: finding.level != "error")
    return template("check.html.j2").render(
        command="generator check",
        title=head(report),
        summary=summary(findings),
        findings=[(finding.level, finding.text()) for finding in findings],
        verdicts=[
            (one_line(titled(verdict, report)), [one_line(line) for line in changes(verdict)])
            for verdict in report.verdicts
        ],
        steps=[one_line(str(step)) for step in report.steps],
        files=[one_line(line) for line in files(report)],
    )
