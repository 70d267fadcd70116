"""Values files, ours and upstream's: the keys that differ from our defaults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.check.sources import Source
from generator.check.values import layers_of
from generator.errors import InvalidInput, Problem
from generator.importer.site_file import Imported, key_of
from generator.load.check import CONFIG_PLACES
from generator.load.layers import Layers
from generator.load.site import judge, normalised
from generator.model import paths
from generator.model.rules import same
from generator.model.site import CHARTS, Site
from generator.model.tree import defaults, leaves
from generator.upstream import EDGEMESH, KUBEEDGE, Release, default_config, program_of

_SMALL = "upstream's default, too little; ours stays"
# Defaults of upstream's charts that ours replace on purpose, and why.
_UPSTREAM: dict[str, tuple[Any, str]] = {
    "cloudCore.resources.limits.cpu": ("200m", _SMALL),
    "cloudCore.resources.limits.memory": ("1Gi", _SMALL),
    "iptablesManager.resources.limits.memory": ("50Mi", _SMALL),
    "controllerManager.resources.limits.memory": ("50Mi", _SMALL),
    "cloudCore.securityContext.privileged": (True, "upstream's default; the chart grants what is needed"),
    "cloudCore.service.type": ("NodePort", "upstream's default, ClusterIP on the host network; so is ours"),
    "mosquitto.tolerations": ([], "upstream's default; ours reaches edge nodes that are tainted"),
    "mosquitto.image.tag": ("1.6.15", "upstream's default, without support; ours is newer"),
    "gateway.nodeName": ("your node name", "upstream's placeholder"),
}
# What needs no word: tags follow the two versions, selectors are fixed, appVersion is not read.
_FOLLOWS = re.compile(r"(cloudCore|iptablesManager|controllerManager|admission)\.image\.tag|appVersion")
_FIXED = re.compile(r"\w+\.labels\.(k8s-app|kubeedge)")
_OWN_IMAGE = re.compile(r"kubeedge/edgemesh-(agent|gateway):v1\.\d+\.\d+")
_NOT_CARRIED = ("spiderpool", "agent.modules.edgeCNI", "agent.cloudCIDR", "agent.edgeCIDR")
SECRETS = {
    "edgeCore.modules.edgeHub.token": "a secret, and spent once the node has joined",
    "edgeCore.modules.eventBus.mqttPassword": "a secret; set it where the site file is not kept",
}
_PSK = ("agent.psk", "gateway.psk")
_STREAM = "cloudCore.modules.cloudStream.enable"
# Problems of keys that nothing reads, neither upstream's charts nor the programs.
_IGNORED = re.compile(r"unknown key|not a field of|not read by")


def upstream_default(key: str, value: Any) -> str:
    """Say why a default of upstream's charts is not carried over; "" for any other value."""
    default, why = _UPSTREAM.get(key, (None, ""))
    return why if default is not None and same(default, value) else ""


def take_values(source: Source, releases: Mapping[str, Release], imported: Imported) -> None:
    """Take the keys of a values file that differ from our defaults; a secret becomes a reference."""
    layers = layers_of(source)
    values = normalised(layers.values)
    imported.given |= set(values)
    upstreams = source.kind == "cloudcore-values" and paths.first(values, _STREAM) is not False
    unread = {problem.key: problem for problem in _unread(layers, releases)}
    for path, value in leaves(values):
        key, where = key_of(path), _where(layers, path, source)
        silent = _says_nothing(key, value) or (key == _STREAM and upstreams)
        ignored = next((unread[name] for name in _names_above(path) if name in unread), None)
        why = _reason(key, value, ignored)
        if key in _PSK:
            section = key.split(".")[0]
            imported.refer_psk(
                section, where, f"edgemesh-{'agent-' if section == 'agent' else 'gateway-'}psk"
            )
        elif why:
            imported.left_out(f"{where}: {key}: {why}")
        elif not (silent or _adds_nothing(path, quantity(key, value), releases)):
            imported.take(key, quantity(key, value), where)
    if upstreams:
        origin = f"{source.file}: upstream's chart makes this Secret for cloudStream"
        imported.take("cloudCore.streamCertificate.existingSecret", "cloudcore", origin)


def _says_nothing(key: str, value: Any) -> bool:
    """Say whether a key adds nothing to the two versions, to fixed selectors or to images.pullPolicy."""
    if key.startswith((*_NOT_CARRIED, *SECRETS)):
        return True
    text = str(value)
    follows = _FOLLOWS.fullmatch(key) and re.match(r"v?1\.\d", text)
    policy = key.endswith(".image.pullPolicy") and text == "IfNotPresent"
    return bool(follows or _FIXED.fullmatch(key) or _OWN_IMAGE.fullmatch(text) or policy)


def _reason(key: str, value: Any, ignored: Problem | None) -> str:
    """Say why a key is not carried over, "" if it is."""
    if key.startswith(_NOT_CARRIED):
        return "edgeCNI and spiderpool have charts of their own" if value else ""
    if re.sub(r"\.nodeGroups\.[^.]+", "", key) in SECRETS:
        return SECRETS[re.sub(r"\.nodeGroups\.[^.]+", "", key)] if value else ""
    if ignored:
        return f"{ignored.what}, to upstream's chart as well" + (f" ({ignored.fix})" if ignored.fix else "")
    return upstream_default(key, value)


def _unread(layers: Layers, releases: Mapping[str, Release]) -> Iterator[Problem]:
    versions = {"kubeedgeVersion": releases[KUBEEDGE].tag, "edgemeshVersion": releases[EDGEMESH].tag}
    try:
        judge(Layers({**layers.values, **versions}, layers.origins, 1), CHARTS)
    except InvalidInput as error:
        yield from (problem for problem in error.problems if _IGNORED.match(problem.what))


def _names_above(path: paths.Path) -> Iterator[str]:
    """Yield the names of a key and of the keys above it."""
    return (paths.text(path[:end]) for end in range(len(path), 0, -1))


def _where(layers: Layers, path: paths.Path, source: Source) -> str:
    origin = layers.origin(path)
    return origin.where if origin else source.file


def _adds_nothing(path: paths.Path, value: Any, releases: Mapping[str, Release]) -> bool:
    """Say whether a key has our default or, where we have none, its program's."""
    default = paths.get(defaults(Site), path)
    if default is not None:
        return same(default, value)
    program = None if key_of(path) == _STREAM else _programs_default(path, releases)
    return value in (None, [], {}) or same(value, "" if program is None else program)


def _programs_default(path: paths.Path, releases: Mapping[str, Release]) -> Any:
    if path[1:2] == ("featureGates",) and path[2:]:
        return False
    if key_of(path) == "mosquitto.enable":
        return releases[KUBEEDGE].within({"from": "1.16"})
    for component, places in CONFIG_PLACES.items():
        if (path[0],) in places:
            return paths.get(default_config(component, releases[program_of(component)]), path[1:])
    return None


def quantity(key: str, value: Any) -> Any:
    """Return an amount of a resource as text, as our defaults have it."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if ".resources." in key and number else value
