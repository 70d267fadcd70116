"""A report as a comment on a pull request: impacts first, every object folded."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.diff.formats import lines
from generator.diff.report import Difference, DiffReport
from generator.errors import count, one_line
from generator.kube.compare import Change

# The most characters of a comment on GitHub and GitLab.
LIMIT = 65_536
# Marks the comment, so that the next run replaces it.
MARKER = "<!-- generator diff -->"
_MARKS = re.compile(r"[\\`*_\[\]~]")


def write(report: DiffReport) -> str:
    """Write a report in at most 65 536 characters; the text says what was cut."""
    head = "".join(f"{line}\n" for line in _head(report))
    if len(head) > LIMIT - 400:
        head = (
            head[: LIMIT - 400].rpartition("\n")[0]
            + "\n\nThe rest is cut: a comment holds 65 536 characters.\n"
        )
    listed, labelled = lines.split_labels(report)
    parts = ["".join(f"{line}\n" for line in _folded(one, report)) for one in listed]
    parts += [f"- {_plain(lines.labels_line(labelled))}\n"] if labelled else []
    text, left = head, LIMIT - len(head) - 300
    for number, part in enumerate(parts):
        if len(part) > left:
            rest = count(len(parts) - number, "object")
            whole = "; `generator diff --format text` shows all"
            return f"{text}\n**Cut here:** {rest} not shown, a comment holds {LIMIT} characters{whole}.\n"
        text, left = text + part, left - len(part)
    return text


def _head(report: DiffReport) -> Iterator[str]:
    yield MARKER
    yield f"### {_plain(report.before)} → {_plain(report.after)}"
    yield ""
    yield f"{lines.summary(report)}."
    yield from (f"\n> {_plain(str(note))}" for note in report.notes)
    if report.skipped:
        named = ", ".join(f"{one.file}:{one.line} ({one.what} [{one.code}])" for one in report.skipped[:10])
        yield f"\n> {count(len(report.skipped), 'document')} left out: {_plain(named)}"
    if not report.differences:
        return
    yield ""
    if report.impacts:
        yield "| level | what it means | because |"
        yield "|---|---|---|"
    for impact, difference in report.impacts:
        text = _cell(lines.impact_text(impact, difference, report, impact.causes))
        mark = "" if impact.level == "note" else "**"
        yield f"| {mark}{impact.level}{mark} | {text} | {_cell(', '.join(impact.causes))} |"
    if lines.restarts_nothing(report):
        yield "\nRestarts nothing."
    yield ""


def _folded(difference: Difference, report: DiffReport) -> Iterator[str]:
    title = lines.headline(difference, report)
    if not difference.changes:
        yield f"- {_plain(title)}"
        yield ""
        return
    yield f"<details><summary>{_html(title)}: {count(len(difference.changes), 'change')}</summary>"
    yield ""
    body = [line for change in difference.changes for line in _change(change)]
    fence = "`" * max(3, 1 + max((_ticks(line) for line in body), default=0))
    yield f"{fence}diff"
    yield from body
    yield fence
    yield ""
    yield "</details>"
    yield ""


def _change(change: Change) -> Iterator[str]:
    yield one_line(f"  {lines.change_head(change)}")
    yield from (one_line(line) for line in lines.change_lines(change))


def _ticks(line: str) -> int:
    return max((len(run) for run in line.split() if set(run) == {"`"}), default=line.count("`"))


def _html(text: str) -> str:
    """Escape HTML, mentions and references in a text."""
    text = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("@", "@\u200b").replace("#", "#\u200b")


def _plain(text: str) -> str:
    """Escape Markdown in a text as well."""
    return _MARKS.sub(r"\\\g<0>", _html(text))


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")
