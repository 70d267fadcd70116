"""Runs a program that ends soon and needs no progress report, with its input and output in memory."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

# What a shell gives for a program that cannot be started.
_NOT_STARTED = 126


@dataclass(frozen=True)
class Ran:
    """How a program ended: its exit code, its output, and its error output as text."""

    code: int
    output: bytes
    errors: str


def run_program(command: list[str], data: bytes = b"") -> Ran:
    """Run a program with `data` on standard input and wait for its end."""
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=False)
    except OSError as error:
        return Ran(_NOT_STARTED, b"", str(error.strerror))
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace").strip())
