"""Scripts for keadm: `keadm init` with what it can carry of a site, `keadm join` for a node group.

Facts about keadm by release are kept as tables here; the scripts' text is in generator/texts/.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.charts import texts
from generator.model import paths
from generator.model.site import Site
from generator.model.tree import defaults
from generator.render import Config, Rendering
from generator.upstream import Release

# keadm init installs the upstream chart from 1.11 on; these are the keys of that chart that change
# cloudcore, with the first minor whose chart reads them (and the last).
_CARRIED: dict[str, dict[str, str]] = {
    "cloudCore.replicaCount": {"from": "1.11"},
    "cloudCore.hostNetWork": {"from": "1.11"},
    "cloudCore.featureGates.requireAuthorization": {"from": "1.17"},
    "cloudCore.modules.cloudHub.dnsNames": {"from": "1.11"},
    "cloudCore.modules.cloudHub.nodeLimit": {"from": "1.11"},
    "cloudCore.modules.cloudHub.websocket.enable": {"from": "1.11"},
    "cloudCore.modules.cloudHub.websocket.port": {"from": "1.18"},
    "cloudCore.modules.cloudHub.quic.enable": {"from": "1.11"},
    "cloudCore.modules.cloudHub.quic.port": {"from": "1.18"},
    "cloudCore.modules.cloudHub.quic.maxIncomingStreams": {"from": "1.11"},
    "cloudCore.modules.cloudHub.https.enable": {"from": "1.11"},
    "cloudCore.modules.dynamicController.enable": {"from": "1.11"},
    "cloudCore.modules.router.enable": {"from": "1.11"},
    "cloudCore.modules.taskManager.enable": {"from": "1.16"},
    "cloudCore.modules.nodeUpgradeJobController.enable": {"from": "1.15", "to": "1.15"},
    "cloudCore.service.enable": {"from": "1.11"},
    "cloudCore.service.type": {"from": "1.11"},
    "iptablesManager.enable": {"from": "1.11"},
    "iptablesManager.mode": {"from": "1.11"},
    "iptablesManager.framework": {"from": "1.23"},
    "controllerManager.enable": {"from": "1.11"},
    "admission.enable": {"from": "1.20"},
    "admission.certsSecretName": {"from": "1.20"},
    "mosquitto.enable": {"from": "1.16"},
}
_ADVERTISED = "cloudCore.modules.cloudHub.advertiseAddress"
_CLOUD_KEYS = ("cloudCore", "iptablesManager", "controllerManager", "admission", "mosquitto", "edgeAPIs")


def init_script(rendering: Rendering) -> str:
    """Write keadm-init.sh: the `keadm init` line, and as comments what keadm cannot carry."""
    site = rendering.site
    wanted = dict(_differences(site.values))
    addresses = wanted.pop(_ADVERTISED, [])
    flags = [f"--kubeedge-version={site.kubeedge.tag}"]
    if addresses:
        flags.append(f"--advertise-address={','.join(addresses)}")
    carried = {key: value for key, value in wanted.items() if _carries(key, site.kubeedge)}
    for key, value in carried.items():
        flags += [f"--set={assignment}" for assignment in _assignments(key, value)]
    lost = [key for key in wanted if key not in carried]
    return (
        texts()
        .get_template("keadm-init.sh.j2")
        .render(
            release=str(site.kubeedge),
            flags=[shlex.quote(flag) for flag in flags],
            lost=lost,
            addresses=addresses,
            binary=site.kubeedge.within({"to": "1.10"}),
        )
    )


def _carries(key: str, release: Release) -> bool:
    return key in _CARRIED and release.within(_CARRIED[key])


def _differences(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the cloud side's keys whose value is not the default of our charts."""
    base = defaults(Site)
    for key in _CLOUD_KEYS:
        yield from _leaves(values.get(key), base.get(key), key)


def _leaves(value: Any, base: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for name, child in value.items():
            yield from _leaves(child, base.get(name) if isinstance(base, dict) else None, f"{path}.{name}")
    elif value != base and value not in ({}, []):
        yield path, value


def _assignments(key: str, value: Any) -> Iterator[str]:
    """Write a value in Helm's --set grammar, which keadm passes on."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _assignments(f"{key}[{number}]", item)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        escaped = re.sub(r"([,\\])", r"\\\1", text)
        yield f"{key}={escaped}"


@dataclass(frozen=True)
class _Flag:
    """A flag of keadm join: where its value stands in edgecore.yaml, and the minors that have it."""

    name: str
    field: str
    span: dict[str, str]


_JOIN_FLAGS = (
    _Flag("cgroupdriver", "modules.edged.cgroupDriver", {"to": "1.11"}),
    _Flag("cgroupdriver", "modules.edged.tailoredKubeletConfig.cgroupDriver", {"from": "1.12"}),
    _Flag("runtimetype", "modules.edged.runtimeType", {"to": "1.11"}),
    _Flag("runtimetype", "modules.edged.containerRuntime", {"from": "1.12", "to": "1.15"}),
    _Flag("remote-runtime-endpoint", "modules.edged.remoteRuntimeEndpoint", {"to": "1.15"}),
    _Flag(
        "remote-runtime-endpoint",
        "modules.edged.tailoredKubeletConfig.containerRuntimeEndpoint",
        {"from": "1.16"},
    ),
)


def join_script(rendering: Rendering, config: Config) -> str:
    """Write join.sh of a node group: join with keadm, then put the rendered edgecore.yaml in place.

    keadm refuses a node that has the file already, and its --set cannot carry lists with colons,
    values with `=` or dotted gates; so the file replaces what keadm wrote once the node has its
    certificate.
    """
    release = rendering.site.kubeedge
    quic = paths.first(config.data, "modules.edgeHub.quic.enable") is True
    protocol = "quic" if quic else "websocket"
    server = paths.first(config.data, f"modules.edgeHub.{protocol}.server") or ""
    return (
        texts()
        .get_template("join.sh.j2")
        .render(
            release=str(release),
            group=config.group,
            server=server,
            flags=[shlex.quote(flag) for flag in _join_flags(config.data, release, protocol)],
            certificate=shlex.quote(paths.first(config.data, "modules.edgeHub.tlsCertFile")),
            has_name=paths.first(config.data, "modules.edged.hostnameOverride") is not None,
        )
    )


def _join_flags(config: dict[str, Any], release: Release, protocol: str) -> Iterator[str]:
    yield f"--kubeedge-version={release.tag}"
    port = re.search(r":(\d+)/?$", paths.first(config, "modules.edgeHub.httpServer") or "")
    if port and port[1] != "10002":
        yield f"--certport={port[1]}"
    for flag in _JOIN_FLAGS:
        value = paths.first(config, flag.field)
        if release.within(flag.span) and value:
            yield f"--{flag.name}={value}"
    if release.within({"from": "1.16"}) and protocol == "quic":
        yield "--hub-protocol=quic"
    if release.within({"from": "1.10", "to": "1.20"}):
        yield "--with-mqtt=false"
    labels = paths.first(config, "modules.edged.nodeLabels") or {}
    if release.within({"from": "1.8"}) and labels:
        yield "--labels=" + ",".join(f"{name}={value}" for name, value in sorted(labels.items()))
