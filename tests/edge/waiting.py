"""Waiting for what the programs do."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.cluster import api

# Most waits end within 30 s on an idle machine, but these programs share two processors with other runs.
SECONDS, PAUSE = 240.0, 0.5


def until(ready: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds; fail with `what` after the timeout.

    A condition that runs programs must not take the processors from what it waits for.
    """

    def asked() -> bool:
        begin = time.monotonic()
        found = ready()
        if not found:
            time.sleep(2 * (time.monotonic() - begin))
        return found

    api.until(asked, what, SECONDS, PAUSE)
