"""Recovers releases that an earlier run left unfinished: Helm rejects every change of them.

- pending-upgrade, pending-rollback: roll back to the last complete revision.
- pending-install: roll back to this revision itself. That creates missing objects and deletes nothing; an
  uninstall would also delete objects that existed before and were adopted.
- uninstalling, or uninstalled with its history kept: finish the uninstall.
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
    """Bring an unfinished release into a state that Helm can upgrade; raise HelmError.

    Another helm may still work on a pending release, unless the release is `ours`: wait until it is older
    than `seconds`.
    """
    found = releases.find(name)
    if found is not None and found.pending and not ours:
        found = _waited(releases, found, seconds, say)
    if found is None:
        return
    if found.leaving:
        say(f"{name}: an earlier uninstall was interrupted; finishing it")
        releases.uninstall(name, seconds)
    elif found.pending:
        whole = releases.whole(name)
        target = whole or found.revision
        what = f"rolling back to revision {whole}" if whole else "completing it"
        say(f"{name}: revision {found.revision} is {found.status}, from an interrupted run; {what}")
        releases.roll_back(name, target)


def _waited(releases: HelmReleases, found: LiveRelease, seconds: int, say: Say) -> LiveRelease | None:
    """Wait until a release is no longer pending, or is older than any helm that could still work on it."""
    name, printed = found.name, False
    here: LiveRelease | None = found
    while here is not None and here.pending and (left := seconds - age(here)) > 0:
        if not printed:
            say(f"{name}: {here.status}: another helm may still be running; waiting up to {left:.0f} s")
            printed = True
        time.sleep(min(_POLL_SECONDS, max(left, 0.1)))
        here = releases.find(name)
    return here


def age(found: LiveRelease) -> float:
    """Return how many seconds ago the last revision of a release was started, infinity if unknown."""
    # Helm writes nanoseconds, and the time zone of the machine where it ran.
    match = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)", found.updated)
    if match is None:
        return float("inf")
    zone = match[3].replace("Z", "+00:00")
    began = datetime.fromisoformat(
        f"{match[1]}T{match[2]}{zone if ':' in zone else f'{zone[:3]}:{zone[3:]}'}"
    )
    return (datetime.now(timezone.utc) - began).total_seconds()
