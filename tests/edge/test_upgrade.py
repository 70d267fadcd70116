"""An upgrade of KubeEdge from the oldest release to this one, with TLS on and clients that ask all the time."""

from __future__ import annotations

import pytest

from tests.cluster.api import until
from tests.edge.ask import ask
from tests.edge.edge_node import EdgeNode
from tests.edge.outcomes import CLOUD, Outcomes
from tests.edge.pods import READS, Application
from tests.edge.releases import releases
from tests.edge.world import Joined, world_of


@pytest.mark.parametrize("profile", ["one-way-verified", "mtls"])
def test_upgrade(profile: str, release: str, edge: EdgeNode) -> None:
    older = releases()[0]
    assert older != release
    with world_of(f"upgrade-{profile}", older, edge) as world:
        joined = Joined(world, profile)
        with Outcomes() as outcomes:
            until(lambda: outcomes.last() == CLOUD, "the agent is served", 60)
            upgraded = joined.upgrade(release)
            print(upgraded)
            until(lambda: outcomes.last() == CLOUD, "the agent is served", 60)
            print(*outcomes.changes(), sep="\n")
        fresh = Application(world.api, "fresh", READS).wait()
        for app in (joined.app, fresh):
            assert ask(joined.way_of(app)).from_cloud
        assert "no findings" in world.status()
