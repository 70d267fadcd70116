"""Documents that nobody here knows, that cannot be read in full, or whose program is no more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.check.findings import Finding, Level, plain_finding
from generator.check.kinds import is_job
from generator.check.objects import is_key
from generator.check.sources import Reading
from generator.errors import NothingChecked, Problem, plain

_NO_CONFIG = "holds Kubernetes objects only, and none with a config, values or a key of EdgeMesh"
_NO_VALUES = "holds no values"


def refuse_nothing(reading: Reading, files: list[str]) -> None:
    """Raise NothingChecked where no file holds anything that can be checked."""
    judged = any(is_job(found.value) or is_key(found) for found in reading.objects)
    if judged or reading.sources or reading.commands or reading.ended:
        return
    named = [*reading.unknown, *reading.unread]
    named += [plain(file, "", _NO_CONFIG, code="no-config") for file in reading.others]
    said = {re.sub(r":\d+$", "", problem.where) for problem in named}
    named += [plain(file, "", _NO_VALUES, code="no-values") for file in files if file not in said]
    raise NothingChecked(named)


def document_findings(reading: Reading) -> Iterator[Finding]:
    """Yield a finding for each document, or key, that was not checked, and for configs that nothing reads."""
    yield from (_finding(problem, "warning") for problem in (*reading.unknown, *reading.unread))
    yield from (_finding(problem, "error") for problem in reading.ended)


def _finding(problem: Problem, level: Level) -> Finding:
    file, _, line = problem.where.rpartition(":")
    return plain_finding(problem.code, level, file, int(line), problem.key, problem.what, problem.fix)
