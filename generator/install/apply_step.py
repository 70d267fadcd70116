"""One step of the list that `generator render` ends with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator.catalogue.message import Message
from generator.errors import Coded

# The parts of the list, in order.
BEFORE, APPLY, NODES = "before", "apply", "nodes"


@dataclass(frozen=True)
class ApplyStep(Coded):
    """What to do, and the commands; `object` is the kind, namespace, name and keys of what they create."""

    part: str
    message: Message
    commands: tuple[str, ...] = ()
    object: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the step as plain data."""
        fix = {"fix": self.fix} if self.fix else {}
        found = {"part": self.part, "ruleId": self.code, "what": self.what, **fix}
        made = {"object": self.object} if self.object else {}
        return {**found, "commands": list(self.commands), **made}
