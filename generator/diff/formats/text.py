"""A report for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff.formats import lines
from generator.diff.report import Difference, DiffReport
from generator.errors import count, one_line


def write(report: DiffReport) -> str:
    """Write a report as plain text; the command colours its marks."""
    return "".join(f"{one_line(line)}\n" for line in _lines(report))


def _lines(report: DiffReport) -> Iterator[str]:
    common = lines.common_cause(report)
    yield f"{report.before} -> {report.after}: {lines.summary(report)}"
    if common:
        yield f"all {lines.because(common)}"
    yield from (f"note: {note}" for note in report.notes)
    yield from _skipped(report)
    if report.differences:
        yield ""
        yield from _meaning(report, common)
    listed, labelled = lines.split_labels(report)
    for difference in listed:
        yield ""
        yield from _difference(difference, report, common)
    if labelled:
        yield ""
        yield f"* {lines.labels_line(labelled)}"


def _skipped(report: DiffReport) -> Iterator[str]:
    if report.skipped:
        yield f"{count(len(report.skipped), 'document')} left out:"
        yield from (f"  {found}" for found in report.skipped)


def _meaning(report: DiffReport, common: tuple[str, ...]) -> Iterator[str]:
    yield "What it means"
    for impact, difference in report.impacts:
        yield f"  {impact.level}: {lines.impact_text(impact, difference, report, common)}"
    if lines.restarts_nothing(report):
        yield "  restarts nothing"


def _difference(difference: Difference, report: DiffReport, common: tuple[str, ...]) -> Iterator[str]:
    yield lines.headline(difference, report)
    if difference.status != "changed" and difference.causes != common and difference.causes:
        yield f"    {lines.because(difference.causes)}"
    for change in difference.changes:
        yield f"  {lines.change_head(change, common)}"
        yield from (f"    {line}" for line in lines.change_lines(change))
