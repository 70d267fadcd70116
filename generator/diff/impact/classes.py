"""An impact: what some changes of one object do to a running system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.catalogue import area
from generator.catalogue.entries import Entry, Severity
from generator.catalogue.message import Message
from generator.errors import Coded
from generator.kube.compare import Change
from generator.kube.objects import Object

# Every code of an impact, most serious first; --fail-on takes them.
CLASSES: Mapping[str, Entry] = area("impacts")


@dataclass(frozen=True)
class Impact(Coded):
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
    def level(self) -> Severity:
        """Return error, warning or note, as CI systems have them."""
        return self.message.severity


def impact(message: Message, subject: Object, changes: Iterable[Change] = ()) -> Impact:
    """Make an impact of some changes."""
    return Impact(message, subject, tuple(dict.fromkeys(change.place for change in changes)))
