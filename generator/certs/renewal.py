"""Finds the certificates that are due for renewal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from generator.catalogue.message import Message, say
from generator.certs import pem
from generator.certs.inspect import sources
from generator.errors import InvalidInput, Problem

_PERCENT = re.compile(r"(\d{1,2}(?:\.\d+)?|100)%")
_BEFORE = re.compile(r"(\d{1,5})(d|h)")


@dataclass(frozen=True)
class Age:
    """How much of the lifetime of a certificate has passed, and whether it is due for renewal."""

    source: str
    percent: int
    days_left: int
    due: bool

    @property
    def message(self) -> Message:
        """Return the finding."""
        code = "renewal-due" if self.due else "renewal-not-due"
        return say(code, percent=self.percent, days=self.days_left)

    def as_dict(self) -> dict[str, object]:
        """Return the age as plain data."""
        return {**asdict(self), "ruleId": self.message.code}


def ages(targets: Iterable[str], at: str, now: datetime) -> list[Age]:
    """Return the age of every certificate of files, folders, Secrets and servers; raise InvalidInput.

    `at` is a share of the lifetime (66%), or a time before the end (30d, 720h).
    """
    share, before = _threshold(at)
    found = []
    for target in targets:
        for source, data in sources(target):
            if not any(block.label == "CERTIFICATE" for block in pem.blocks(data)) and pem.blocks(data):
                continue
            for one in pem.certificates(data, source):
                start, end = one.not_valid_before_utc, one.not_valid_after_utc
                spent = (now - start) / max(end - start, timedelta(seconds=1))
                due = spent >= share if share is not None else now >= end - before
                percent = int(min(max(spent, 0.0), 1.0) * 100)
                found.append(Age(source, percent, (end - now).days, due or now >= end))
    if not found:
        raise InvalidInput([Problem(" ".join(targets), "", say("no-certificate"))])
    return found


def _threshold(at: str) -> tuple[float | None, timedelta]:
    percent, before = _PERCENT.fullmatch(at), _BEFORE.fullmatch(at)
    if percent:
        return float(percent[1]) / 100, timedelta()
    if before:
        hours = int(before[1]) * (24 if before[2] == "d" else 1)
        return None, timedelta(hours=hours)
    raise InvalidInput([Problem("--at", at, say("renewal-threshold"))])
