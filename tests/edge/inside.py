"""The first process of a run: prepares the machine, starts pytest, and reaps what containers leave behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.edge import machine


def main(folder: Path, arguments: list[str]) -> int:
    """Run pytest with its files in a folder; return its exit code."""
    machine.prepare(folder)
    command = [sys.executable, "-m", "pytest", "-v", *arguments]
    pytest = os.posix_spawn(sys.executable, command, {**os.environ, "EDGE_FOLDER": str(folder)})
    while True:
        ended, status = os.wait()
        if ended == pytest:
            return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
