"""A report as one HTML page without scripts or references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generator.check.formats import changes, files, head, summary, titled
from generator.check.groups import merged
from generator.check.results import CheckReport
from generator.errors import one_line
from generator.texts import template


@dataclass(frozen=True)
class SitePicture:
    """Who talks to whom in the checked files: an SVG, and the headline and facts of each arrow."""

    svg: str
    arrows: Sequence[tuple[str, Sequence[str]]]


def write(report: CheckReport, picture: SitePicture | None = None) -> str:
    """Write a report, with the picture if the files are a valid site; the template escapes every text."""
    findings = sorted(merged(report.findings), key=lambda finding: finding.level != "error")
    return template("check.html.j2").render(
        command="generator check",
        title=head(report),
        summary=summary(findings),
        picture=picture.svg if picture else "",
        arrows=picture.arrows if picture else (),
        findings=[(finding.level, finding.text()) for finding in findings],
        verdicts=[
            (one_line(titled(verdict, report)), [one_line(line) for line in changes(verdict)])
            for verdict in report.verdicts
        ],
        steps=[one_line(str(step)) for step in report.steps],
        files=[one_line(line) for line in files(report)],
    )
