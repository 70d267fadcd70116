"""Switching a running node between profiles, as docs/install.md says, with clients that ask all the time."""

from __future__ import annotations

import pytest

from tests.edge.joined import Joined
from tests.edge.outcomes import CLOUD, Outcomes, now
from tests.edge.pods import READS, Application
from tests.edge.procedures import switch
from tests.edge.waiting import until
from tests.edge.world import World


@pytest.mark.proves("a running node is switched: {profiles}")
@pytest.mark.parametrize("profiles", ["plain, one-way-verified, mtls, plain"])
def test_switch(world: World, profiles: str) -> None:
    first, *others = profiles.split(", ")
    # The certificates that the last profile needs exist before, as for a planned switch.
    world.issue("mtls")
    joined = Joined(world, first, issue=False)
    with Outcomes() as outcomes:
        until(lambda: outcomes.last() == CLOUD, "the agent is served")
        begin = now()
        for number, profile in enumerate(others):
            switched = switch(joined, profile)
            until(lambda: outcomes.last() == CLOUD, "the agent is served")
            # Until the nodes change, everybody is served; if they need not change, all the time.
            assert outcomes.refused(begin, switched.cloud if switched.stopped else None) == []
            begin = now()
            fresh = Application(world.api, f"fresh-{number}", READS).wait()
            joined.wait_until_served(fresh)
            if switched.stopped and profile != "plain":
                # The pod ran while edgecore restarted, and has a token from before.
                assert joined.ask().status == 401
                assert "[step-restart-edge-pods]" in switched.said
                joined.app.restart()
            joined.wait_until_served(joined.app)
            world.wait_for_no_findings()
        assert outcomes.refused(begin) == []
