"""Edge nodes that exist only in the API server: their heartbeats, and the pods that are bound to them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from typing_extensions import Self

from tests.cluster.api import Api, Object
from tests.cluster.kubelet import CLOUD, EDGE_LABELS, READY, beat

CHECKSUM = "checksum/edgecore"
ROLLOUT = "edgecore-rollout"
REASON = "edgecore does not run with the new file; the old one is back"
HELD = "held: the settings differ"
_SIZE = {"cpu": "8", "memory": "16Gi", "pods": "110"}
_BEAT_ROUNDS = 15


class EdgeNodes:
    """Plays the kubelets of edge nodes and of the cloud node, in a thread inside the `with` block.

    A pod of the rollout becomes ready, unless `failing` has the checksum of its file for this node. An
    `offline` node sends no heartbeats, and keeps the pods that are being deleted. The first pod on a
    `differing` node changes nothing, as rollout.sh does if the settings of the node differ.
    """

    def __init__(self, api: Api, nodes: Mapping[str, Mapping[str, str]]) -> None:
        """Create nodes, each with its labels besides those of every edge node."""
        self._api, self.names = api, sorted(nodes)
        self.failing: dict[str, str] = {}
        self.offline: set[str] = set()
        self.differing: set[str] = set()
        # Of each round, how many nodes had no ready pod of the rollout.
        self.unready: list[int] = []
        for name, labels in nodes.items():
            _add_node(api, name, {**EDGE_LABELS, **labels})
        _add_node(api, CLOUD, {})
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(30)
        for name in self.names:
            self._api.delete("v1", "Node", name)

    def fail(self, names: Iterable[str], checksum: str) -> None:
        """Let the update to a file fail on some nodes."""
        self.failing = dict.fromkeys(names, checksum)

    def pods(self) -> dict[str, Object]:
        """Return the pods of the rollout by node; a pod that is being deleted only if there is no other."""
        return _by_node(self._api.all("v1", "Pod", "kubeedge", labelSelector=f"kubeedge={ROLLOUT}"))

    def with_file(self, checksum: str) -> set[str]:
        """Return the nodes with a ready pod that has a checksum."""
        return {name for name, pod in self.pods().items() if _checksum(pod) == checksum and is_ready(pod)}

    def _play(self) -> None:
        rounds = 0
        while not self._over.wait(0.2):
            if rounds % _BEAT_ROUNDS == 0:
                for name in (*self.names, CLOUD):
                    if name not in self.offline:
                        beat(self._api, name)
            rounds += 1
            pods = self._api.all("v1", "Pod")
            found = _by_node(pod for pod in pods if pod["metadata"]["labels"].get("kubeedge") == ROLLOUT)
            ready = {name for name, pod in found.items() if is_ready(pod)}
            self.unready.append(len(set(self.names) - ready))
            for pod in pods:
                self._serve(pod, pod["spec"].get("nodeName", ""))

    def _serve(self, pod: Object, node: str) -> None:
        meta = pod["metadata"]
        path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
        # A pod may be deleted meanwhile.
        if not node or node in self.offline:
            return
        if "deletionTimestamp" in meta:
            self._api.call("DELETE", path, gracePeriodSeconds="0")
        elif node in self.failing and self.failing[node] == _checksum(pod):
            if "initContainerStatuses" not in pod["status"]:
                self._api.call("PATCH", f"{path}/status", {"status": failed_status(pod)}, "merge")
        elif not is_ready(pod):
            status: Object = {
                "phase": "Running",
                "conditions": [{"type": t, "status": "True"} for t in READY],
            }
            if node in self.differing and meta["labels"].get("pod-template-generation") == "1":
                status["initContainerStatuses"] = [_ended(pod, 0, HELD)]
            self._api.call("PATCH", f"{path}/status", {"status": status}, "merge")


def is_ready(pod: Object) -> bool:
    """Return whether a pod is ready and not being deleted."""
    conditions = {one["type"]: one["status"] for one in pod["status"].get("conditions", ())}
    return conditions.get("Ready") == "True" and "deletionTimestamp" not in pod["metadata"]


def _by_node(pods: Iterable[Object]) -> dict[str, Object]:
    found: dict[str, Object] = {}
    for pod in pods:
        node = pod["spec"].get("nodeName", "")
        if node and (node not in found or "deletionTimestamp" not in pod["metadata"]):
            found[node] = pod
    return found


def _checksum(pod: Object) -> str:
    return str(pod["metadata"].get("annotations", {}).get(CHECKSUM, ""))


def failed_status(pod: Object) -> Object:
    """Return the status of a pod after its init container ended with 1."""
    status = _ended(pod, 1, REASON)
    waiting = {"reason": "CrashLoopBackOff", "message": "back-off 10s restarting failed"}
    status.update(lastState=status["state"], state={"waiting": waiting}, restartCount=1)
    conditions = [{"type": one, "status": str(one == "PodScheduled")} for one in READY]
    return {"phase": "Pending", "conditions": conditions, "initContainerStatuses": [status]}


def _ended(pod: Object, code: int, message: str) -> Object:
    """Return the status of the init container after its end."""
    container = pod["spec"]["initContainers"][0]
    ended = {"exitCode": code, "reason": "Error" if code else "Completed", "message": message}
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": not code,
        "restartCount": 0,
        "state": {"terminated": ended},
    }


def _add_node(api: Api, name: str, labels: Mapping[str, str]) -> None:
    """Create a node that is ready for pods unless it exists; the node controller removes its taint."""
    meta = {"name": name, "labels": {"kubernetes.io/hostname": name, **labels}}
    if not api.get("v1", "Node", name):
        api.create({"apiVersion": "v1", "kind": "Node", "metadata": meta})
    status = {"capacity": _SIZE, "allocatable": _SIZE}
    api.do("PATCH", f"/api/v1/nodes/{name}/status", {"status": status}, "merge")
    beat(api, name)
