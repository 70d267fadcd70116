"""What a diff of a fix may not show: the values of keys that hold secrets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from generator.secrets import trees
from generator.secrets.safe_text import MASK
from generator.secrets.texts import hide_all

# A shorter text is masked beside its key only: anywhere else it may be anything.
_LONG = 8


def secrets_in(value: Any) -> Iterator[str]:
    """Yield the texts of a document that are secrets, line by line."""
    for secret in trees.secrets_in(value):
        yield from (line.strip() for line in secret.splitlines())


def masked(diff: str, secrets: Iterable[str]) -> str:
    """Return a diff without the secrets."""
    lines = (line[:1] + hide_all(line[1:], lambda _: MASK) for line in diff.splitlines(keepends=True))
    diff = "".join(lines)
    for secret in sorted({s for s in secrets if len(s) >= _LONG}, key=len, reverse=True):
        diff = diff.replace(secret, MASK)
    return diff
