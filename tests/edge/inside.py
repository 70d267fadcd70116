"""The first process of a run: prepares the machine, starts pytest, and reaps what containers leave behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.edge import machine

ROOT = Path(__file__).resolve().parents[2]


def main(release: str, file: str, arguments: list[str]) -> int:
    """Run pytest for a release and a file of tests; return its exit code."""
    folder = ROOT / "build" / "edge" / release / file
    machine.prepare(folder)
    tests = f"tests/edge/test_{file}.py"
    command = [sys.executable, "-m", "pytest", tests, f"--edge-release={release}"]
    pytest = os.posix_spawn(
        sys.executable, [*command, *arguments], {**os.environ, "EDGE_FOLDER": str(folder)}
    )
    while True:
        ended, status = os.wait()
        if ended == pytest:
            return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
