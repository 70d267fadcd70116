"""Runs a program for as long as its own input is open: `python guard.py PROGRAM ARGUMENT...`.

Whoever starts it holds the other end of that pipe. However he ends, killed included, the pipe closes and
the program is stopped.
"""

from __future__ import annotations

import select
import subprocess
import sys

STOP_SECONDS = 10


def main(command: list[str]) -> int:
    """Run a program until it ends or the input closes; return its exit code."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    while child.poll() is None:
        if select.select([sys.stdin], [], [], 0.2)[0]:
            return stop(child)
    return child.returncode


def stop(child: subprocess.Popen[bytes]) -> int:
    """Stop a program, by force if it does not listen."""
    child.terminate()
    try:
        return child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
