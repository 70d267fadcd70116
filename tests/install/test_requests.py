"""Certificate requests that keep the endpoint of an edge node from listening."""

from __future__ import annotations

import pytest

from generator.install.nodes import read_nodes
from generator.install.requests import BLOCKS, NOT_ISSUED, PENDING, REJECTED, Requests, read_requests
from tests.install.kubernetes import NODES, REQUESTS, Cluster, node, request

LATER = "2026-11-28T11:00:00Z"


def found(cluster: Cluster) -> Requests:
    """Read the requests of a cluster."""
    return read_requests(cluster, read_nodes(cluster))


@pytest.mark.parametrize(
    ("conditions", "issued", "code"),
    [
        ((), False, PENDING),
        (("Approved",), False, NOT_ISSUED),
        (("Approved", "Failed"), False, REJECTED),
        (("Denied",), False, REJECTED),
        (("Approved",), True, ""),
    ],
)
def test_request_without_a_certificate_blocks_a_node(
    conditions: tuple[str, ...], issued: bool, code: str
) -> None:
    cluster = Cluster()
    cluster.lists[NODES] = [node("edge-1")]
    cluster.lists[REQUESTS] = [request("edge-1", *conditions, issued=issued)]
    assert [one.code for one in found(cluster).blocked] == ([code] if code else [])


def test_request_older_than_its_node_is_no_problem_by_itself() -> None:
    # A node may send the request before its Node object exists, and a deleted Node is created again.
    cluster = Cluster()
    cluster.lists[NODES] = [node("edge-1", created=LATER)]
    cluster.lists[REQUESTS] = [request("edge-1", "Approved")]
    assert found(cluster) == Requests()


@pytest.mark.parametrize(
    ("times", "codes"),
    [
        (("10:30:00.123456789Z", "10:30:02Z"), [BLOCKS]),
        (("12:30:00.123456789+02:00", "12:30:02+02:00"), [BLOCKS]),
        (("10:30:00Z",), []),
        (("09:59:00Z", "09:59:30Z", "10:30:00Z"), []),
        (("11:30:00+02:00", "11:30:02+02:00"), []),
    ],
    ids=["rejected", "rejected-by-local-time", "sent-twice", "before-the-request", "before-by-local-time"],
)
def test_log_of_cloudcore_shows_rejected_requests(times: tuple[str, ...], codes: list[str]) -> None:
    cluster = Cluster()
    cluster.lists[NODES] = [node("edge-1"), node("edge-2")]
    cluster.lists[REQUESTS] = [request("edge-1", "Approved"), request("edge-2", "Approved")]
    lines = [
        f"2026-11-28T{time} E1128 10:00:00 upstream.go:1] create CertificateSigningRequests "
        "metaserver-csr-edge-1 failed, error: certificatesigningrequests.certificates.k8s.io "
        '"metaserver-csr-edge-1" already exists\n'
        for time in times
    ]
    cluster.log = "".join(lines) + 2 * "2026-11-28T10:30:02Z approver.go:1] metaserver-csr-edge-2 approved\n"
    assert [(one.node, one.code) for one in found(cluster).blocked] == [("edge-1", code) for code in codes]


def test_unreadable_log_is_reported_as_unchecked() -> None:
    cluster = Cluster()
    cluster.lists[NODES] = [node("edge-1")]
    cluster.lists[REQUESTS] = [request("edge-1", "Approved")]
    cluster.log = None
    done = found(cluster)
    assert done.blocked == ()
    assert done.unchecked.startswith("whether an issued certificate request blocks edge-1: kubectl logs: ")


def test_log_is_not_read_without_an_issued_certificate() -> None:
    cluster = Cluster()
    cluster.lists[NODES] = [node("edge-1")]
    cluster.log = None
    assert found(cluster) == Requests()
