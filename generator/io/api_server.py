"""Detects in the output of helm and kubectl that the API server is away: they have no exit code for it."""

from __future__ import annotations

import re

_AWAY = re.compile(
    r"connection refused|connection reset|connection lost|unreachable|i/o timeout|TLS handshake timeout"
    r"|\bEOF\b|no route to host|etcdserver|is currently unable to handle|apiserver not ready"
    r"|Service Unavailable",
    re.IGNORECASE,
)


def is_away(stderr: str) -> bool:
    """Return whether a command failed because the API server did not answer or stopped answering."""
    return _AWAY.search(stderr) is not None
