"""Faults after everything worked: doctor and other commands name the cause; then the repair."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import yaml

from tests.cluster.api import Object
from tests.edge import causes
from tests.edge.causes import CAUSES, PERMISSIONS, Cause
from tests.edge.faults import FAULTS, Fault
from tests.edge.joined import Joined
from tests.edge.waiting import until, until_nothing


@pytest.mark.proves("generator doctor finds nothing where everything works")
def test_doctor_finds_nothing(joined: Joined) -> None:
    def findings() -> list[Object]:
        _, report = joined.doctor()
        return [one for check in report["checks"] for one in check["findings"]]

    # The controllers may count the node as lost for a moment, up to 50 s after a restart of cloudcore.
    until_nothing(findings, "generator doctor finds nothing, not even a warning")
    said = joined.doctor_script()
    assert "[" not in said, said


@pytest.mark.proves("doctor, the script of helm test, status and check name the fault: {fault.name}")
@pytest.mark.parametrize("fault", FAULTS, ids=[one.name for one in FAULTS])
def test_fault_is_named(joined: Joined, fault: Fault) -> None:
    assert joined.run_script() == ""
    with contextmanager(fault.make)(joined):
        said = joined.run_script()
        assert f"[{fault.script}]" in said
        codes, report = joined.doctor(probe=not fault.away)
        assert set(codes[:1]) & set(fault.doctor), report
        if fault.status:
            assert fault.status in joined.world.status(code=1)
        else:
            joined.world.wait_for_no_findings()
        checked = joined.check(code=1 if fault.check else 0)
        assert fault.check in checked
    until(lambda: joined.ask().from_cloud, "the endpoint answers again")
    assert joined.run_script() == ""
    joined.world.wait_for_no_findings()


@pytest.mark.newest
@pytest.mark.proves("generator doctor names first: {fault.code}")
@pytest.mark.parametrize("fault", CAUSES, ids=[one.code for one in CAUSES])
def test_cause_is_named_first(joined: Joined, fault: Cause) -> None:
    with contextmanager(fault.make)(joined):
        until(lambda: joined.doctor(probe=fault.probe)[0][:1] == [fault.code], f"doctor names {fault.code}")
        if fault.code in ("access-not-acknowledged", "certificate-request-blocks-node"):
            _, report = joined.doctor(probe=fault.probe)
            causes.run_fix(joined, report, fault.code)
    until(lambda: joined.ask().from_cloud, "the endpoint answers again")
    joined.wait_until_healthy()


@pytest.mark.newest
@pytest.mark.under("one-way")
@pytest.mark.proves("doctor names each missing permission of cloudcore; the role that it prints is the cure")
@pytest.mark.parametrize("permission", PERMISSIONS, ids="-".join)
def test_missing_permission_is_named(joined: Joined, permission: tuple[str, str, str]) -> None:
    group, resource, verb = permission
    kept = causes.without(joined, *permission)
    assert kept
    try:
        _, report = joined.doctor(probe=False)
        code = causes.OTHER_CODES.get(resource, "cloudcore-permission-missing")
        assert report["cause"]["ruleId"] == code
        assert f"{group}/{resource}".lstrip("/") in causes.finding(report, code)["message"]
        (manifest,) = {one["manifest"] for one in report["checks"] if one["manifest"]}
        file = joined.world.folder / "role.yaml"
        file.write_text(manifest, "utf-8")
        (role,) = yaml.safe_load_all(manifest)
        assert role["rules"] == [{"apiGroups": [group], "resources": [resource], "verbs": [verb]}]
        joined.world.kubectl("apply", "--filename", str(file))
        until(lambda: joined.doctor(probe=False)[1]["cause"] is None, "doctor finds nothing")
        joined.world.kubectl("delete", "--filename", str(file))
    finally:
        for path, role in kept.items():
            joined.world.api.do("PATCH", path, {"rules": role["rules"]}, "merge")


@pytest.mark.newest
@pytest.mark.under("one-way-verified")
@pytest.mark.proves("doctor.sh tells the tokens apart that a node does not accept")
def test_foreign_tokens_are_named(joined: Joined) -> None:
    folder = joined.world.folder
    in_cloud = ("--bound-object-kind", "Pod", "--bound-object-name", causes.cloud_pod(joined))
    for name, more in {"unbound": (), "bound": in_cloud}.items():
        file = folder / f"{name}.token"
        file.write_text(causes.token_for(joined, *more), "utf-8")
        said = joined.doctor_script("--token", str(file))
        first = next(line for line in said.splitlines() if line.startswith("×"))
        assert "[token-of-another-node]" in first, said
        assert file.read_text("utf-8") not in said
