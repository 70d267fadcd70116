"""One entry of the catalogue: what a code means, and the sentences that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

Severity = Literal["error", "warning", "note"]
# A template; several, of which the first whose fields are all given is used; or one per variant.
Text = str | tuple[str, ...] | Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True)
class Entry:
    """A code with its severity, meaning, cause, fix and releases.

    `what` and `fix` are the sentences of a message: `{name}` stands for a field, `{key:K}` for the name of
    the key K where the message is printed. `means` is one line for lists; `why` is the cause and what
    follows from it, for the page of the code. `releases` are those that it concerns, "" for all.
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
    """Map codes to entries; a code given twice is a mistake of ours."""
    found = {entry.code: entry for entry in entries}
    if len(found) != len(entries):
        raise ValueError("a code is in the catalogue twice")
    return found
