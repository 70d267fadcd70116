"""Many nodes and pods that exist only in the API server, written with etcd's API."""

from __future__ import annotations

import base64
import json
import urllib.request
import uuid
from collections.abc import Iterable

from tests.cluster.api import Api, Object
from tests.cluster.control_plane import ControlPlane
from tests.cluster.kubelet import EDGE_LABELS, beat


class Store(ControlPlane):
    """An API server without controllers; many objects are written in a short time, with etcd's API."""

    def put(self, objects: Iterable[tuple[str, Object]]) -> None:
        """Write objects, each with its key below /registry/."""
        pairs = [
            {"key": encoded(f"/registry/{key}"), "value": encoded(json.dumps(one))} for key, one in objects
        ]
        url = f"{self._server_flags['etcd-servers']}/v3/kv/txn"
        for first in range(0, len(pairs), 100):
            puts = [{"requestPut": pair} for pair in pairs[first : first + 100]]
            with urllib.request.urlopen(url, json.dumps({"success": puts}).encode(), timeout=60) as answer:
                assert json.load(answer)["succeeded"]


def first_node(api: Api) -> Object:
    """Return an edge node as the API server stores it."""
    api.create({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "first", "labels": EDGE_LABELS}})
    beat(api, "first")
    found: Object = api.do("GET", "/api/v1/nodes/first")
    api.delete("v1", "Node", "first")
    return found


def renamed(found: Object, name: str) -> Object:
    """Return a copy of an object with another name, as etcd has it."""
    made: Object = json.loads(json.dumps(found))
    made["metadata"].update(name=name, uid=str(uuid.uuid5(uuid.NAMESPACE_DNS, name)))
    del made["metadata"]["resourceVersion"]
    return made


def encoded(text: str) -> str:
    """Return a text as etcd's API takes it."""
    return base64.b64encode(text.encode()).decode()
