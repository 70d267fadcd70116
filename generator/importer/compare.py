"""Fields of configs that an import leaves out or that do not count, and when two values are equal."""

from __future__ import annotations

import re
from typing import Any

from generator import paths
from generator.components import EDGEMESH, project_of
from generator.importer.site_file import key_of
from generator.model.rules import same
from generator.upstream import Field, Release, config_fields

SECRETS = {
    "edgeCore.modules.edgeHub.token": "a secret, and spent once the node has joined",
    "edgeCore.modules.eventBus.mqttPassword": "a secret; set it where the site file is not kept",
}
# What belongs to one node, is a secret, or is set by the program itself whatever the file says.
_LEFT_OUT = (
    ("edgecore", "edgecoreVersion", "edgecore fills it in"),
    ("edgecore", "modules.edged.hostnameOverride", "the node's own name"),
    ("edgecore", "modules.edged.nodeIP", "the node's own address"),
    ("edgecore", "modules.edgeHub.token", SECRETS["edgeCore.modules.edgeHub.token"]),
    ("edgecore", "modules.eventBus.mqttPassword", SECRETS["edgeCore.modules.eventBus.mqttPassword"]),
    ("cloudcore", "kubeAPIConfig.qps", "cloudcore overwrites it with 5 times nodeLimit"),
    ("cloudcore", "kubeAPIConfig.burst", "cloudcore overwrites it with 10 times nodeLimit"),
    ("cloudcore", "commonConfig.tunnelPort", "cloudcore negotiates it at start"),
    ("edgemesh-agent", "modules.edgeCNI", "edgeCNI has a chart of its own"),
    *((f"edgemesh-{which}", "kubeAPIConfig.mode", "EdgeMesh finds it out") for which in ("agent", "gateway")),
)
# Fields of EdgeMesh that no user is to set, in the letters of any release.
_OWN_FIELD = re.compile(
    r"modules\.(.*\.)?(listenInterface|kubeAPIConfig|caller|mode|configPath|socks5Proxy\.namespace"
    r"|(socks5Proxy|loadBalancer|edgeTunnel)\.nodeName)(\..*)?|kubeAPIConfig\.mode",
    re.IGNORECASE,
)


def left_out(kind: str, key: str) -> str:
    """Say why a field of a config is not carried over; "" if it is."""
    if project_of(kind) == EDGEMESH and _OWN_FIELD.fullmatch(key):
        return "EdgeMesh sets it itself and breaks on another value"
    if key == "modules.edgeTunnel.psk":
        # The field is a map: only the network's key in its place ends here, and no site may hold it.
        return "a secret in place of a map, the program refuses the file"
    rows = (why for which, name, why in _LEFT_OUT if which == kind and f"{key}.".startswith(f"{name}."))
    return next(rows, "")


# cloudcore raises these by itself to what nodeLimit takes, and so do the charts.
_RAISED = re.compile(
    r"modules\.edgeController\.(load\.(queryNode|patchNode|createLease)Workers"
    r"|buffer\.(queryNode|patchNode|createLease))"
)


def is_idle(path: paths.Path, own: dict[str, Any], complete: dict[str, Any]) -> bool:
    """Say whether a key that the file leaves out has a default that does not count.

    That is the address of something that is off, and what cloudcore raises.
    """
    off = paths.at(complete, (*path[:-1], "enable")) is False and path[-1] == "server"
    return paths.at(own, path) is None and (off or _RAISED.fullmatch(key_of(path)) is not None)


def equal(key: str, one: Any, other: Any) -> bool:
    """Say whether two values of a field come to the same."""
    if key == "kubeAPIConfig.metaServer.server" and isinstance(one, str) and isinstance(other, str):
        # The agent makes https of http by itself.
        return one.replace("https://", "http://") == other.replace("https://", "http://")
    return (one or None) == (other or None) if one is None or other is None else same(one, other)


def is_new_entry(kind: str, release: Release, path: paths.Path, there: Any) -> bool:
    """Say whether a path is an entry of a map with user-defined keys that is not there yet.

    A node label without a value is more than no label.
    """
    return there is None and is_entry(config_fields(kind, release), path)


def is_entry(field: Field, path: paths.Path) -> bool:
    """Say whether a path leads into a map with user-defined keys."""
    here: Field | None = field
    for part in path:
        if here is None or isinstance(part, int):
            return False
        if part not in here.fields:
            return here.values is not None
        here = here.fields[part]
    return False
