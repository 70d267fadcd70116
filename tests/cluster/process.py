"""Starts and stops the programs of the control plane; each writes its own log."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")


class Ended(Exception):
    """A program ended that should run."""


class Program:
    """One program under the guard, which stops it when this process ends."""

    def __init__(self, executable: Path, flags: list[str], log: Path) -> None:
        """Start the program; its output goes to `log`."""
        self.name, self.log = executable.name, log
        with log.open("wb") as output:
            self._guard = subprocess.Popen(
                [sys.executable, str(GUARD), str(executable), *flags],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                # Control-C is for pytest: it stops the programs in their order.
                start_new_session=True,
            )

    def tail(self, lines: int = 25) -> str:
        """Return the end of the log."""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def wait(self, ready: Callable[[], bool], seconds: float) -> None:
        """Wait until it is ready; raise Ended with its log when it ends or takes longer."""
        end = time.monotonic() + seconds
        while not ready():
            if self._guard.poll() is not None:
                raise Ended(f"{self.name} ended with {self._guard.returncode}:\n{self.tail()}")
            if time.monotonic() > end:
                raise Ended(f"{self.name} is not ready after {seconds:.0f} s:\n{self.tail()}")
            time.sleep(0.1)

    def pause(self) -> None:
        """Pause the program: it accepts connections and does not answer."""
        # The guard and the program have their own process group.
        os.killpg(self._guard.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Continue after a pause."""
        os.killpg(self._guard.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Stop it and wait for its end."""
        assert self._guard.stdin
        self._guard.stdin.close()
        self._guard.wait(30)


def free_ports(count: int) -> list[int]:
    """Return free ports on loopback."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for found in sockets:
            found.bind(("127.0.0.1", 0))
        return [found.getsockname()[1] for found in sockets]
    finally:
        for found in sockets:
            found.close()
