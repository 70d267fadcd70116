"""Waiting for what the programs do."""

from __future__ import annotations

from collections.abc import Callable

from tests.cluster import api

# Most waits end within 30 s on an idle machine, but these programs share two processors with other runs.
SECONDS, PAUSE = 240.0, 0.5


def until(ready: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds; fail with `what` after the timeout."""
    api.until(ready, what, SECONDS, PAUSE)
