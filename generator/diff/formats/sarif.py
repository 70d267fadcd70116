"""A report as SARIF, for code scanning."""

from __future__ import annotations

from generator.diff.formats.lines import impact_text
from generator.diff.formats.places import place
from generator.diff.impact import CLASSES
from generator.diff.report import DiffReport
from generator.io.sarif import Result, document


def write(report: DiffReport) -> str:
    """Write every impact as a result; the codes of all impacts are the rules."""
    results = (
        Result(impact.code, impact.level, impact_text(impact, difference, report), *place(impact))
        for impact, difference in report.impacts
    )
    return document("generator diff", {code: entry.means for code, entry in CLASSES.items()}, results)
