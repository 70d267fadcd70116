"""A stand-in for kubectl: lists by path; the test decides what a patch does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generator.errors import ClusterError
from generator.io.kubectl import Kubectl

Object = dict[str, Any]

NODES = "/api/v1/nodes"
PODS = "/api/v1/namespaces/kubeedge/pods"
LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
ACCESSES = "/apis/policy.kubeedge.io/v1alpha1/serviceaccountaccesses"
SYNCS = "/apis/reliablesyncs.kubeedge.io/v1alpha1/namespaces/kubeedge/objectsyncs"
REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
START = "2026-11-28T10:00:00Z"


class Cluster(Kubectl):
    """A cluster as kubectl reads it; `patched` is called with the arguments of each patch."""

    def __init__(self) -> None:
        self.lists: dict[str, list[Object]] = {}
        self.patched: Callable[[tuple[str, ...]], None] = lambda _: None
        self.log: str | None = ""
        self.patches: list[tuple[str, ...]] = []
        self.read: dict[str, int] = {}
        self.on_read: Callable[[str], None] = lambda _: None

    def pages(self, path: str, **_: str) -> Iterator[Object]:
        self.read[path] = self.read.get(path, 0) + 1
        self.on_read(path)
        yield from list(self.lists.get(path, ()))

    def run(self, *arguments: str, **_: Any) -> str:
        if "patch" in arguments:
            self.patches.append(arguments)
            self.patched(arguments)
            return ""
        assert arguments[0] == "logs"
        if self.log is None:
            raise ClusterError("kubectl logs: connection refused")
        return self.log


def node(name: str, *, heartbeat: str = "", ready: bool = True, created: str = START) -> Object:
    """Return an edge node."""
    condition = {"type": "Ready", "status": "True" if ready else "Unknown"}
    if heartbeat:
        condition["lastHeartbeatTime"] = heartbeat
    meta = {"name": name, "creationTimestamp": created}
    return {"metadata": meta, "status": {"conditions": [condition]}}


def cloudcore(started: str, *, restarted: str = "") -> Object:
    """Return a pod of cloudcore."""
    running = {"running": {"startedAt": restarted}} if restarted else {}
    status = {"startTime": started, "containerStatuses": [{"name": "cloudcore", "state": running}]}
    return {"metadata": {"name": "cloudcore-1", "creationTimestamp": START}, "status": status}


def access(name: str, uid: str, *nodes: str, namespace: str = "kubeedge") -> Object:
    """Return an access object for some nodes."""
    meta = {"name": name, "namespace": namespace, "uid": uid}
    return {"metadata": meta, "status": {"nodeList": list(nodes)} if nodes else {}}


def sync(node_name: str, uid: str, version: str | None) -> Object:
    """Return the ObjectSync of an object on a node; version 0 is not acknowledged."""
    status = {} if version is None else {"objectResourceVersion": version}
    return {"metadata": {"name": f"{node_name}.{uid}"}, "status": status}


def request(node_name: str, *conditions: str, issued: bool = True, created: str = START) -> Object:
    """Return a certificate request of a node's endpoint."""
    status: Object = {"conditions": [{"type": one} for one in conditions]}
    if issued:
        status["certificate"] = "eA=="
    meta = {"name": f"metaserver-csr-{node_name}", "creationTimestamp": created}
    return {"metadata": meta, "status": status}
