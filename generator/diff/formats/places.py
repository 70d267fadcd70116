"""The file and line where CI shows an impact."""

from __future__ import annotations

from typing import NamedTuple

from generator.diff.impact import Impact


class ReportPlace(NamedTuple):
    """A file of the repository, and a line in it."""

    file: str
    line: int


def place(impact: Impact) -> ReportPlace:
    """Return the place of an impact: the value that caused it, else its object or chart."""
    file, _, line = impact.where.rpartition(":")
    if file and line.isdigit():
        return ReportPlace(file, int(line))
    found = impact.subject
    if found.chart:
        return ReportPlace(f"charts/{found.chart}/values.yaml", 1)
    return ReportPlace(found.file or "values", max(1, found.line))
