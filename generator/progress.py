"""How a long operation reports what it does now; the command shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A function that is called when a step begins. It returns at once and raises nothing."""

    def __call__(self, what: str, number: int = 0, total: int = 0) -> None:
        """Report that `what` begins, or its part `number` of `total`; 0 if the parts are not counted."""


def no_progress(what: str, number: int = 0, total: int = 0) -> None:
    """Ignore a step: the progress of a caller that shows none."""
