"""A case of a table: what is broken, and what `generator doctor` then finds."""

from __future__ import annotations

from dataclasses import dataclass

from tests.doctor.changes import Change
from tests.doctor.clusters import GROUPS, RELAY, STREAMS, install
from tests.doctor.fake_kubectl import FakeKubectl

LINES = {"edge-1": {"line": "a"}, "edge-2": {"line": "b"}}
ALL = (*STREAMS, *GROUPS, *RELAY)


@dataclass(frozen=True)
class Site:
    """Arguments of `install`."""

    kubeedge: str = "v1.23.1"
    profile: str | None = "one-way-verified"
    flags: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ("edge-1", "edge-2")

    def install(self) -> FakeKubectl:
        """Return the healthy cluster."""
        return install(self.kubeedge, self.profile, *self.flags, nodes=self.nodes, labels=LINES)


EVERYTHING = Site(flags=ALL)


@dataclass(frozen=True)
class Case:
    """`text` is the most likely cause: a line with the message, and a line with the fix.

    `also` are the codes of all other findings.
    """

    id: str
    change: Change
    text: str
    also: tuple[str, ...] = ()
    site: Site = EVERYTHING
