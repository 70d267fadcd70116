"""What a verification of certificates found."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Refusal:
    """What one program makes of one file: its message, what that means, and the way out."""

    source: str
    program: str
    message: str
    why: str
    fix: str

    def __str__(self) -> str:
        return f"{self.source}: {self.program}: {self.message}: {self.why} ({self.fix})"


@dataclass(frozen=True)
class CertVerdict:
    """All refusals, what could not be verified, and remarks that refuse nothing."""

    refusals: tuple[Refusal, ...]
    unverified: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Say whether all that the site needs was verified, and nothing refused."""
        return not self.refusals and not self.unverified

    def as_dict(self) -> dict[str, object]:
        """Return the verdict as plain data."""
        return {"accepted": self.accepted, **asdict(self)}
