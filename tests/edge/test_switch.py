"""Switching a running node between profiles, as docs/install.md says, with clients that ask all the time."""

from __future__ import annotations

import pytest

from tests.cluster.api import until
from tests.edge.ask import ask
from tests.edge.outcomes import CLOUD, Outcomes, now
from tests.edge.pods import READS, Application
from tests.edge.world import Joined, World


@pytest.mark.parametrize(
    "profiles", [("plain", "one-way-verified", "mtls", "plain"), ("plain", "mtls")], ids="-".join
)
def test_switch(world: World, profiles: tuple[str, ...]) -> None:
    first, *others = profiles
    # The certificates that the last profile needs exist before, as for a planned switch.
    world.issue("mtls")
    joined = Joined(world, first, issue=False)
    with Outcomes() as outcomes:
        until(lambda: outcomes.last() == CLOUD, "the agent is served", 60)
        for number, profile in enumerate(others):
            begin = now()
            switch = joined.switch(profile)
            print(profile, begin, switch)
            until(lambda: outcomes.last() == CLOUD, "the agent is served", 60)
            print(*outcomes.changes(), sep="\n")
            fresh = Application(world.api, f"fresh-{number}", READS).wait()
            assert ask(joined.way).from_cloud
            assert ask(joined.way_of(fresh)).from_cloud
            assert "no findings" in world.status()
