"""An entry of the catalogue: the meaning of a code, and the templates of its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

Severity = Literal["error", "warning", "note"]
# A template, several templates (the first one with all its fields is used), or one for each variant.
Text = str | tuple[str, ...] | Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Entry:
    """A code with its severity, meaning, cause, fix and releases.

    `what` and `fix` are the sentences of a message: `{name}` is replaced by a field, `{key:K}` by the name
    that the key K has in the checked file. `means` is one line for lists. `why` is the cause and the effect,
    for the page of the code. `releases` are the affected releases, "" for all.
    """

    code: str
    severity: Severity
    means: str
    what: Text
    fix: Text = ""
    why: str = ""
    releases: str = ""


error = partial(Entry, severity="error")
warning = partial(Entry, severity="warning")
note = partial(Entry, severity="note")


def table(*entries: Entry) -> dict[str, Entry]:
    """Map codes to entries; a duplicate code is a bug."""
    found = {entry.code: entry for entry in entries}
    if len(found) != len(entries):
        raise ValueError("a code is in the catalogue twice")
    return found
