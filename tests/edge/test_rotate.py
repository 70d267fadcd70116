"""The cluster's CA is replaced under mtls with `generator certs rotate`; clients ask all the time."""

from __future__ import annotations

import pytest

from tests.edge.joined import Joined
from tests.edge.outcomes import CLOUD, Outcomes, now
from tests.edge.procedures import rotate
from tests.edge.waiting import until
from tests.edge.world import World


@pytest.mark.proves("the cluster's CA is replaced under mtls by generator certs rotate")
def test_rotate(world: World) -> None:
    joined = Joined(world, "mtls")
    with Outcomes() as outcomes:
        until(lambda: outcomes.last() == CLOUD, "the agent is served")
        begin = now()
        for stage, code in (
            ("trust", "nodes-unchanged"),
            ("leaves", "nodes-renew-endpoint"),
            ("drop", "restart-programs"),
        ):
            said, nodes = rotate(joined, stage)
            assert f"[{code}]" in said
            until(lambda: outcomes.last() == CLOUD, "the agent is served")
            # Every request is served, but from the restart of edgecore to that of the agents.
            assert outcomes.refused(begin, nodes) == []
            begin = now()
        assert outcomes.refused(begin) == []
