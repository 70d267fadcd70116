"""Waiting for what the programs do."""

from __future__ import annotations

import time
from collections.abc import Callable

# Most waits end within 30 s on an idle machine, but these programs share two processors with other runs.
SECONDS, PAUSE = 240.0, 0.5


def until(ready: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds; fail with `what` after the timeout."""
    end = time.monotonic() + SECONDS
    while not ready():
        assert time.monotonic() < end, f"not within {SECONDS:.0f} s: {what}"
        time.sleep(PAUSE)
