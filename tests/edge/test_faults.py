"""Faults after everything worked: the test script, status and check name the cause; then the repair."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from tests.edge.faults import FAULTS, Fault
from tests.edge.joined import Joined
from tests.edge.waiting import until


@pytest.mark.proves("the script of helm test, status and check name the fault: {fault.name}")
@pytest.mark.parametrize("fault", FAULTS, ids=[one.name for one in FAULTS])
def test_fault_is_named(joined: Joined, fault: Fault) -> None:
    assert joined.run_script() == ""
    with contextmanager(fault.make)(joined):
        said = joined.run_script()
        assert fault.script in said
        if fault.status:
            assert fault.status in joined.world.status(code=1)
        else:
            until(joined.world.no_findings, "generator status finds nothing")
        checked = joined.check(code=1 if fault.check else 0)
        assert fault.check in checked
    until(lambda: joined.ask().from_cloud, "the endpoint answers again")
    assert joined.run_script() == ""
    until(joined.world.no_findings, "generator status finds nothing")
