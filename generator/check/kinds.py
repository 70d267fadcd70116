"""Recognises documents by their kind, their apiVersion, or sections that only one program has."""

from __future__ import annotations

import re
from typing import Any

from generator.components import CHARTS, COMPONENTS, VALUES
from generator.model import quick

KINDS = (*COMPONENTS, *VALUES)
TITLES = {**{name: row.file for name, row in COMPONENTS.items()}, **VALUES}
_KIND_OF = {row.kind: name for name, row in COMPONENTS.items()}
# By the group of apiVersion, if kind is misspelt or missing.
_GROUP_OF = {row.api_group: name for name, row in COMPONENTS.items()}
_CLOUD_VALUES = {"cloudCore", "iptablesManager", "controllerManager", "admission", "mosquitto", "appVersion"}
_MESH_VALUES = {"agent", "spiderpool", "global"}
_GATEWAY_VALUES = {"nodeName", "relayNodes", "psk", "metaServerSecret"}

# The first line of a values file that `generator render -o` writes beside the manifests of a chart.
_RENDERED = re.compile(rf'# helm upgrade --install \S+ "\$\(generator charts --path\)/({"|".join(CHARTS)})" ')


def rendered_for(text: str) -> str:
    """Return the chart of a values file that `generator render -o` wrote, "" for other texts."""
    found = _RENDERED.match(text)
    return found[1] if found else ""


def recognise(value: dict[str, Any]) -> str | None:
    """Return the kind of a document: by its field kind, or by sections that only one program has."""
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
        # The gateway also has some modules of the agent, so it comes first.
        for component, row in reversed(COMPONENTS.items()):
            if any(name in modules for name in row.modules):
                return component
    return _values_kind(value)


def _values_kind(value: dict[str, Any]) -> str | None:
    # Other tools have lists of this name.
    top = {key for key, part in value.items() if key != "images" or isinstance(part, dict)}
    own = {*quick.shared_keys(), "edgeCore", "gateway", "edgeAPIs", "crds", "tests"} - {
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
    """Return whether a `server` section of values is for EdgeMesh 1.11 or older."""
    return isinstance(section, dict) and bool({"nodeName", "advertiseAddress", "publicIP"} & set(section))


def is_object(value: Any) -> bool:
    """Return whether a document is a Kubernetes object: it has kind, and metadata or apiVersion."""
    named = isinstance(value, dict) and isinstance(value.get("kind"), str)
    return named and bool({"metadata", "apiVersion", "items"} & set(value))


def is_job(value: dict[str, Any]) -> bool:
    """Return whether an object is a ConfigUpdateJob, which sets fields of edgecore.yaml."""
    group = str(value.get("apiVersion")).partition("/")[0]
    return value.get("kind") == "ConfigUpdateJob" and group == "operations.kubeedge.io"
