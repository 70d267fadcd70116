"""Where CI shows an impact: the file and line that it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from generator.diff.impact import CLASSES, Impact
from generator.diff.report import Difference, Report


@dataclass(frozen=True)
class Place:
    """A file of the repository, and a line in it."""

    file: str
    line: int


def place(impact: Impact) -> Place:
    """Return the place of an impact: of the value that caused it, else of its object or its chart."""
    file, _, line = impact.where.rpartition(":")
    if file and line.isdigit():
        return Place(file, int(line))
    found = impact.subject
    if found.chart:
        return Place(f"charts/{found.chart}/values.yaml", 1)
    return Place(found.file or "values", max(1, found.line))


def message(impact: Impact, difference: Difference, report: Report) -> str:
    """Write an impact for an annotation: the object, what it means, and why."""
    from generator.diff.formats import lines

    why, where = lines.because(impact.causes), lines.where(difference, report)
    return f"{lines.impact_line(impact)}{f' ({why})' if why else ''}{f' [{where}]' if where else ''}"


def rules() -> dict[str, str]:
    """Return every class with what it means."""
    return dict(CLASSES)
