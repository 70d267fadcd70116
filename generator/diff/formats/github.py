"""A report as workflow commands, which GitHub shows as annotations."""

from __future__ import annotations

from generator.diff.formats import lines
from generator.diff.formats.places import place
from generator.diff.report import DiffReport
from generator.errors import one_line


def write(report: DiffReport) -> str:
    """Write one annotation for each impact, and one with the summary."""
    found = [
        _command(
            {"error": "error", "warning": "warning"}.get(impact.level, "notice"),
            lines.impact_text(impact, difference, report),
            title=impact.code,
            file=place(impact).file,
            line=str(place(impact).line),
        )
        for impact, difference in report.impacts
    ]
    whole = f"{report.before} -> {report.after}: {lines.summary(report)}"
    return "".join([*found, _command("notice", whole, title="generator diff")])


def _command(level: str, text: str, **properties: str) -> str:
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {given}::{_data(one_line(text))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
