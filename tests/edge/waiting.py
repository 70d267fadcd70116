"""Waiting for what the programs do."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.cluster import api

# Most waits end within 30 s on an idle machine, but these programs share two processors with other runs.
SECONDS, PAUSE = 240.0, 0.5


def until(ready: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds; fail with `what` after the timeout."""
    api.until(ready, what, SECONDS, PAUSE)


def until_nothing(findings: Callable[[], object], what: str) -> None:
    """Wait until a command has no findings; fail with the last findings after the timeout.

    The command must not take the processors from what it waits for.
    """
    end = time.monotonic() + SECONDS
    while True:
        begin = time.monotonic()
        found = findings()
        if not found:
            return
        assert time.monotonic() < end, f"not within {SECONDS:.0f} s: {what}, but {found}"
        time.sleep(time.monotonic() - begin)
