"""Findings about documents: unknown ones, values in other places, and programs that ended."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.catalogue.message import say
from generator.check.findings import Finding, Level
from generator.check.kinds import is_job
from generator.check.objects import is_key
from generator.check.sources import Reading
from generator.errors import NothingChecked, Problem


def reject_nothing(reading: Reading, files: list[str]) -> None:
    """Raise NothingChecked if no file holds anything that can be checked."""
    objects = any(is_job(found.value) or is_key(found) for found in reading.objects)
    if objects or reading.sources or reading.commands or reading.ended:
        return
    named = [*reading.unknown, *reading.unread]
    named += [Problem(file, "", say("no-config")) for file in reading.others]
    reported = {re.sub(r":\d+$", "", problem.where) for problem in named}
    named += [Problem(file, "", say("no-values")) for file in files if file not in reported]
    raise NothingChecked(named)


def document_findings(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each document or key that was not checked, and for configs of ended programs."""
    yield from (_finding(problem, "warning") for problem in (*reading.unknown, *reading.unread))
    yield from (_finding(problem, "error") for problem in reading.ended)


def _finding(problem: Problem, level: Level) -> Finding:
    file, _, line = problem.where.rpartition(":")
    return Finding(problem.message, level, file, int(line), problem.key)
