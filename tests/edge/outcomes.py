"""What the agents on the edge node saw, from their logs: the outcome of ten requests a second."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from typing_extensions import Self

LOGS = Path("/var/log/pods")
CLOUD, LOCAL = "200 cloud", "200 local"


@dataclass(frozen=True)
class Change:
    """From this time on, the requests of a pod had this outcome."""

    at: datetime
    pod: str
    outcome: str

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S.%f} {self.pod[-5:]} {self.outcome}"

    @property
    def served(self) -> bool:
        """Return whether the endpoint answered with a list."""
        return self.outcome in (CLOUD, LOCAL)


class Outcomes:
    """Reads the logs of all agents in a thread; a kubelet removes the logs of a deleted pod."""

    def __init__(self) -> None:
        self._texts: dict[Path, str] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)

    def changes(self) -> list[Change]:
        """Return all changes of all agents until now, in the order of time."""
        found = []
        for path, text in list(self._texts.items()):
            pod = path.parts[4].split("_")[1]
            for line in text.splitlines():
                # The container runtime writes: time, stream, F, text.
                _, _, content = line.partition(" stdout F ")
                if content.startswith("{"):
                    one = json.loads(content)
                    at = datetime.fromisoformat(one["at"][:26].rstrip("Z") + "+00:00")
                    found.append(Change(at, pod, one["outcome"]))
        return sorted(found, key=lambda one: one.at)

    def refused(self, begin: datetime, end: datetime | None = None) -> list[Change]:
        """Return what was not served between two times, by any agent."""
        found = self.changes()
        inside = []
        for pod in {one.pod for one in found}:
            own = [one for one in found if one.pod == pod]
            for this, following in zip(own, [*own[1:], None], strict=True):
                ends_before = following is not None and following.at <= begin
                if not this.served and not ends_before and (end is None or this.at < end):
                    inside.append(this)
        return sorted(inside, key=lambda one: one.at)

    def last(self) -> str:
        """Return the present outcome of the newest agent."""
        found = self.changes()
        return found[-1].outcome if found else ""

    def _read(self) -> None:
        while True:
            for path in LOGS.glob("kubeedge_edgemesh-agent-*/*/*.log"):
                try:
                    self._texts[path] = path.read_text("utf-8")
                except OSError:
                    continue
            if self._over.wait(0.2):
                return


def now() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(timezone.utc)
