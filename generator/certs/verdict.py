"""What a verification of certificates found."""

from __future__ import annotations

from dataclasses import dataclass

from generator.catalogue.message import Message
from generator.errors import Coded, Problem


@dataclass(frozen=True)
class Rejection(Coded):
    """A file that a program rejects: the line that the program logs, and the finding."""

    source: str
    program: str
    log: str
    message: Message

    def __str__(self) -> str:
        return str(Problem(f"{self.source}: {self.program}", self.log, self.message))

    def as_dict(self) -> dict[str, str]:
        """Return the rejection as plain data."""
        return {
            "ruleId": self.code,
            "source": self.source,
            "program": self.program,
            "message": self.log,
            "why": self.what,
            "fix": self.fix,
        }


@dataclass(frozen=True)
class CertVerdict:
    """All rejections, what could not be verified, and notes that reject nothing."""

    rejections: tuple[Rejection, ...]
    unverified: tuple[Problem, ...]
    notes: tuple[Problem, ...]

    @property
    def accepted(self) -> bool:
        """Return whether all that the site needs was verified and nothing is rejected."""
        return not self.rejections and not self.unverified

    def as_dict(self) -> dict[str, object]:
        """Return the verdict as plain data."""
        return {
            "accepted": self.accepted,
            "rejections": [one.as_dict() for one in self.rejections],
            "unverified": [_as_dict(one) for one in self.unverified],
            "notes": [_as_dict(one) for one in self.notes],
        }


def _as_dict(problem: Problem) -> dict[str, str]:
    found = {"ruleId": problem.code, "source": problem.where, "what": problem.what, "fix": problem.fix}
    return {name: text for name, text in found.items() if text}
