"""Nodes, and what plays the scheduler and the kubelet: pods are bound to a node and reported as ready.

The edge node sends a heartbeat in every round, as one does that is connected.
No container runs. What a test waits for here shows that the objects fit together, not that programs start.
"""

from __future__ import annotations

import threading
from datetime import datetime, timezone
from typing import Any

from tests.cluster.api import Api, Object

CLOUD, EDGE = "cloud-1", "edge-1"
READY = ("Initialized", "PodScheduled", "ContainersReady", "Ready")
# What keadm gives an edge node.
EDGE_LABELS = {"node-role.kubernetes.io/edge": "", "node-role.kubernetes.io/agent": ""}


def add_nodes(api: Api) -> None:
    """Make one node in the cloud and one edge node, both without taints."""
    for name, labels in ((CLOUD, {}), (EDGE, EDGE_LABELS)):
        meta = {"name": name, "labels": {"kubernetes.io/hostname": name, **labels}}
        if not api.get("v1", "Node", name):
            node = api.create({"apiVersion": "v1", "kind": "Node", "metadata": meta})
            # The API server taints what is new; the controller that takes it away wants heartbeats.
            api.do("PATCH", api.place(node), {"spec": {"taints": None}}, "merge")
            ready = [{"type": "Ready", "status": "True", "reason": "Test"}]
            api.do("PATCH", f"{api.place(node)}/status", {"status": {"conditions": ready}}, "merge")


def beat(api: Api, name: str = EDGE) -> None:
    """Send a heartbeat of a node, by its status."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    ready = [{"type": "Ready", "status": "True", "reason": "Test", "lastHeartbeatTime": now}]
    # The node may go away meanwhile.
    api.call("PATCH", f"/api/v1/nodes/{name}/status", {"status": {"conditions": ready}}, "merge")


class Kubelet:
    """Plays scheduler and kubelet in a thread of its own, between `with` and its end."""

    def __init__(self, api: Api, *, broken: str = "", connected: bool = True) -> None:
        """Pods with the image `broken` never get ready; the edge node may be away."""
        self._api, self._broken, self._connected = api, broken, connected
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _play(self) -> None:
        while not self._over.wait(0.1):
            if self._connected:
                beat(self._api)
            for pod in self._api.do("GET", "/api/v1/pods")["items"]:
                self._serve(pod)

    def _serve(self, pod: Object) -> None:
        meta, spec = pod["metadata"], pod["spec"]
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        conditions = {c["type"]: c["status"] for c in pod["status"].get("conditions", [])}
        # Whether it works is seen in the next round; a pod may go away meanwhile.
        if "deletionTimestamp" in meta:
            self._api.call("DELETE", path, gracePeriodSeconds="0")
        elif "nodeName" not in spec:
            target = {"apiVersion": "v1", "kind": "Node", "name": _node_of(spec)}
            binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": meta["name"]}}
            self._api.call("POST", f"{path}/binding", {**binding, "target": target})
        elif conditions.get("Ready") != "True" and not self._is_broken(spec):
            status = {"phase": "Running", "conditions": [{"type": t, "status": "True"} for t in READY]}
            self._api.call("PATCH", f"{path}/status", {"status": status}, "merge")

    def _is_broken(self, spec: Object) -> bool:
        return any(container["image"] == self._broken for container in spec["containers"])


def _node_of(spec: Object) -> str:
    """Return the node that a DaemonSet's pod asks for; all others run in the cloud."""
    required: Any = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution", {}
    )
    for term in required.get("nodeSelectorTerms", []):
        for field in term.get("matchFields", []):
            return str(field["values"][0])
    return CLOUD
