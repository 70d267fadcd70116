"""Fields of configs that an import leaves out or does not compare, and when two values are equal."""

from __future__ import annotations

import re
from typing import Any

from generator import paths
from generator.catalogue.message import Message, say
from generator.components import EDGEMESH, project_of
from generator.importer.site_file import key_of
from generator.model.conditions import same
from generator.upstream import Field, Release, config_fields

SECRETS = {
    "edgeCore.modules.edgeHub.token": say("secret-left-out", "token"),
    "edgeCore.modules.eventBus.mqttPassword": say("secret-left-out"),
}
# Fields of one node, secrets, and fields that the program itself sets.
_LEFT_OUT = (
    ("edgecore", "edgecoreVersion", say("set-by-program", program="edgecore")),
    ("edgecore", "modules.edged.hostnameOverride", say("node-key-left-out", value="the name")),
    ("edgecore", "modules.edged.nodeIP", say("node-key-left-out", value="the address")),
    ("edgecore", "modules.edgeHub.token", SECRETS["edgeCore.modules.edgeHub.token"]),
    ("edgecore", "modules.eventBus.mqttPassword", SECRETS["edgeCore.modules.eventBus.mqttPassword"]),
    ("cloudcore", "kubeAPIConfig.qps", say("set-by-program", "qps", times=5)),
    ("cloudcore", "kubeAPIConfig.burst", say("set-by-program", "qps", times=10)),
    ("cloudcore", "commonConfig.tunnelPort", say("set-by-program", program="cloudcore")),
    ("edgemesh-agent", "modules.edgeCNI", say("other-chart")),
)
# Fields of EdgeMesh that users must not set, in the spelling of any release.
_OWN_FIELD = re.compile(
    r"modules\.(.*\.)?(listenInterface|kubeAPIConfig|caller|mode|configPath|socks5Proxy\.namespace"
    r"|(socks5Proxy|loadBalancer|edgeTunnel)\.nodeName)(\..*)?|kubeAPIConfig\.mode",
    re.IGNORECASE,
)


def left_out(kind: str, key: str) -> Message | None:
    """Return why a field of a config is not imported, None if it is."""
    if project_of(kind) == EDGEMESH and _OWN_FIELD.fullmatch(key):
        return say("set-by-program", "crash")
    if key == "modules.edgeTunnel.psk":
        # The field is a map. A text in its place is the PSK, which a site file must not contain.
        return say("secret-left-out", "section")
    rows = (why for which, name, why in _LEFT_OUT if which == kind and f"{key}.".startswith(f"{name}."))
    return next(rows, None)


# cloudcore and the charts raise these to the values that nodeLimit needs.
_RAISED = re.compile(
    r"modules\.edgeController\.(load\.(queryNode|patchNode|createLease)Workers"
    r"|buffer\.(queryNode|patchNode|createLease))"
)


def is_idle(path: paths.Path, own: dict[str, Any], complete: dict[str, Any]) -> bool:
    """Return whether an unset key has a default that is not compared.

    These are the address of something that is off, and values that cloudcore raises itself.
    """
    off = paths.at(complete, (*path[:-1], "enable")) is False and path[-1] == "server"
    return paths.at(own, path) is None and (off or _RAISED.fullmatch(key_of(path)) is not None)


def equal(key: str, one: Any, other: Any) -> bool:
    """Return whether two values of a field mean the same."""
    if key == "kubeAPIConfig.metaServer.server" and isinstance(one, str) and isinstance(other, str):
        # The agent itself turns http into https.
        return one.replace("https://", "http://") == other.replace("https://", "http://")
    if one is None or other is None:
        # false and 0 are values: a key that is not set can mean something else. Only a gate is off by itself.
        unset: tuple[Any, ...] = ("", [], {}, False) if key.startswith("featureGates.") else ("", [], {})
        return all(value is None or value in unset for value in (one, other))
    return same(one, other)


def is_new_entry(kind: str, release: Release, path: paths.Path, there: Any) -> bool:
    """Return whether a path is a new entry of a map with user-defined keys.

    A node label with an empty value is not the same as no label.
    """
    return there is None and is_entry(config_fields(kind, release), path)


def is_entry(field: Field, path: paths.Path) -> bool:
    """Return whether a path leads into a map with user-defined keys."""
    here: Field | None = field
    for part in path:
        if here is None or isinstance(part, int):
            return False
        if part not in here.fields:
            return here.values is not None
        here = here.fields[part]
    return False
