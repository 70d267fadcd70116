"""Compare the profiles in a table: what each is for, and the keys that differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from generator.model.profile_text import Explanation, flag

# Four columns of this width, with the indentation and the gaps, fill a terminal of 80 columns.
_WIDTH = 18
_GAP = "  "
_NOT_SET = "–"
# A cell is broken after a space or a slash, so that addresses and paths fit too.
_PIECE = re.compile(r"[^\s/]+[\s/]*|[\s/]+")


def differences(found: Sequence[Explanation]) -> str:
    """Return the table of profiles, explained for the same releases.

    Each key has a line of its own, so that it can be copied to --set; below it is the value in each profile.
    """
    cells = {one.name: {key: _cell(value) for key, value, _ in one.keys} for one in found if one.possible}
    keys = dict.fromkeys(key for row in cells.values() for key in row)
    differing = [key for key in keys if len({row.get(key) for row in cells.values()}) > 1]
    every = "All" if len(cells) == len(found) else "All possible"
    shown = [cells.get(one.name, {}) for one in found]
    lines = [f"on {' and '.join(found[0].releases)}:", "", *_row(one.name for one in found), *_purpose(found)]
    for key in differing:
        lines += [key, *_row(row.get(key, _NOT_SET) for row in shown)]
    alike = len(keys) - len(differing)
    return "\n".join([*lines, "", f"{every} profiles set {alike} more keys alike; --explain lists them."])


def _purpose(found: Sequence[Explanation]) -> Iterator[str]:
    """Yield the rows above the keys: what each profile is for, and which ones the release does not have."""
    for label in found[0].brief:
        yield label
        yield from _row(one.brief[label] for one in found)
    if not all(one.possible for one in found):
        yield found[0].releases[0]
        yield from _row("" if one.possible else "not possible" for one in found)


def _cell(value: Any) -> str:
    return '""' if value == "" else flag(value)


def _row(texts: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a row of cells."""
    for parts in zip_longest(*map(_wrapped, texts), fillvalue=""):
        yield (_GAP + _GAP.join(part.ljust(_WIDTH) for part in parts)).rstrip()


def _wrapped(text: str) -> list[str]:
    """Break a cell into lines of at most _WIDTH characters, if its words are not longer."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and len((lines[-1] + piece).rstrip()) > _WIDTH:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() for line in lines]
