"""Finds the secrets in a tree of values, and the mode for a file with these values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from generator.secrets.places import NO_SECRET, SECRET, Place, after_flags
from generator.secrets.texts import hide_all
from generator.secrets.values import is_value

PRIVATE, PUBLIC = 0o600, 0o644
_SHORT = 256


def secrets_in(value: Any, place: Place = NO_SECRET) -> Iterator[str]:
    """Yield every secret in a tree, found by the names above it, the flag before it, or its own form."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from secrets_in(child, place.below(str(name), child, value))
    elif isinstance(value, list):
        flags = after_flags(value)
        for at, item in enumerate(value):
            yield from secrets_in(item, SECRET if at in flags else place)
    elif place.hidden:
        yield from [str(value)] if is_value(value) else []
    elif isinstance(value, str):
        yield from _in_text(value)


def secret_lines(value: Any) -> Iterator[str]:
    """Yield each line of the secrets in a tree, as a file would contain it."""
    for secret in secrets_in(value):
        yield from (line.strip() for line in secret.splitlines())


def _in_text(text: str) -> Sequence[str]:
    """Return the secrets in a text; node groups repeat their short texts hundreds of times."""
    return _in_short_text(text) if len(text) <= _SHORT else _search(text)


@lru_cache(maxsize=4096)
def _in_short_text(text: str) -> Sequence[str]:
    return tuple(_search(text))


def _search(text: str) -> list[str]:
    found: list[str] = []

    def keep(secret: str) -> str:
        found.append(secret)
        return secret

    hide_all(text, keep, prose=True)
    return found


def mode_of(*values: Any) -> int:
    """Return the mode for a file with these values: 0600 if one is a secret, else 0644."""
    return PRIVATE if any(True for value in values for _ in secrets_in(value)) else PUBLIC
