"""Wide characters: Chinese text takes two columns a character, and lines may end between any two of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from generator.patterns import pattern

# A character after which no line may end, or before which none may begin.
_OPENING, _CLOSING = "（“‘《【", "，。；：！？）”’》】、…"
_FIRST = "\u2e80"
_WIDE = pattern(f"[{_FIRST}-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]")


def is_wide(text: str) -> bool:
    """Return whether a text has wide characters."""
    # To compile the pattern takes longer than most commands search with it.
    return not text.isascii() and max(text) >= _FIRST and _WIDE.search(text) is not None


def columns_of(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def fitted(text: str, columns: int, indent: str = "") -> list[str]:
    """Break a text into lines of at most so many columns; `indent` goes before all lines but the first."""
    lines, line = list[str](), ""
    for part in _parts(text):
        if line.strip() and columns_of(line + part.rstrip()) > columns:
            lines.append(line.rstrip())
            line = indent + part.lstrip()
        else:
            line += part
    return [*lines, line.rstrip()]


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a text between which a line may end: words, and single wide characters."""
    part = ""
    for one in " ".join(text.split()):
        ends = part and (
            part[-1] == " " or ((is_wide(part[-1]) or is_wide(one)) and part[-1] not in _OPENING)
        )
        if ends and one not in _CLOSING and one != " ":
            yield part
            part = ""
        part += one
    yield part
