"""Which pods count: as controllers count them, without ended pods."""

from __future__ import annotations

from typing import Any

import pytest

from generator.install.waiting import RolloutVerdict, unready, verdicts
from generator.install.workloads import shortage
from generator.kube.objects import Object


def workload(kind: str, spec: dict[str, Any], **status: Any) -> Object:
    """Return a live workload that its controller has seen."""
    meta = {"name": "web", "namespace": "kubeedge", "generation": 2}
    status = {"observedGeneration": 2, **status}
    return Object({"apiVersion": "apps/v1", "kind": kind, "metadata": meta, "spec": spec, "status": status})


def deployment(**status: Any) -> Object:
    """Return a Deployment of two pods."""
    return workload("Deployment", {"replicas": 2}, **status)


QUOTA = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (deployment(updatedReplicas=2, availableReplicas=2), ""),
        (deployment(), "0 of 2 pods up to date, 0 available"),
        (deployment(conditions=[QUOTA]), "0 of 2 pods up to date, 0 available: exceeded quota"),
        (deployment(updatedReplicas=1, availableReplicas=2), "1 of 2 pods up to date, 2 available"),
        (workload("Deployment", {"replicas": 0}), ""),
        (workload("DaemonSet", {}, desiredNumberScheduled=0), ""),
        (workload("DaemonSet", {}, desiredNumberScheduled=3), "0 of 3 pods up to date, 0 available"),
        (
            workload("DaemonSet", {}, desiredNumberScheduled=3, updatedNumberScheduled=3, numberAvailable=2),
            "3 of 3 pods up to date, 2 available",
        ),
        (workload("DaemonSet", {}, observedGeneration=1), "its controller has not seen the last change"),
        (workload("ConfigMap", {}, observedGeneration=0), ""),
    ],
    ids=[
        "complete",
        "no pods at all",
        "quota",
        "old pods still run",
        "none wanted",
        "no matching node",
        "no pods of a DaemonSet",
        "one not available",
        "no controller-manager",
        "other kinds",
    ],
)
def test_counts_of_the_controller_decide(found: Object, expected: str) -> None:
    lacks = shortage(found)
    assert (lacks.what if lacks else "") == expected


def pod(phase: str, *, test: bool = False, **status: Any) -> dict[str, Any]:
    """Return a pod that is not ready."""
    annotations = {"helm.sh/hook": "test"} if test else {}
    return {"metadata": {"name": "pod", "annotations": annotations}, "status": {"phase": phase, **status}}


@pytest.mark.parametrize(
    ("found", "counts"),
    [
        (pod("Pending"), True),
        (pod("Running"), True),
        (pod("Succeeded"), False),
        (pod("Failed"), False),
        (pod("Succeeded", test=True), False),
        (pod("Failed", test=True), False),
        (pod("Pending", test=True), False),
    ],
)
def test_ended_pods_and_pods_of_helm_test_do_not_count(found: dict[str, Any], counts: bool) -> None:
    assert bool(list(unready([found]))) is counts


def test_result_of_helm_test_is_read_from_its_pod() -> None:
    def ended(code: int, message: str) -> dict[str, Any]:
        end = {"exitCode": code, "finishedAt": "2026-11-28T10:00:00Z", "message": message}
        return pod("Failed", test=True, containerStatuses=[{"state": {"terminated": end}}])

    found = list(
        verdicts([ended(1, "not healthy: HTTP status 401\nwhy\n"), ended(0, ""), pod("Pending", test=True)])
    )
    assert found == [
        RolloutVerdict("pod", False, "2026-11-28T10:00:00Z", "not healthy: HTTP status 401\nwhy"),
        RolloutVerdict("pod", True, "2026-11-28T10:00:00Z", "no message, exit code 0"),
    ]
