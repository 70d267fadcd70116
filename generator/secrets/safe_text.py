"""Hides secrets in messages: passwords in URLs, tokens, private keys, and secrets used as a key name."""

from __future__ import annotations

from collections.abc import Iterable

from generator.secrets.names import is_secret
from generator.secrets.texts import hide_all

MASK = "<hidden>"
# Known fields below the name of a secret. Any other name there may be the secret itself.
_FIELDS = {"enable", "path"}


def safe(text: str) -> str:
    """Return a sentence with every secret in it hidden."""
    # A quick test: a secret in a sentence always has one of these characters in it or beside it.
    return hide_all(text, lambda _: MASK, prose=True) if any(mark in text for mark in "@ .-") else text


def safe_path(path: Iterable[str | int]) -> tuple[str | int, ...]:
    """Return a path in which the names below the name of a secret are hidden: `agent.psk.<hidden>`."""
    below, parts = False, []
    for part in path:
        hidden = below and isinstance(part, str) and part not in _FIELDS
        parts.append(MASK if hidden else part)
        below = below or (isinstance(part, str) and is_secret(part))
    return tuple(parts)
