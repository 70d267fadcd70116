"""What a message may show: no password of a URL, no token, no private key, no key written as a name."""

from __future__ import annotations

from collections.abc import Iterable

from generator.secrets.names import is_secret
from generator.secrets.texts import hide_all

MASK = "<hidden>"
# Fields that a map with the name of a secret may have; any other name below it may be the secret itself.
_FIELDS = {"enable", "path"}


def safe(text: str) -> str:
    """Return a sentence with every secret in it hidden."""
    # Every secret that a sentence can hold has one of these beside it.
    return hide_all(text, lambda _: MASK, prose=True) if any(mark in text for mark in "@ .-") else text


def safe_path(path: Iterable[str | int]) -> tuple[str | int, ...]:
    """Return a path with the names below that of a secret hidden: `agent.psk.<hidden>`."""
    below, parts = False, []
    for part in path:
        hidden = below and isinstance(part, str) and part not in _FIELDS
        parts.append(MASK if hidden else part)
        below = below or (isinstance(part, str) and is_secret(part))
    return tuple(parts)
