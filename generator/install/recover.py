"""Releases that an earlier run left half made: Helm refuses to touch them until somebody decides.

- pending-upgrade, pending-rollback: rolled back to the revision that is installed as a whole.
- pending-install: Helm's record of it is finished by a rollback to itself, which makes what is missing and
  deletes nothing; a removal would take objects along that were there before and were adopted.
- uninstalling, or uninstalled with its history kept: the removal is finished.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timezone

from generator.helm.releases import HelmReleases, LiveRelease

Say = Callable[[str], None]

_POLL_SECONDS = 2.0


def recover(releases: HelmReleases, name: str, seconds: int, say: Say, *, ours: bool) -> None:
    """Bring a half-made release into a state that Helm goes on from; raise HelmError.

    A pending release may be another helm's that is at work, unless it is `ours`: it is waited for until
    the release is older than `seconds`.
    """
    found = releases.find(name)
    if found is not None and found.pending and not ours:
        found = _waited(releases, found, seconds, say)
    if found is None:
        return
    if found.leaving:
        say(f"{name}: an earlier removal was cut off; finishing it")
        releases.uninstall(name, seconds)
    elif found.pending:
        whole = releases.whole(name)
        target = whole or found.revision
        what = f"rolling back to revision {whole}" if whole else "finishing its record"
        say(f"{name}: revision {found.revision} is {found.status}, cut off; {what}")
        releases.roll_back(name, target)


def _waited(releases: HelmReleases, found: LiveRelease, seconds: int, say: Say) -> LiveRelease | None:
    """Wait until a release is no longer pending, or too old for a helm that is still at work."""
    name, told = found.name, False
    here: LiveRelease | None = found
    while here is not None and here.pending and (left := seconds - age(here)) > 0:
        if not told:
            say(f"{name}: {here.status}: another helm may be at work; waiting up to {left:.0f} s for it")
            told = True
        time.sleep(min(_POLL_SECONDS, max(left, 0.1)))
        here = releases.find(name)
    return here


def age(found: LiveRelease) -> float:
    """Return how many seconds ago the last revision of a release was begun."""
    # Helm writes nanoseconds and the zone of where it ran.
    match = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)", found.updated)
    if match is None:
        return float("inf")
    zone = match[3].replace("Z", "+00:00")
    began = datetime.fromisoformat(
        f"{match[1]}T{match[2]}{zone if ':' in zone else f'{zone[:3]}:{zone[3:]}'}"
    )
    return (datetime.now(timezone.utc) - began).total_seconds()
