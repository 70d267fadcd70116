"""An upgrade of KubeEdge from the oldest release to this one with TLS on; clients ask all the time."""

from __future__ import annotations

import pytest

from tests.edge.edge_node import EdgeNode
from tests.edge.joined import Joined
from tests.edge.outcomes import CLOUD, Outcomes, now
from tests.edge.pods import READS, Application
from tests.edge.procedures import upgrade
from tests.edge.releases import releases
from tests.edge.waiting import until
from tests.edge.world import world_of


@pytest.mark.proves("KubeEdge 1.20 is upgraded with TLS on")
# The tutorial upgrades under one-way-verified.
@pytest.mark.parametrize("profile", ["mtls"])
def test_upgrade(profile: str, release: str, edge: EdgeNode) -> None:
    older = releases()[0]
    assert older != release
    with world_of(f"upgrade-{profile}", older, edge) as world:
        joined = Joined(world, profile)
        with Outcomes() as outcomes:
            until(lambda: outcomes.last() == CLOUD, "the agent is served")
            begin = now()
            upgraded = upgrade(joined, release)
            until(lambda: outcomes.last() == CLOUD, "the agent is served")
            # cloudcore is first, and an older node is served as before. While cloudcore restarts, edgecore
            # 1.20 can wait for its answer longer than the client does.
            refused = [one for one in outcomes.refused(begin, upgraded.cloud) if not one.timed_out]
            assert refused == []
        assert "[step-restart-edge-pods]" in upgraded.said
        fresh = Application(world.api, "fresh", READS).wait()
        joined.app.restart()
        for app in (joined.app, fresh):
            joined.wait_until_served(app)
        world.wait_for_no_findings()
