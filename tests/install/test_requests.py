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


def test_request_older_than_its_node_blocks_the_node() -> None:
    cluster = Cluster()
    cluster.lists[NODES] = [node("edge-1", created=LATER)]
    cluster.lists[REQUESTS] = [request("edge-1", "Approved"), request("edge-gone", "Approved")]
    (blocked,) = found(cluster).blocked
    assert (blocked.code, blocked.request) == (BLOCKS, "metaserver-csr-edge-1")


def test_log_of_cloudcore_shows_a_rejected_request() -> None:
    cluster = Cluster()
    cluster.lists[NODES] = [node("edge-1"), node("edge-2")]
    cluster.lists[REQUESTS] = [request("edge-1", "Approved"), request("edge-2", "Approved")]
    cluster.log = (
        "E1128 10:00:00 upstream.go:1] create CertificateSigningRequests metaserver-csr-edge-1 failed with "
        'error: certificatesigningrequests.certificates.k8s.io "metaserver-csr-edge-1" already exists\n'
        "I1128 10:00:00 approver.go:1] metaserver-csr-edge-2 approved\n"
    )
    assert [(one.node, one.code) for one in found(cluster).blocked] == [("edge-1", BLOCKS)]


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
