"""Findings about files and documents: unreadable or unknown ones, keys not read, removed programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.catalogue.message import say
from generator.check.findings import Finding, Level
from generator.check.kinds import is_job
from generator.check.objects import is_key
from generator.check.sources import Reading
from generator.errors import InvalidInput, NothingChecked, Problem


def reject_nothing(reading: Reading, files: list[str]) -> None:
    """Raise NothingChecked if no file has anything to check, InvalidInput if one is unreadable."""
    objects = any(is_job(found.value) or is_key(found) for found in reading.objects)
    if objects or reading.sources or reading.commands or reading.ended:
        return
    named = [*reading.unreadable, *reading.unknown, *reading.unread]
    named += [Problem(file, "", say("no-config")) for file in reading.others]
    reported = {re.sub(r":\d+$", "", problem.where) for problem in named}
    named += [Problem(file, "", say("no-values")) for file in files if file not in reported]
    # A broken file is a problem that was found; a file of another kind is not.
    raise InvalidInput(named) if reading.unreadable else NothingChecked(named)


def document_findings(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each file, document or key that was not checked, and for ended programs."""
    yield from (_finding(problem, "warning") for problem in (*reading.unknown, *reading.unread))
    yield from (_finding(problem, "error") for problem in (*reading.ended, *reading.unreadable))


def _finding(problem: Problem, level: Level) -> Finding:
    placed = re.fullmatch(r"(.*):(\d+)", problem.where)
    file, line = (placed[1], int(placed[2])) if placed else (problem.where, 0)
    return Finding(problem.message, level, file, line, problem.key)
