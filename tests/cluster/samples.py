"""One sample of every custom resource of KubeEdge: a spec and a status that a program could have written."""

from __future__ import annotations

from typing import Any

from tests.cluster.api import Object

_SYNC = {
    "spec": {"objectAPIVersion": "v1", "objectKind": "Pod", "objectName": "app"},
    "status": {"objectResourceVersion": "7"},
}
SAMPLES: dict[str, dict[str, Any]] = {
    "NodeGroup": {
        "spec": {"nodes": ["edge-1"]},
        "status": {"nodeStatuses": [{"nodeName": "edge-1", "selectionStatus": "Succeeded"}]},
    },
    "EdgeApplication": {
        "spec": {"workloadScope": {"targetNodeGroups": [{"name": "factory"}]}},
        "status": {"workloadStatus": []},
    },
    "ClusterObjectSync": _SYNC,
    "ObjectSync": _SYNC,
    "DeviceModel": {"spec": {"properties": [{"name": "temperature"}]}},
    "Device": {"spec": {"deviceModelRef": {"name": "thermometer"}}, "status": {"twins": []}},
    "DeviceStatus": {"spec": {}, "status": {"twins": []}},
    "Rule": {
        "spec": {
            "source": "rest",
            "sourceResource": {"path": "/a"},
            "target": "eventbus",
            "targetResource": {"topic": "a"},
        },
        "status": {"successMessages": 1},
    },
    "RuleEndpoint": {"spec": {"ruleEndpointType": "rest"}},
    "NodeUpgradeJob": {"spec": {"version": "v1.23.1", "nodeNames": ["edge-1"]}, "status": {}},
    "ImagePrePullJob": {"spec": {"imagePrePullTemplate": {"images": ["nginx:1"]}}, "status": {}},
    "ConfigUpdateJob": {
        "spec": {"nodeNames": ["edge-1"], "updateFields": {"modules.edgeStream.enable": "true"}},
        "status": {},
    },
    "ServiceAccountAccess": {"spec": {"serviceAccountUid": "1"}, "status": {"nodeList": ["edge-1"]}},
}


def sample(kind: str, api_version: str, name: str, namespace: str | None) -> Object:
    """Return an object of a kind, without its status."""
    place = {"namespace": namespace} if namespace else {}
    meta = {"name": name, **place}
    return {"apiVersion": api_version, "kind": kind, "metadata": meta, "spec": SAMPLES[kind]["spec"]}
