"""The cluster's CA is replaced with `generator certs rotate` under mtls, with clients that ask all the time."""

from __future__ import annotations

from tests.cluster.api import until
from tests.edge.outcomes import CLOUD, Outcomes
from tests.edge.world import Joined, World


def test_rotate(world: World) -> None:
    joined = Joined(world, "mtls")
    with Outcomes() as outcomes:
        until(lambda: outcomes.last() == CLOUD, "the agent is served", 60)
        for stage in ("trust", "leaves", "drop"):
            print(stage, joined.rotate(stage))
            until(lambda: outcomes.last() == CLOUD, "the agent is served", 60)
            print(*outcomes.changes(), sep="\n")
