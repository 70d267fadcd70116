"""What may not be shown: values of keys that hold secrets, in findings and in diffs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from generator.secrets.names import is_secret

_LINE = re.compile(
    r"""^([-+ ][ ]*(?:-[ ]+)?)(["']?)([\w.-]+)\2([ ]*:[ ]+)(?![|>{[&!])(\S.*)$""", re.MULTILINE
)
_FLOW = re.compile(r"""(?<=[{,])([ ]*)(["']?)([\w.-]+)\2(:[ ]+)("[^"\n]*"|'[^'\n]*'|[^\s,}{\[][^,}\n]*)""")
_HIDDEN = "***"
# A shorter text is masked beside its key only: anywhere else it may be anything.
_LONG = 8


def secrets_in(value: Any, below: bool = False) -> Iterator[str]:
    """Yield the texts of a document that are secrets: by their key, or as data of a Secret."""
    if isinstance(value, dict):
        secret = value.get("kind") == "Secret"
        for name, child in value.items():
            hidden = below or is_secret(str(name)) or (secret and name in ("data", "stringData"))
            yield from secrets_in(child, hidden)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_in(item, below)
    elif below and isinstance(value, str):
        yield from (line.strip() for line in value.splitlines())
    elif below and type(value) is int:
        yield str(value)


def masked(diff: str, secrets: Iterable[str]) -> str:
    """Return a diff without the secrets."""

    def hide(line: re.Match[str]) -> str:
        shown = _HIDDEN if is_secret(line[3]) and not _is_path(line[5]) else line[5]
        return f"{line[1]}{line[2]}{line[3]}{line[2]}{line[4]}{shown}"

    diff = _FLOW.sub(hide, _LINE.sub(hide, diff))
    for secret in sorted({s for s in secrets if len(s) >= _LONG and not _is_path(s)}, key=len, reverse=True):
        diff = diff.replace(secret, _HIDDEN)
    return diff


def _is_path(text: str) -> bool:
    return text.strip("\"' ").startswith("/")
