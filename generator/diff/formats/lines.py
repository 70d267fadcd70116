"""Lines that several formats print: impacts, changes, the summary."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from generator import go_yaml
from generator.diff.impact import Impact
from generator.diff.report import Difference, DiffReport
from generator.errors import count
from generator.kube.compare import NOTHING, Change
from generator.secrets.safe_text import safe

# More lines of one value than this are counted, not shown.
MOST_LINES = 24
MARKS = {"added": "+", "deleted": "-", "renamed": "~", "changed": "*"}


def summary(report: DiffReport) -> str:
    """Return in one line how much differs."""
    if not report.differences:
        return f"no difference; {count(report.unchanged, 'object')} the same"
    parts = [f"{number} {status}" for status in MARKS if (number := report.count(status))]
    return f"{', '.join(parts)}; {report.unchanged} unchanged"


def headline(difference: Difference, report: DiffReport) -> str:
    """Return the name of an object, its status and its scenarios."""
    title = f"{MARKS[difference.status]} {difference.object.title}"
    if difference.status == "renamed" and difference.before:
        old = difference.before
        version = f"{old.data['apiVersion']} " if old.title == difference.object.title else ""
        title += f" (renamed from {version}{old.title})"
    elif difference.status != "changed":
        title += f" ({difference.status})"
    return f"{title}{_scenarios(difference, report)}"


def because(causes: Sequence[str]) -> str:
    """Return which values are the cause, "" if they are unknown."""
    if not causes:
        return ""
    shown = ", ".join(causes[:4]) + (f" and {len(causes) - 4} more" if len(causes) > 4 else "")
    return f"because {shown} changed"


def common_cause(report: DiffReport) -> tuple[str, ...]:
    """Return the cause of all differences, () if there are several or it is unknown."""
    causes = {change.causes for one in report.differences for change in one.changes}
    causes |= {one.causes for one in report.differences if one.status != "changed"}
    return next(iter(causes)) if len(causes) == 1 else ()


_LABELS = ("app.kubernetes.io/version", "helm.sh/chart")


def only_labels(difference: Difference) -> bool:
    """Return whether only labels with versions differ in an object."""
    paths = [change.path for change in difference.changes]
    labels = all(path[:2] == ("metadata", "labels") and path[-1] in _LABELS for path in paths)
    return difference.status == "changed" and labels and not difference.impacts


def split_labels(report: DiffReport) -> tuple[list[Difference], list[Difference]]:
    """Return the differences that are printed one by one, and those with only labels."""
    labelled = [one for one in report.differences if only_labels(one)]
    return [one for one in report.differences if not only_labels(one)], labelled


def labels_line(differences: Sequence[Difference]) -> str:
    """Return in one line the objects in which only labels differ."""
    names = ", ".join(difference.object.title for difference in differences)
    return f"only labels differ ({', '.join(_LABELS)}) in {count(len(differences), 'object')}: {names}"


def _scenarios(difference: Difference, report: DiffReport) -> str:
    """Return the scenarios of a difference, "" if there is only one."""
    if not difference.scenarios:
        return ""
    if len(difference.scenarios) == len(report.scenarios):
        return f" [in all {len(report.scenarios)} scenarios]"
    shown = "; ".join(difference.scenarios[:6])
    more = len(difference.scenarios) - 6
    return f" [in {shown}{f' and {more} more' if more > 0 else ''}]"


def impact_text(
    impact: Impact, difference: Difference, report: DiffReport, common: tuple[str, ...] = ()
) -> str:
    """Write an impact in one line that ends with its code; its cause is left out if it is `common` to all."""
    why = because(impact.causes) if impact.causes != common else ""
    tail = f"{f', {why}' if why else ''}{f' ({impact.fix})' if impact.fix else ''}"
    return f"{impact.subject.title}: {impact.what}{tail}{_scenarios(difference, report)} [{impact.code}]"


def change_lines(change: Change) -> Iterator[str]:
    """Yield the old and the new value of a change, each line marked with -, + or a space."""
    before, after = change.before, change.after
    if isinstance(before, str) and isinstance(after, str) and ("\n" in before or "\n" in after):
        yield from _cut(_text_lines(before, after))
        return
    for mark, value in (("-", before), ("+", after)):
        if value is not NOTHING and not (change.partial and value == []):
            yield from _cut([f"{mark} {line}" for line in _value(value, change.partial)])


def _text_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return [f"{line[0]} {line[1:]}" for line in list(lines)[2:] if not line.startswith("@@")]


def _value(value: Any, partial: bool) -> list[str]:
    if partial and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [str(item) for item in value]
    text = go_yaml.dump(value) if isinstance(value, dict | list) and value else go_yaml.dump([value])[2:]
    return text.rstrip("\n").removesuffix("\n...").split("\n")


def _cut(lines: list[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[:MOST_LINES], f"  … {count(len(lines) - MOST_LINES, 'more line')}"]


def change_head(change: Change, common: tuple[str, ...] = ()) -> str:
    """Return where a change is, its note, and its cause unless it is `common` to all."""
    aside = safe(change.note.what) if change.note else ""
    if not change.behaviour:
        aside = f"no change in behaviour{f': {aside}' if aside else ''}"
    why = because(change.causes) if change.causes != common else ""
    notes = "; ".join(note for note in (aside, why) if note)
    return f"{change.place} ({notes})" if notes else change.place


def restarts_nothing(report: DiffReport) -> bool:
    """Return whether the report shows no pod and no edgecore that restarts or must be restarted."""
    codes = {impact.code for impact, _ in report.impacts}
    if codes & {"restart", "restart-by-hand", "edgecore-restart", "scaled", "deleted"}:
        return False
    return not any(map(_acts_elsewhere, report.differences))


def _acts_elsewhere(difference: Difference) -> bool:
    """Return whether pods that neither side has read what changed, or are created from it."""
    if difference.object.kind == "EdgeApplication":
        return True
    config = any(change.file and change.behaviour for change in difference.changes)
    return config and not any(impact.code == "no-restart" for impact in difference.impacts)
