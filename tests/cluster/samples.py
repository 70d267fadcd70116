"""One sample of every custom resource of KubeEdge: a spec and a status that a program could have written."""

from __future__ import annotations

from typing import Any

from tests.cluster.api import Object

_SYNC = {
    "spec": {"objectAPIVersion": "v1", "objectKind": "Pod", "objectName": "app"},
    "status": {"objectResourceVersion": "7"},
}
_DEPLOYMENT = {
    "ordinal": 0,
    "group": "apps",
    "version": "v1",
    "kind": "Deployment",
    "resource": "deployments",
    "namespace": "factory",
    "name": "app",
}
_TWINS = {"twins": [{"propertyName": "temperature"}]}
# DeviceModel and RuleEndpoint have no status.
SAMPLES: dict[str, dict[str, Any]] = {
    "NodeGroup": {
        "spec": {"nodes": ["edge-1"]},
        "status": {"nodeStatuses": [{"nodeName": "edge-1", "selectionStatus": "Succeeded"}]},
    },
    "EdgeApplication": {
        "spec": {"workloadScope": {"targetNodeGroups": [{"name": "factory"}]}},
        "status": {"workloadStatus": [{"conditions": "Available", "identifier": _DEPLOYMENT}]},
    },
    "ClusterObjectSync": _SYNC,
    "ObjectSync": _SYNC,
    "DeviceModel": {"spec": {"properties": [{"name": "temperature"}]}},
    "Device": {"spec": {"deviceModelRef": {"name": "thermometer"}}, "status": _TWINS},
    "DeviceStatus": {"spec": {}, "status": _TWINS},
    "Rule": {
        "spec": {
            "source": "rest",
            "sourceResource": {"path": "/a"},
            "target": "eventbus",
            "targetResource": {"topic": "b"},
        },
        "status": {"successMessages": 1},
    },
    "RuleEndpoint": {"spec": {"ruleEndpointType": "rest"}},
    "NodeUpgradeJob": {
        "spec": {"version": "v1.23.1", "nodeNames": ["edge-1"]},
        "status": {"state": "upgrading"},
    },
    "ImagePrePullJob": {
        "spec": {"imagePrePullTemplate": {"images": ["nginx:1"]}},
        "status": {"state": "Pulling"},
    },
    "ConfigUpdateJob": {
        "spec": {"nodeNames": ["edge-1"], "updateFields": {"modules.edgeStream.enable": "true"}},
        "status": {"phase": "InProgress"},
    },
    "ServiceAccountAccess": {"spec": {"serviceAccountUid": "1"}, "status": {"nodeList": ["edge-1"]}},
}


def sample(kind: str, api_version: str, name: str, namespace: str | None) -> Object:
    """Return an object of a kind, without its status."""
    place = {"namespace": namespace} if namespace else {}
    meta = {"name": name, **place}
    return {"apiVersion": api_version, "kind": kind, "metadata": meta, "spec": SAMPLES[kind]["spec"]}
