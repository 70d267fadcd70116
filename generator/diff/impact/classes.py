"""An impact: what some changes of one object do to a running system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.catalogue import area
from generator.catalogue.entries import Entry, Severity
from generator.catalogue.message import Message
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.secrets.safe_text import safe

# Every code of an impact, most serious first; --fail-on takes them.
CLASSES: Mapping[str, Entry] = area("impacts")


@dataclass(frozen=True)
class Impact:
    """What some changes of one object mean.

    `places` are these changes, `causes` the values that caused them, `where` the file and line of the first.
    `reader` is the name of the workload that reads the subject, where the impact is about its pods.
    """

    message: Message
    subject: Object
    places: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    where: str = ""
    reader: str = ""

    @property
    def code(self) -> str:
        """Return the stable code, which `generator explain` describes."""
        return self.message.code

    @property
    def level(self) -> Severity:
        """Return error, warning or note, as CI systems have them."""
        return self.message.severity

    @property
    def what(self) -> str:
        """Say what happens."""
        return safe(self.message.what)

    @property
    def fix(self) -> str:
        """Say what to do, "" where nothing is to be done."""
        return safe(self.message.fix)


def impact(message: Message, subject: Object, changes: Iterable[Change] = ()) -> Impact:
    """Make an impact of some changes."""
    return Impact(message, subject, tuple(dict.fromkeys(change.place for change in changes)))
