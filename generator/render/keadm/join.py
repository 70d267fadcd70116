"""join.sh: `keadm join` for the nodes of a group, then the rendered edgecore.yaml replaces keadm's file."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from generator import paths
from generator.render.node_script import defaults, doctor_script, update_script
from generator.render.site import RenderedConfig, Rendering
from generator.texts import template
from generator.upstream import Release

# The certificate files of edgecore while it uses the file of keadm (the same in every release).
_FETCHED = {
    "tlsCaFile": "/etc/kubeedge/ca/rootCA.crt",
    "tlsCertFile": "/etc/kubeedge/certs/server.crt",
    "tlsPrivateKeyFile": "/etc/kubeedge/certs/server.key",
}


@dataclass(frozen=True)
class _Flag:
    """A flag of keadm join: the place of its value in edgecore.yaml, and the releases that have the flag."""

    name: str
    field: str
    span: dict[str, str]


_FLAGS = (
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
# Without edged the node does not register and gets no pods. Pods that start before the rendered file is in
# place keep the files and the token of that time, and edgecore rejects the token after its restart (seen on
# 1.20 and 1.23). keadm cannot set registerNode (a *bool).
_WITHOUT_PODS = _Flag("set", "modules.edged.enable", {"from": "1.18"})
_MARK = "# Written by `generator render`"
_LABELS = ("modules.edged.labels", "modules.edged.nodeLabels")
_TAINTS = (
    "modules.edged.taints",
    "modules.edged.registerWithTaints",
    "modules.edged.tailoredKubeletConfig.registerWithTaints",
)


def is_ours(script: str) -> bool:
    """Return whether the generator wrote a join.sh."""
    return _MARK in script


def join_script(rendering: Rendering, config: RenderedConfig) -> str:
    """Write join.sh of a node group: join with keadm, then replace edgecore.yaml by the rendered file.

    keadm rejects a node that already has the file. Its --set does not support lists with colons, values with
    `=` or gates with dots. So the script replaces the file after the node has its certificate. From 1.18 on
    the node registers only after that.
    """
    release = rendering.site.kubeedge
    quic = paths.first(config.data, "modules.edgeHub.quic.enable") is True
    protocol = "quic" if quic else "websocket"
    server = paths.first(config.data, f"modules.edgeHub.{protocol}.server")
    flags = [*_flags(config.data, release, protocol), *_site_flags(rendering, release)]
    if server:
        flags.append(f"--cloudcore-ipport={server}")
    name = paths.first(config.data, "modules.edged.hostnameOverride")
    brought, awaited = _certificate(rendering, config)
    return template("join.sh.j2").render(
        release=str(release),
        group=config.group,
        server=server,
        flags=[shlex.quote(flag) for flag in flags],
        name=shlex.quote(name) if name else "",
        fetched=_FETCHED["tlsCertFile"],
        moved=_quoted(_moved(config.data)),
        awaited=[shlex.quote(path) for path in awaited.values()],
        beside=["edgecore.yaml", "update.sh", *map(shlex.quote, brought)],
        early=not release.within(_WITHOUT_PODS.span),
        taints=[shlex.quote(taint) for taint in _taints(config.data)],
    )


def update_files(rendering: Rendering, config: RenderedConfig) -> dict[str, str]:
    """Return update.sh, which replaces edgecore.yaml of a joined node, and the files that it reads, by name.

    The script is that of the edgecore chart's rollout. doctor.sh beside it reads the same files.
    """
    release, values = rendering.site.kubeedge, rendering.site.values
    brought, _ = _certificate(rendering, config)
    rollout: dict[str, Any] = paths.first(values, "edgeCore.rollout") or {}
    settings = template("update-settings.j2").render(
        release=str(release),
        group=config.group,
        timeout=rollout["healthTimeout"],
        restart=shlex.quote(rollout["restartCommand"]),
        keys=shlex.quote(" ".join(rollout["nodeKeys"])),
        files=shlex.quote(" ".join(f"{name}={path}" for name, path in brought.items())),
    )
    return {
        "update.sh": update_script(),
        "doctor.sh": doctor_script(),
        "defaults": defaults(release.minor),
        "settings": settings,
    }


def files_beside(rendering: Rendering, config: RenderedConfig) -> dict[str, str]:
    """Map the endpoint's certificate files that must be beside join.sh to their fields in edgecore.yaml."""
    beside, _ = _certificate(rendering, config)
    files = {key: paths.first(config.data, f"modules.metaManager.metaServer.{key}") for key in _FETCHED}
    return {PurePosixPath(path).name: key for key, path in files.items() if path in beside.values()}


def _quoted(pairs: dict[str, str]) -> list[tuple[str, str]]:
    return [(shlex.quote(left), shlex.quote(right)) for left, right in pairs.items()]


def _flags(config: dict[str, Any], release: Release, protocol: str) -> Iterator[str]:
    yield f"--kubeedge-version={release.tag}"
    port = re.search(r":(\d+)/?$", paths.first(config, "modules.edgeHub.httpServer") or "")
    if port and port[1] != "10002":
        yield f"--certport={port[1]}"
    for flag in _FLAGS:
        value = paths.first(config, flag.field)
        if release.within(flag.span) and value:
            yield f"--{flag.name}={value}"
    if release.within({"from": "1.16"}) and protocol == "quic":
        yield "--hub-protocol=quic"
    labels: dict[str, Any] = next(filter(None, (paths.first(config, field) for field in _LABELS)), {})
    if release.within({"from": "1.8"}) and labels:
        yield "--labels=" + ",".join(f"{name}={value}" for name, value in sorted(labels.items()))
    if release.within(_WITHOUT_PODS.span):
        yield f"--{_WITHOUT_PODS.name}={_WITHOUT_PODS.field}=false"


def _site_flags(rendering: Rendering, release: Release) -> Iterator[str]:
    values = rendering.site.values
    if release.within({"from": "1.10", "to": "1.20"}):
        yield f"--with-mqtt={str(with_mqtt(values, release)).lower()}"
    repository = image_repository(values)
    if repository and release.within({"from": "1.11"}):
        yield f"--image-repository={repository}"


def with_mqtt(values: dict[str, Any], release: Release) -> bool:
    """Return whether keadm installs the MQTT broker on a node that join.sh joins."""
    # From 1.16 on the cloudcore chart installs the broker; before, keadm does by default.
    unset = paths.first(values, "mosquitto.enable") is None
    return unset and release.within({"from": "1.10", "to": "1.15"})


def image_repository(values: dict[str, Any]) -> str:
    """Return the repository from which keadm pulls its images, "" for their usual names."""
    registry = paths.first(values, "images.registry")
    return f"{registry.rstrip('/')}/kubeedge" if registry else ""


def _moved(config: dict[str, Any]) -> dict[str, str]:
    """Map the certificate files that edgecore got to the paths in edgecore.yaml, if they differ."""
    hub = {key: paths.first(config, f"modules.edgeHub.{key}") for key in _FETCHED}
    return {_FETCHED[key]: path for key, path in hub.items() if path and path != _FETCHED[key]}


def _certificate(rendering: Rendering, config: RenderedConfig) -> tuple[dict[str, str], dict[str, str]]:
    """Return the certificate files that are beside the script, and those that a DaemonSet copies."""
    files = _brought(config.data, rendering.site.kubeedge)
    copied = paths.first(rendering.site.values, "certificateCopy.enable") is True
    return ({}, files) if copied else (files, {})


def _brought(config: dict[str, Any], release: Release) -> dict[str, str]:
    """Map the endpoint's certificate files next to the script to their paths on the node.

    Without them edgecore crashes. They cannot be copied before the join, because keadm rejects a node with
    files in /etc/kubeedge.
    """
    gate = paths.first(config, "featureGates.requireAuthorization")
    served = paths.first(config, "modules.metaManager.metaServer.enable")
    if not (gate and served and release.within({"from": "1.12", "to": "1.16"})):
        return {}
    files = [paths.first(config, f"modules.metaManager.metaServer.{key}") for key in _FETCHED]
    return {PurePosixPath(path).name: path for path in files if path and path not in _FETCHED.values()}


def _taints(config: dict[str, Any]) -> list[str]:
    """Return the taints as kubectl writes them; 1.12 to 1.17 spell the keys with a capital letter."""
    found = []
    for field in _TAINTS:
        for taint in paths.first(config, field) or []:
            part = {name.lower(): value for name, value in taint.items()}
            value = f"={part['value']}" if part.get("value") else ""
            found.append(f"{part.get('key', '')}{value}:{part.get('effect', '')}")
    return list(dict.fromkeys(found))
