"""Nodes, and a stand-in for scheduler and kubelet: it binds pods to a node and reports them as ready.

The edge node sends a heartbeat every second, as a connected node does. No container runs: these tests show
that the objects fit together, not that programs start.
"""

from __future__ import annotations

import threading
from datetime import datetime, timezone
from itertools import count
from typing import Any

from tests.cluster.api import Api, Object

CLOUD, EDGE = "cloud-1", "edge-1"
READY = ("Initialized", "PodScheduled", "ContainersReady", "Ready")
# The seconds of a round, and the rounds between two heartbeats, which have whole seconds.
ROUND, ROUNDS = 0.2, 5
# The labels that keadm gives an edge node.
EDGE_LABELS = {"node-role.kubernetes.io/edge": "", "node-role.kubernetes.io/agent": ""}


def add_nodes(api: Api) -> None:
    """Create one cloud node and one edge node, both without taints."""
    for name, labels in ((CLOUD, {}), (EDGE, EDGE_LABELS)):
        meta = {"name": name, "labels": {"kubernetes.io/hostname": name, **labels}}
        if not api.get("v1", "Node", name):
            node = api.create({"apiVersion": "v1", "kind": "Node", "metadata": meta})
            # The API server taints new nodes; the controller that removes the taint needs heartbeats.
            api.do("PATCH", api.place(node), {"spec": {"taints": None}}, "merge")
            ready = [{"type": "Ready", "status": "True", "reason": "Test"}]
            api.do("PATCH", f"{api.place(node)}/status", {"status": {"conditions": ready}}, "merge")


def beat(api: Api, name: str = EDGE) -> None:
    """Send a heartbeat of a node, by its status."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    ready = [{"type": "Ready", "status": "True", "reason": "Test", "lastHeartbeatTime": now}]
    # The node may be deleted meanwhile.
    api.call("PATCH", f"/api/v1/nodes/{name}/status", {"status": {"conditions": ready}}, "merge")


class Kubelet:
    """Stands in for scheduler and kubelet, in a thread that runs inside the `with` block."""

    def __init__(self, api: Api, *, broken: str = "", connected: bool = True) -> None:
        """Pods with the image `broken` never become ready; the edge node may be disconnected."""
        self._api, self._broken, self._connected = api, broken, connected
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)

    def _play(self) -> None:
        for number in count():
            if self._over.wait(ROUND):
                return
            if self._connected and number % ROUNDS == 0:
                beat(self._api)
            for pod in self._api.do("GET", "/api/v1/pods")["items"]:
                self._serve(pod)

    def _serve(self, pod: Object) -> None:
        meta, spec = pod["metadata"], pod["spec"]
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        conditions = {c["type"]: c["status"] for c in pod["status"].get("conditions", [])}
        # The next round checks the result; a pod may be deleted meanwhile.
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
    """Return the node of a DaemonSet's pod; all other pods run in the cloud."""
    required: Any = ((spec.get("affinity") or {}).get("nodeAffinity") or {}).get(
        "requiredDuringSchedulingIgnoredDuringExecution", {}
    )
    for term in required.get("nodeSelectorTerms", []):
        for field in term.get("matchFields", []):
            return str(field["values"][0])
    return CLOUD
