"""A report as one HTML page without scripts or references: the picture, impacts, and the changes folded."""

from __future__ import annotations

from collections.abc import Iterator

from generator.diff.formats import lines
from generator.diff.report import Difference, DiffReport
from generator.errors import count, one_line
from generator.texts import template

_STYLES = {"+": "plus", "-": "minus"}


def write(report: DiffReport) -> str:
    """Write a report as a page; the template escapes every text."""
    common = lines.common_cause(report)
    listed, labelled = lines.split_labels(report)
    notes = [f"all {lines.because(common)}"] if common else []
    notes += [str(note) for note in report.notes]
    notes += [f"left out: {found}" for found in report.skipped]
    notes += [lines.labels_line(labelled)] if labelled else []
    return template("diff.html.j2").render(
        command="generator diff",
        title=one_line(f"{report.before} → {report.after}"),
        summary=lines.summary(report),
        picture=report.picture,
        arrows=report.arrows,
        impacts=[
            (impact.level, one_line(lines.impact_text(impact, difference, report, common)))
            for impact, difference in report.impacts
        ],
        restarts_nothing=bool(report.differences) and lines.restarts_nothing(report),
        notes=[one_line(note) for note in notes],
        objects=[_object(difference, report, common) for difference in listed],
    )


def _object(
    difference: Difference, report: DiffReport, common: tuple[str, ...]
) -> tuple[str, str, list[tuple[str, str]]]:
    """Return the headline of an object, the number of its changes, and their lines with a style."""
    number = f": {count(len(difference.changes), 'change')}" if difference.changes else ""
    return one_line(lines.headline(difference, report)), number, list(_lines(difference, common))


def _lines(difference: Difference, common: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if difference.causes and difference.causes != common:
        yield "quiet", one_line(lines.because(difference.causes))
    for change in difference.changes:
        yield "quiet", one_line(lines.change_head(change, common))
        for line in lines.change_lines(change):
            yield _STYLES.get(line[:1], ""), one_line(f"  {line}")
