"""A report as JUnit XML: one test for each class of impact; it fails if the change has such an impact."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from generator.diff.formats.lines import impact_text
from generator.diff.impact import CLASSES
from generator.diff.report import DiffReport
from generator.errors import one_line


def write(report: DiffReport) -> str:
    """Write one test case for each class; errors and warnings fail, notes are output."""
    impacts = {code: report.failing([code]) for code in CLASSES}
    failed = sum(any(impact.level != "note" for impact, _ in found) for found in impacts.values())
    name = quoteattr(one_line(f"{report.before} -> {report.after}"))
    head = f'<testsuite name={name} tests="{len(impacts)}" failures="{failed}">'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", head]
    for code, found in impacts.items():
        texts = [one_line(impact_text(impact, difference, report)) for impact, difference in found]
        lines += _case(
            code, CLASSES[code].means, texts, fails=any(impact.level != "note" for impact, _ in found)
        )
    return "\n".join([*lines, "</testsuite>", "</testsuites>"]) + "\n"


def _case(code: str, meaning: str, texts: list[str], *, fails: bool) -> list[str]:
    case = f'  <testcase classname="generator diff" name={quoteattr(f"{code}: {meaning}")}'
    if not texts:
        return [f"{case}/>"]
    body = escape("\n".join(texts))
    tag = f"failure message={quoteattr(texts[0])}" if fails else "system-out"
    return [f"{case}>", f"    <{tag}>{body}</{tag.split()[0]}>", "  </testcase>"]
