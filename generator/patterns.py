"""Regular expressions that are compiled when they are first used: a run of the command uses few."""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    """A pattern that is not compiled yet; the methods of the compiled pattern become its own."""

    def __init__(self, text: str, flags: int) -> None:
        self._source = (text, flags)

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._source), name)
        setattr(self, name, found)
        return found


def pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern like re.compile, which is compiled when one of its methods is first used."""
    return cast("re.Pattern[str]", _Pattern(text, flags))
