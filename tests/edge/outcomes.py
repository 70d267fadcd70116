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

    @property
    def timed_out(self) -> bool:
        """Return whether the client got no answer in the time that it waits."""
        return "deadline exceeded" in self.outcome or "Client.Timeout exceeded" in self.outcome


class Outcomes:
    """Reads the logs of all agents in a thread; a kubelet removes the logs of a deleted pod."""

    def __init__(self) -> None:
        self._texts: dict[Path, str] = {}
        self._seen: dict[Path, datetime] = {}
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
            for line in text.splitlines():
                # The container runtime writes: time, stream, F, text.
                _, _, content = line.partition(" stdout F ")
                if content.startswith("{"):
                    one = json.loads(content)
                    at = datetime.fromisoformat(one["at"][:26].rstrip("Z") + "+00:00")
                    found.append(Change(at, _pod(path), one["outcome"]))
        return sorted(found, key=lambda one: one.at)

    def refused(self, begin: datetime, end: datetime | None = None) -> list[Change]:
        """Return what was not served between two times; an agent that is gone ended when it was last seen."""
        found, everything = [], self.changes()
        for path in list(self._texts):
            own = [one for one in everything if one.pod == _pod(path)]
            ends = [*(one.at for one in own[1:]), self._seen[path]]
            for one, over in zip(own, ends, strict=False):
                if not one.served and over > begin and (end is None or one.at < end):
                    found.append(one)
        return found

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
                self._seen[path] = now()
            if self._over.wait(0.2):
                return


def _pod(path: Path) -> str:
    """Return the name of the pod that a log belongs to."""
    return path.parts[4].split("_")[1]


def now() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(timezone.utc)
