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
from generator.upstream import Release, default_config, program_of

_SMALL = "upstream's default, too little; ours stays"
# Defaults of upstream's charts that ours replace on purpose, and why.
_UPSTREAM: dict[str, tuple[Any, str]] = {
    "cloudCore.resources.limits.cpu": ("200m", _SMALL),
    "cloudCore.resources.limits.memory": ("1Gi", _SMALL),
    "iptablesManager.resources.limits.memory": ("50Mi", _SMALL),
    "controllerManager.resources.limits.memory": ("50Mi", _SMALL),
    "cloudCore.securityContext.privileged": (True, "upstream's default; the chart grants what is needed"),
    "cloudCore.service.type": ("NodePort", "upstream's default, ClusterIP on the host network; so is ours"),
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


def is_default(base: Mapping[str, Any], path: paths.Path, value: Any) -> bool:
    """Say whether a value is our default, or nothing where we have no default."""
    default = paths.get(base, path)
    return value is None or same(default, value) or (default is None and value in ("", [], {}))


def take_values(source: Source, releases: Mapping[str, Release], imported: Imported) -> None:
    """Take the keys of a values file that differ from our defaults; a secret becomes a reference."""
    layers = layers_of(source)
    values = normalised(layers.values)
    base = defaults(Site)
    imported.given |= set(values)
    unread = {problem.key: problem for problem in _unread(layers)}
    for path, value in leaves(values):
        key, where = key_of(path), _where(layers, path, source)
        followed = _FOLLOWS.fullmatch(key) and re.match(r"v?1\.\d", str(value))
        ignored = next((unread[name] for name in _names_above(path) if name in unread), None)
        why = _reason(key, value, ignored)
        if key in _PSK:
            section = key.split(".")[0]
            imported.refer_psk(
                section, where, f"edgemesh-{'agent-' if section == 'agent' else 'gateway-'}psk"
            )
        elif why:
            imported.left_out(f"{where}: {key}: {why}")
        elif followed or _FIXED.fullmatch(key) or (isinstance(value, str) and _OWN_IMAGE.fullmatch(value)):
            continue
        elif not is_default(base, path, value) and not _is_programs(path, value, releases):
            imported.take(key, value, where)
    if source.kind == "cloudcore-values" and paths.first(values, _STREAM) is not False:
        origin = f"{source.file}: upstream's chart makes this Secret for cloudStream"
        imported.take("cloudCore.streamCertificate.existingSecret", "cloudcore", origin)


def _reason(key: str, value: Any, ignored: Problem | None) -> str:
    """Say why a key is not carried over, "" if it is."""
    if key.startswith(_NOT_CARRIED):
        return "edgeCNI and spiderpool have charts of their own" if value else ""
    if re.sub(r"\.nodeGroups\.[^.]+", "", key) in SECRETS:
        return SECRETS[re.sub(r"\.nodeGroups\.[^.]+", "", key)] if value else ""
    if ignored:
        return f"{ignored.what}, to upstream's chart as well" + (f" ({ignored.fix})" if ignored.fix else "")
    return upstream_default(key, value)


def _unread(layers: Layers) -> Iterator[Problem]:
    try:
        judge(layers, CHARTS)
    except InvalidInput as error:
        yield from (problem for problem in error.problems if _IGNORED.match(problem.what))


def _names_above(path: paths.Path) -> Iterator[str]:
    """Yield the names of a key and of the keys above it."""
    return (paths.text(path[:end]) for end in range(len(path), 0, -1))


def _where(layers: Layers, path: paths.Path, source: Source) -> str:
    origin = layers.origin(path)
    return origin.where if origin else source.file


def _is_programs(path: paths.Path, value: Any, releases: Mapping[str, Release]) -> bool:
    """Say whether a key without a default of ours has the value that its program takes anyway."""
    if key_of(path) == _STREAM or paths.get(defaults(Site), path) is not None:
        return False
    for component, places in CONFIG_PLACES.items():
        if (path[0],) in places:
            default = paths.get(default_config(component, releases[program_of(component)]), path[1:])
            return default is not None and same(default, value)
    return False
