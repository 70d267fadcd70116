"""Certificate requests that keep an edge node's endpoint from listening (KubeEdge 1.17 and newer)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from generator.errors import ClusterError
from generator.install.nodes import time_of
from generator.io.kubectl import Kubectl

_REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
_PREFIX = "metaserver-csr-"
_LOG = ("logs", "--namespace", "kubeedge", "--selector", "k8s-app=kubeedge,kubeedge=cloudcore", "--tail=-1")
# edgecore sends a rejected request again within 36 seconds, or restarts within 4 minutes.
SINCE = ("--since=10m", "--timestamps")
# The log is the only place: no object and no event of the cluster records the rejected request.
_EXISTS = re.compile(
    rf"^(?P<time>\S+T[\d:]+)\S*?(?P<zone>Z|[+-][\d:]+) .*{_PREFIX}(?P<node>\S+?)[\"']? .*already exists",
    re.MULTILINE,
)
# One is no problem: edgecore may send the request with which it got the certificate a second time.
_REJECTIONS = 2

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


def read_requests(kubectl: Kubectl, nodes: Collection[str]) -> Requests:
    """Return which edge nodes get no certificate for their endpoint."""
    found, issued = sort_requests(kubectl.pages(_REQUESTS), nodes)
    # A node that lost its key requests under the same name; only cloudcore's log shows that it was rejected.
    if not issued:
        return Requests(tuple(found))
    try:
        log = kubectl.run(*_LOG, *SINCE)
    except ClusterError as error:
        unchecked = f"whether an issued certificate request blocks {', '.join(list(issued)[:3])}: {error}"
        return Requests(tuple(found), unchecked)
    return Requests((*found, *rejected(log, issued)))


def sort_requests(
    requests: Iterable[dict[str, Any]], nodes: Collection[str]
) -> tuple[list[Blocked], dict[str, datetime]]:
    """Return the nodes that get no certificate, and those that got one, each with the time of its request."""
    found, issued = [], {}
    for request in requests:
        metadata = request["metadata"]
        node = metadata["name"].removeprefix(_PREFIX)
        if node not in nodes or not metadata["name"].startswith(_PREFIX):
            continue
        code = _code(request)
        if code:
            found.append(Blocked(node, code))
        else:
            issued[node] = time_of(metadata["creationTimestamp"])
    return found, issued


def rejected(log: str, issued: Mapping[str, datetime]) -> list[Blocked]:
    """Return the nodes with an issued certificate whose new requests cloudcore has rejected since then.

    `log` is cloudcore's, each line with its time.
    """
    found = Counter(
        match["node"]
        for match in _EXISTS.finditer(log)
        if match["node"] in issued and time_of(match["time"] + match["zone"]) > issued[match["node"]]
    )
    return [Blocked(node, BLOCKS) for node in sorted(found) if found[node] >= _REJECTIONS]


def _code(request: dict[str, Any]) -> str:
    """Return the code of the problem in the status of a request, "" if a certificate was issued."""
    status = request.get("status") or {}
    conditions = {one["type"] for one in status.get("conditions") or ()}
    if conditions & {"Denied", "Failed"}:
        return REJECTED
    if "Approved" not in conditions:
        return PENDING
    return "" if status.get("certificate") else NOT_ISSUED
