"""A report for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff.formats import lines
from generator.diff.report import Difference, Report
from generator.errors import count, one_line


def write(report: Report) -> str:
    """Write a report as plain text; the command colours its marks."""
    return "".join(f"{one_line(line)}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    common = lines.common_cause(report)
    yield f"{report.before} -> {report.after}: {lines.summary(report)}"
    if common:
        yield f"all {lines.because(common)}"
    yield from (f"note: {note}" for note in report.notes)
    yield from _skipped(report)
    if report.differences:
        yield ""
        yield from _meaning(report, common)
    told, labelled = lines.told(report)
    for difference in told:
        yield ""
        yield from _difference(difference, report, common)
    if labelled:
        yield ""
        yield f"* {lines.labels_line(labelled)}"


def _skipped(report: Report) -> Iterator[str]:
    if report.skipped:
        yield f"{count(len(report.skipped), 'document')} left out:"
        yield from (f"  {found}" for found in report.skipped)


def _meaning(report: Report, common: tuple[str, ...]) -> Iterator[str]:
    yield "What it means"
    for name, found in lines.by_class(report).items():
        for impact, difference in found:
            why = lines.because(impact.causes) if impact.causes != common else ""
            where = lines.where(difference, report)
            tail = f" ({why})" if why else ""
            tail += f" [{where}]" if where else ""
            yield f"  {name}: {lines.impact_line(impact)}{tail}"
    if lines.restarts_nothing(report):
        yield "  restarts nothing"


def _difference(difference: Difference, report: Report, common: tuple[str, ...]) -> Iterator[str]:
    where = lines.where(difference, report)
    title = f"{lines.MARKS[difference.status]} {lines.title(difference)}"
    yield title + (f" [{where}]" if where else "")
    if difference.status != "changed" and difference.causes != common and difference.causes:
        yield f"    {lines.because(difference.causes)}"
    for change in difference.changes:
        why = lines.because(change.causes) if change.causes != common else ""
        notes = [note for note in (lines.asides(change), why) if note]
        yield f"  {change.place}" + (f" ({'; '.join(notes)})" if notes else "")
        yield from (f"    {line}" for line in lines.change_lines(change))
