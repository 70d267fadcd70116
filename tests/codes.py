"""Collects the codes whose sentences a test run makes; --every-code fails a run that lacks one.

A code that no input produces is dead, and its sentence was never read. Only messages that the package itself
made count, those of tests do not.
"""

from __future__ import annotations

import sys
from typing import Any

from generator import catalogue
from generator.catalogue import message

MADE: set[str] = set()
SEEN: set[str] = set()


def record() -> None:
    """Note from now on every code that the package says and that is printed in this process."""
    init = message.Message.__init__

    def made(self: message.Message, code: str, *args: Any, **named: Any) -> None:
        # say() stands between, or the module makes the message itself.
        if _module(2).startswith("generator.") or _module(3).startswith("generator."):
            MADE.add(code)
        init(self, code, *args, **named)

    def found(code: str) -> Any:
        SEEN.add(code)
        return catalogue.find(code)

    setattr(message.Message, "__init__", made)  # noqa: B010
    setattr(message, "find", found)  # noqa: B010


def _module(depth: int) -> str:
    name: str = sys._getframe(depth).f_globals.get("__name__", "")
    return "" if name == message.__name__ else name


def produced() -> set[str]:
    """Return the codes that were made and printed in this process."""
    return MADE & SEEN


def missing(codes: set[str]) -> list[str]:
    """Return the codes of the catalogue that are not among `codes`."""
    return [code for code in catalogue.catalogue() if code not in codes]
