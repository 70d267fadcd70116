"""What a document is: told by its kind, its apiVersion, or the sections that only one program has."""

from __future__ import annotations

from typing import Any

from generator.model.site import SHARED_KEYS

CONFIGS = ("cloudcore", "edgecore", "edgemesh-agent", "edgemesh-gateway")
VALUES = ("site", "cloudcore-values", "edgemesh-values", "gateway-values")
KINDS = (*CONFIGS, *VALUES)
TITLES = {
    "cloudcore": "cloudcore.yaml",
    "edgecore": "edgecore.yaml",
    "edgemesh-agent": "edgemesh-agent.yaml",
    "edgemesh-gateway": "edgemesh-gateway.yaml",
    "site": "a site file of this project",
    "cloudcore-values": "values of the upstream cloudcore chart",
    "edgemesh-values": "values of the upstream edgemesh chart",
    "gateway-values": "values of the upstream edgemesh-gateway chart",
}
_KIND_OF = {
    "CloudCore": "cloudcore",
    "EdgeCore": "edgecore",
    "EdgeMeshAgent": "edgemesh-agent",
    "EdgeMeshGateway": "edgemesh-gateway",
}
# The group of apiVersion, where kind is misspelt or missing.
_GROUP_OF = {
    "cloudcore.config.kubeedge.io": "cloudcore",
    "edgecore.config.kubeedge.io": "edgecore",
    "agent.edgemesh.config.kubeedge.io": "edgemesh-agent",
    "gateway.edgemesh.config.kubeedge.io": "edgemesh-gateway",
}
# Sections that only one program has.
_MODULES = {
    "edgecore": ("edged", "edgeHub", "metaManager", "eventBus", "deviceTwin", "serviceBus", "edgeStream"),
    "cloudcore": ("cloudHub", "edgeController", "dynamicController", "cloudStream", "syncController"),
    "edgemesh-gateway": ("edgeGateway",),
    "edgemesh-agent": ("edgeProxy", "edgeDNS", "edgeTunnel", "edgeCNI"),
}
_CLOUD_VALUES = {"cloudCore", "iptablesManager", "controllerManager", "admission", "mosquitto", "appVersion"}
_MESH_VALUES = {"agent", "spiderpool", "global"}
_GATEWAY_VALUES = {"nodeName", "relayNodes", "psk", "metaServerSecret"}


def recognise(value: dict[str, Any]) -> str | None:
    """Say what a document is, by its kind, or else by the sections that only one program has."""
    named = _KIND_OF.get(str(value.get("kind")))
    if named:
        return named
    grouped = _GROUP_OF.get(str(value.get("apiVersion")).partition("/")[0])
    if grouped:
        return grouped
    if is_object(value):
        return None
    modules = value.get("modules")
    if isinstance(modules, dict) and not {"psk", "relayNodes", "nodeName", "image"} & set(value):
        for component, names in _MODULES.items():
            if any(name in modules for name in names):
                return component
    return _values_kind(value)


def _values_kind(value: dict[str, Any]) -> str | None:
    top = set(value)
    own = {*SHARED_KEYS, "edgeCore", "gateway", "edgeAPIs", "crds", "tests"} - {
        "nameOverride",
        "fullnameOverride",
    }
    if top & own or (top & _CLOUD_VALUES and top & _MESH_VALUES):
        return "site"
    if top & _CLOUD_VALUES:
        return "cloudcore-values"
    if top & (_MESH_VALUES - {"global"}) or (top == {"server"} and is_mesh_server(value["server"])):
        return "edgemesh-values"
    modules = value.get("modules")
    if top & _GATEWAY_VALUES or (isinstance(modules, dict) and "edgeGateway" in modules):
        return "gateway-values"
    if top & {"featureGates", "commonConfig"}:
        return "cloudcore"
    return None


def is_mesh_server(section: Any) -> bool:
    """Say whether a `server` section of values is that of EdgeMesh up to 1.11."""
    return isinstance(section, dict) and bool({"nodeName", "advertiseAddress", "publicIP"} & set(section))


def is_object(value: Any) -> bool:
    """Say whether a document is a Kubernetes object: it has kind, and metadata or apiVersion."""
    named = isinstance(value, dict) and isinstance(value.get("kind"), str)
    return named and bool({"metadata", "apiVersion", "items"} & set(value))


def is_job(value: dict[str, Any]) -> bool:
    """Say whether an object is a ConfigUpdateJob, which sets fields of edgecore.yaml."""
    group = str(value.get("apiVersion")).partition("/")[0]
    return value.get("kind") == "ConfigUpdateJob" and group == "operations.kubeedge.io"
