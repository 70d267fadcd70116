"""Finds the safe edits: after them, the files have no finding that they did not have before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import YAMLError

from generator.catalogue.message import Message, say
from generator.check.findings import Finding
from generator.check.fixes import edited
from generator.check.results import CheckReport
from generator.io.files import read_text

# A key below a misspelt key is found after the first edit only; no config is nested deeper than this.
_ROUNDS = 20
_Again = Callable[[Mapping[str, str]], "CheckReport"]


def keep_safe_edits(report: CheckReport, again: _Again) -> None:
    """Drop the edits of a report that cause new findings, and keep the text of the files after the others.

    `again` checks the files again, some of them with another text.
    """
    search = _Search(report, again)
    safe = search.largest([], search.edits)
    report.fixed = search.fixed
    kept = {id(one) for one in (*safe, *search.unwritable)}
    report.unfixable = search.why
    report.findings = [one if id(one) in kept else replace(one, edit=None) for one in report.findings]


class _Search:
    """The search for the largest set of edits that causes no finding."""

    def __init__(self, report: CheckReport, again: _Again) -> None:
        self.again = again
        self.before = Counter(map(_without_place, report.findings))
        # For a key given twice, only the user knows which of the two is right.
        edits = [f for f in report.findings if f.edit and f.source and not f.source.document.twice]
        self.why: dict[str, Message] = {}
        # The text of the files after the safe edits found so far.
        self.fixed: dict[str, tuple[str, int]] = {}
        for file in dict.fromkeys(one.file for one in edits):
            self._edit({}, [one for one in edits if one.file == file])
        self.edits = [one for one in edits if one.file not in self.why]
        self.unwritable = [one for one in edits if one.file in self.why]
        self.known = set(map(_place, edits))

    def largest(self, safe: list[Finding], more: Sequence[Finding]) -> list[Finding]:
        """Return the safe edits and as many of the others as cause no finding."""
        if not more:
            return safe
        fixed = self.tried([*safe, *more])
        if fixed is not None:
            self.fixed = fixed
            return [*safe, *more]
        if len(more) == 1:
            return safe
        half = len(more) // 2
        return self.largest(self.largest(safe, more[:half]), more[half:])

    def tried(self, edits: Sequence[Finding]) -> dict[str, tuple[str, int]] | None:
        """Return the files after these edits and those that follow; None if they cause a finding."""
        fixed: dict[str, tuple[str, int]] | None = self._edit({}, edits)
        for _ in range(_ROUNDS):
            if fixed is None:
                return None
            now = self.again({file: text for file, (text, _) in fixed.items()})
            follow = [f for f in now.findings if f.edit and f.source and _place(f) not in self.known]
            if not follow:
                found = Counter(_without_place(one) for one in now.findings if one.file in fixed)
                return None if found - self.before else fixed
            fixed = self._edit(fixed, follow)
        return None

    def _edit(
        self, fixed: dict[str, tuple[str, int]], edits: Sequence[Finding]
    ) -> dict[str, tuple[str, int]] | None:
        done = dict(fixed)
        for file in dict.fromkeys(one.file for one in edits):
            own = [one for one in edits if one.file == file]
            text, number = done.get(file) or (read_text(file), 0)
            try:
                done[file] = edited(text, own), number + len(own)
            except YAMLError as error:
                self.why.setdefault(file, _reason(error))
                return None
        return done


def _reason(error: YAMLError) -> Message:
    if isinstance(error, DuplicateKeyError):
        return say("not-fixable", "duplicate-key")
    reason = str(getattr(error, "problem", None) or error)
    return say("not-fixable", reason=reason.splitlines()[0])


def _without_place(finding: Finding) -> tuple[Message, str, str]:
    """Return a finding without its key and line, which an edit above it changes."""
    return (finding.message, finding.level, finding.file)


def _place(finding: Finding) -> tuple[object, ...]:
    source = finding.source
    assert source
    return (finding.file, source.number, source.inside, source.holder, finding.edit)
