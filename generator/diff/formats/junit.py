"""A report as JUnit XML: one test for each class, failed where the change is of that class."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from generator.diff.formats.lines import impact_text
from generator.diff.impact import CLASSES
from generator.diff.report import DiffReport
from generator.errors import one_line


def write(report: DiffReport) -> str:
    """Write one test case a class; grave and warned classes fail, the rest is told as output."""
    impacts = {name: [entry for entry in report.impacts if entry[0].name == name] for name in CLASSES}
    failed = sum(any(impact.level != "note" for impact, _ in found) for found in impacts.values())
    name = quoteattr(one_line(f"{report.before} -> {report.after}"))
    head = f'<testsuite name={name} tests="{len(impacts)}" failures="{failed}">'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", head]
    for rule, found in impacts.items():
        texts = [one_line(impact_text(impact, difference, report)) for impact, difference in found]
        lines += _case(rule, CLASSES[rule], texts, fails=any(impact.level != "note" for impact, _ in found))
    return "\n".join([*lines, "</testsuite>", "</testsuites>"]) + "\n"


def _case(rule: str, meaning: str, texts: list[str], *, fails: bool) -> list[str]:
    case = f'  <testcase classname="generator diff" name={quoteattr(f"{rule}: {meaning}")}'
    if not texts:
        return [f"{case}/>"]
    body = escape("\n".join(texts))
    tag = f"failure message={quoteattr(texts[0])}" if fails else "system-out"
    return [f"{case}>", f"    <{tag}>{body}</{tag.split()[0]}>", "  </testcase>"]
