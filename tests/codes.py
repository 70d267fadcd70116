"""Collect the codes of the messages that a test run produces; with --every-code a missing code fails.

A code that no input produces is unused, and nobody has checked its message. Only messages that the package
creates count, not those that tests create.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest

from generator import catalogue
from generator.catalogue import message

MADE: set[str] = set()
SEEN: set[str] = set()


def record() -> None:
    """Start to record every code that the package creates and prints in this process."""
    init = message.Message.__init__

    def made(self: message.Message, code: str, *args: Any, **named: Any) -> None:
        # The module calls say(), or creates the message itself.
        if _module(2).startswith("generator.") or _module(3).startswith("generator."):
            MADE.add(code)
        init(self, code, *args, **named)

    def found(code: str) -> Any:
        SEEN.add(code)
        return catalogue.find(code)

    patch = pytest.MonkeyPatch()
    patch.setattr(message.Message, "__init__", made)
    patch.setattr(message, "find", found)


def _module(depth: int) -> str:
    name: str = sys._getframe(depth).f_globals.get("__name__", "")
    return "" if name == message.__name__ else name


def produced() -> set[str]:
    """Return the codes that the package created and printed in this process."""
    return MADE & SEEN


def missing(codes: set[str]) -> list[str]:
    """Return the codes of the catalogue that are not among `codes`."""
    return [code for code in catalogue.catalogue() if code not in codes]
