"""Whether an API server is away, by what helm and kubectl print: neither has an exit code for it."""

from __future__ import annotations

import re

_AWAY = re.compile(
    r"connection refused|connection reset|connection lost|unreachable|i/o timeout|TLS handshake timeout"
    r"|\bEOF\b|no route to host|etcdserver|is currently unable to handle|apiserver not ready"
    r"|Service Unavailable",
    re.IGNORECASE,
)


def is_away(stderr: str) -> bool:
    """Say whether a command failed because the API server was away or went away."""
    return _AWAY.search(stderr) is not None
