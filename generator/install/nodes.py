"""The edge nodes that have joined, and whether they are connected to the cloudcore that runs now."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from generator.install.node_names import names
from generator.install.recover import Say
from generator.io.kubectl import Kubectl

_EDGE = "node-role.kubernetes.io/edge"
_CLOUDCORE = ("/api/v1/namespaces/kubeedge/pods", "k8s-app=kubeedge,kubeedge=cloudcore")
_LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
_POLL_SECONDS = 2.0
_BEAT_SECONDS = 15.0


@dataclass(frozen=True)
class EdgeNode:
    """An edge node, and its last heartbeat by the clock of whoever wrote it."""

    name: str
    ready: bool
    heartbeat: datetime | None
    labels: Mapping[str, str] = field(default_factory=dict)


def read_nodes(kubectl: Kubectl) -> dict[str, EdgeNode]:
    """Return the edge nodes by name, sorted."""
    found = {one.name: one for one in map(edge_node, kubectl.pages("/api/v1/nodes", labelSelector=_EDGE))}
    return dict(sorted(found.items()))


def labels_of(nodes: Mapping[str, EdgeNode]) -> dict[str, Mapping[str, str]]:
    """Return the labels of nodes, by name."""
    return {name: node.labels for name, node in nodes.items()}


def edge_nodes(kubectl: Kubectl) -> list[str]:
    """Return the names of the edge nodes that have joined."""
    return list(read_nodes(kubectl))


def cloudcore_start(kubectl: Kubectl) -> datetime | None:
    """Return when the latest cloudcore started, None if no cloudcore runs."""
    path, selector = _CLOUDCORE
    return max(map(_start, kubectl.pages(path, labelSelector=selector)), default=None)


def connected(node: EdgeNode, since: datetime | None, first: datetime | None) -> bool:
    """Return whether a node is Ready with a heartbeat after `since`, or a heartbeat other than `first`.

    The clock of an edge node may be wrong. A heartbeat that changes while this command waits is new by any
    clock.
    """
    if not node.ready:
        return False
    if since is None or node.heartbeat is None:
        return since is None
    return node.heartbeat > since or (first is not None and node.heartbeat != first)


def wait_connected(kubectl: Kubectl, wanted: Collection[str], seconds: float, say: Say) -> list[str]:
    """Wait until the named nodes that exist are connected; return those that are still not connected."""
    since = cloudcore_start(kubectl)
    if since is None:
        say("edge nodes: no cloudcore runs in kubeedge; waiting for Ready only, not for a new heartbeat")
    until = time.monotonic() + seconds
    first: dict[str, datetime | None] | None = None
    printed = float("-inf")
    while True:
        nodes = _with_leases(kubectl)
        first = first or {name: node.heartbeat for name, node in nodes.items()}
        left = [n for n in wanted if n in nodes and not connected(nodes[n], since, first.get(n))]
        if not left or time.monotonic() >= until:
            return left
        if time.monotonic() - printed >= _BEAT_SECONDS:
            say(f"edge nodes: waiting until {names(left)} {'are' if left[1:] else 'is'} connected")
            printed = time.monotonic()
        time.sleep(_POLL_SECONDS)


def moment(text: Any) -> datetime | None:
    """Return a time that Kubernetes wrote, None if it wrote none."""
    return time_of(str(text)) if text else None


def time_of(text: str) -> datetime:
    """Return the time of a text such as 2026-11-30T08:00:00Z."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _with_leases(kubectl: Kubectl) -> Mapping[str, EdgeNode]:
    """Return the edge nodes, each with the later heartbeat of its status and its lease."""
    nodes = read_nodes(kubectl)
    for lease in kubectl.pages(_LEASES):
        name = lease["metadata"]["name"]
        renewed = moment((lease.get("spec") or {}).get("renewTime"))
        if name in nodes and renewed is not None:
            node = nodes[name]
            latest = max(filter(None, (node.heartbeat, renewed)))
            nodes[name] = replace(node, heartbeat=latest)
    return nodes


def edge_node(found: dict[str, Any]) -> EdgeNode:
    """Return an edge node from its Node object."""
    metadata = found["metadata"]
    conditions = (found.get("status") or {}).get("conditions") or ()
    ready: dict[str, Any] = next((one for one in conditions if one["type"] == "Ready"), {})
    is_ready, beat = ready.get("status") == "True", moment(ready.get("lastHeartbeatTime"))
    return EdgeNode(metadata["name"], is_ready, beat, metadata.get("labels") or {})


def _start(pod: dict[str, Any]) -> datetime:
    status = pod.get("status") or {}
    running = [(one.get("state") or {}).get("running") or {} for one in status.get("containerStatuses") or ()]
    found = [moment(one.get("startedAt")) for one in running]
    given = moment(status.get("startTime")) or moment(pod["metadata"]["creationTimestamp"])
    return max(one for one in (*found, given) if one is not None)
