"""Certificate requests that keep an edge node's endpoint from listening (KubeEdge 1.17 and newer)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.errors import ClusterError
from generator.install.nodes import EdgeNode, moment
from generator.io.kubectl import Kubectl

_REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
_PREFIX = "metaserver-csr-"
# edgecore sends the request again, or restarts, within 4 minutes.
_LOG = ("logs", "--namespace", "kubeedge", "--selector", "k8s-app=kubeedge,kubeedge=cloudcore")
_SINCE = ("--since=10m", "--tail=-1")
# The log is the only place: no object and no event of the cluster records the rejected request.
_EXISTS = re.compile(rf"{_PREFIX}(\S+?)[\"']? .*already exists")

PENDING, NOT_ISSUED, REJECTED, BLOCKS = (
    "certificate-request-pending",
    "certificate-request-not-issued",
    "certificate-request-rejected",
    "certificate-request-blocks-node",
)


@dataclass(frozen=True)
class Blocked:
    """A node whose endpoint gets no certificate; `code` says why."""

    node: str
    code: str

    @property
    def request(self) -> str:
        """Return the name of the request."""
        return _PREFIX + self.node


@dataclass(frozen=True)
class Requests:
    """The nodes that get no certificate; `unchecked` is what could not be read, "" if nothing."""

    blocked: tuple[Blocked, ...] = ()
    unchecked: str = ""


def read_requests(kubectl: Kubectl, nodes: Mapping[str, EdgeNode]) -> Requests:
    """Return which edge nodes get no certificate for their endpoint."""
    found, issued = sort_requests(kubectl.pages(_REQUESTS), nodes)
    # A node that lost its key requests under the same name; only cloudcore's log shows that it was rejected.
    if not issued:
        return Requests(tuple(found))
    try:
        log = kubectl.run(*_LOG, *_SINCE)
    except ClusterError as error:
        unchecked = f"whether an issued certificate request blocks {', '.join(issued[:3])}: {error}"
        return Requests(tuple(found), unchecked)
    return Requests((*found, *rejected(log, issued)))


def sort_requests(
    requests: Iterable[dict[str, Any]], nodes: Mapping[str, EdgeNode]
) -> tuple[list[Blocked], list[str]]:
    """Return the nodes that get no certificate, and those that got one."""
    found, issued = [], []
    for request in requests:
        node = nodes.get(request["metadata"]["name"].removeprefix(_PREFIX))
        if node is None or not request["metadata"]["name"].startswith(_PREFIX):
            continue
        code = _code(request, node)
        if code:
            found.append(Blocked(node.name, code))
        else:
            issued.append(node.name)
    return found, issued


def rejected(log: str, issued: Collection[str]) -> list[Blocked]:
    """Return the nodes with an issued certificate whose new request cloudcore rejected, by its log."""
    return [Blocked(node, BLOCKS) for node in sorted(set(_rejected(log)) & set(issued))]


def _code(request: dict[str, Any], node: EdgeNode) -> str:
    """Return the code of the problem in the status of a request, "" if a certificate was issued in time."""
    status = request.get("status") or {}
    conditions = {one["type"] for one in status.get("conditions") or ()}
    if conditions & {"Denied", "Failed"}:
        return REJECTED
    if "Approved" not in conditions:
        return PENDING
    if not status.get("certificate"):
        return NOT_ISSUED
    created = moment(request["metadata"]["creationTimestamp"])
    return BLOCKS if created is not None and created < node.created else ""


def _rejected(log: str) -> Iterator[str]:
    """Yield the nodes whose request cloudcore could not create because one of the name exists."""
    for line in log.splitlines():
        match = _EXISTS.search(line)
        if match:
            yield match[1]
