"""The result of a diagnosis: checks with their findings, the most likely cause first; as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any, Literal

from generator.catalogue.causes import CATEGORIES, category_of, rank
from generator.catalogue.message import Message
from generator.errors import Paint, Problem, one_line, unpainted
from generator.language import translated
from generator.secrets.safe_text import safe

State = Literal["ok", "warning", "error", "skipped"]
_MARKS = {"ok": "✓", "warning": "‼", "error": "×", "skipped": "–"}
_PAGE = "see `generator explain {code}` and docs/doctor.md"
_NOT_READ = "nothing was checked: see above"
_NOTHING = "nothing was checked: the cluster has no edge node and no cloudcore"
_NONE = "no findings in {checks}{tail}"
_ONE = "1 finding in {checks}{tail}"
_SEVERAL = "{found} findings in {checks}{tail}"
_MOST_NAMES = 5


@dataclass
class Check:
    """One line of the report. Without findings it passed; `skipped` is the reason why it did not run.

    `detail` is what was seen. `manifest` is an object to apply that repairs the findings.
    """

    category: str
    title: str
    findings: list[Problem] = field(default_factory=list)
    detail: str = ""
    skipped: str = ""
    manifest: str = ""

    @property
    def state(self) -> State:
        """Return the worst state of the findings."""
        if self.findings:
            return "error" if any(one.message.severity == "error" for one in self.findings) else "warning"
        return "skipped" if self.skipped else "ok"

    def add(self, where: str, message: Message) -> None:
        """Add a finding about an object."""
        self.findings.append(Problem(where, "", message))


@dataclass
class Report:
    """All checks in the order of the categories; `unreadable` is what this account may not read."""

    checks: list[Check]
    unreadable: dict[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> list[Problem]:
        """Return all findings, the most likely cause of the others first."""
        places = {one: _place(one, check.category) for check in self.checks for one in check.findings}
        return sorted(places, key=places.__getitem__)

    @property
    def checked(self) -> bool:
        """Return whether any check ran."""
        return any(check.state != "skipped" for check in self.checks)

    @property
    def failed(self) -> bool:
        """Return whether a finding is an error; warnings are no failure."""
        return any(one.message.severity == "error" for one in self.findings)

    @property
    def cause(self) -> Problem | None:
        """Return the most likely cause, None without findings."""
        return next(iter(self.findings), None)


def _place(one: Problem, category: str) -> tuple[bool, int]:
    # A code of another area, such as an expired certificate, is as likely as the first cause of its category.
    first = min((place for code, place in rank().items() if category_of(code) == category), default=0)
    return one.message.severity != "error", rank().get(one.code, first)


def names(found: Sequence[str]) -> str:
    """Return names as text, at most the first five."""
    shown = ", ".join(found[:_MOST_NAMES])
    return shown if len(found) <= _MOST_NAMES else f"{shown} and {len(found) - _MOST_NAMES} more"


def as_text(report: Report, paint: Paint = unpainted) -> str:
    """Write a report for people."""
    return "".join(f"{line}\n" for line in _lines(report, paint))


def _lines(report: Report, paint: Paint) -> Iterator[str]:
    for category, title in CATEGORIES.items():
        found = [check for check in report.checks if check.category == category]
        if found:
            yield translated("doctor", title)
            for check in found:
                yield from _check_lines(check, paint)
            yield ""
    if report.unreadable:
        yield translated("doctor", "not checked, because this account may not read it:")
        yield from (f"  {name}" for name in sorted(report.unreadable))
        yield ""
    if report.cause:
        cause = report.cause
        yield translated("doctor", "most likely cause: {cause}").format(cause=cause.text(paint))
        yield f"  {translated('doctor', _PAGE).format(code=cause.code)}"
    yield _conclusion(report)


def _check_lines(check: Check, paint: Paint) -> Iterator[str]:
    state = check.state
    mark = paint(state, _MARKS[state]) if state in ("warning", "error") else _MARKS[state]
    tail = translated("doctor", check.skipped) if state == "skipped" else check.detail
    yield f"{mark} {translated('doctor', check.title)}" + (f": {one_line(safe(tail))}" if tail else "")
    for one in check.findings:
        where = f"{_where(one)}: " if _where(one) else ""
        code = paint(one.message.severity, f"[{one.code}]")
        yield f"    {one_line(where + one.what)} {code}"
        if one.fix:
            yield f"    {translated('words', 'fix:')} {one_line(one.fix)}"
    if check.manifest:
        yield indent(check.manifest.rstrip("\n"), "      ")


def _where(one: Problem) -> str:
    """Return the object of a finding and the part of it."""
    return ": ".join(filter(None, (one.where, one.key)))


def _conclusion(report: Report) -> str:
    if not report.checked:
        return translated("doctor", _NOT_READ if report.unreadable else _NOTHING)
    states = [check.state for check in report.checks]
    skipped = states.count("skipped")
    tail = translated("doctor", ", {number} not checked").format(number=skipped) if skipped else ""
    found, checks = len(report.findings), len(states) - skipped
    text = translated("doctor", _SEVERAL if found > 1 else _ONE if found else _NONE)
    shown = translated("doctor", "1 check" if checks == 1 else "{number} checks").format(number=checks)
    return text.format(found=found, checks=shown, tail=tail)


def as_json(report: Report) -> str:
    """Write a report for programs."""
    return json.dumps(_data(report), indent=2, ensure_ascii=False) + "\n"


def _data(report: Report) -> dict[str, Any]:
    cause = report.cause
    return {
        "cause": _finding(cause) if cause else None,
        "checks": [
            {
                "category": check.category,
                "title": check.title,
                "state": check.state,
                "detail": check.detail,
                "notChecked": check.skipped,
                "findings": [_finding(one) for one in check.findings],
                "manifest": check.manifest,
            }
            for check in report.checks
        ],
        "unreadable": sorted(report.unreadable),
    }


def _finding(one: Problem) -> dict[str, Any]:
    return {
        "ruleId": one.code,
        "severity": one.message.severity,
        "where": _where(one),
        "message": one.what,
        "fix": one.fix,
    }
