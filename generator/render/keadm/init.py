"""keadm-init.sh: the values of a site that `keadm init` can set, and those that it cannot."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

from generator import paths
from generator.model.quick import defaults
from generator.render.site import Rendering, stream
from generator.texts import template
from generator.upstream import Release

# From 1.11 on keadm init installs the upstream chart. These keys of that chart work like ours, by the first
# release whose chart reads them.
_KEADM_KEYS = {
    "1.11": [
        "cloudCore.replicaCount",
        "cloudCore.hostNetWork",
        "cloudCore.modules.cloudHub.dnsNames",
        "cloudCore.modules.cloudHub.nodeLimit",
        "cloudCore.modules.cloudHub.websocket.enable",
        "cloudCore.modules.cloudHub.quic.enable",
        "cloudCore.modules.cloudHub.quic.maxIncomingStreams",
        "cloudCore.modules.cloudHub.https.enable",
        "cloudCore.modules.cloudStream.enable",
        "cloudCore.modules.dynamicController.enable",
        "cloudCore.modules.router.enable",
        "cloudCore.service.enable",
        "cloudCore.service.type",
        "cloudCore.service.cloudhub*NodePort",
        "cloudCore.service.cloudstreamNodePort",
        "cloudCore.service.tunnelNodePort",
        "cloudCore.service.annotations.*",
        "iptablesManager.enable",
        "iptablesManager.mode",
        "iptablesManager.hostNetWork",
        "controllerManager.enable",
    ],
    "1.15": ["cloudCore.modules.nodeUpgradeJobController.enable"],
    "1.16": ["cloudCore.modules.taskManager.enable", "mosquitto.enable"],
    "1.17": ["cloudCore.featureGates.requireAuthorization"],
    "1.18": [
        "cloudCore.strategy.*",
        "cloudCore.modules.cloudHub.websocket.port",
        "cloudCore.modules.cloudHub.quic.port",
    ],
    "1.20": ["admission.enable", "admission.replicaCount", "admission.certsSecretName"],
    "1.23": ["iptablesManager.framework"],
}
# The workloads of that chart with their first release, and the keys of a pod that it reads for them.
_WORKLOADS = {
    "cloudCore": "1.11",
    "iptablesManager": "1.11",
    "controllerManager": "1.11",
    "mosquitto": "1.16",
    "admission": "1.20",
}
_POD = ("image.repository", "image.tag", "image.pullPolicy", "annotations.*", "affinity.*", "tolerations")
_NODE_SELECTED = ("cloudCore", "iptablesManager", "admission")
# Keys that only our rules read.
_RULE_KEYS = ("cloudCore.existingCA", "cloudCore.loadBalancerAddress")
_ADVERTISED = "cloudCore.modules.cloudHub.advertiseAddress"
_CLOUD_KEYS = ("cloudCore", "iptablesManager", "controllerManager", "admission", "mosquitto")
_RBAC_KINDS = ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")


def init_script(rendering: Rendering) -> str:
    """Write keadm-init.sh: the `keadm init` command, and comments with the keys that keadm cannot set."""
    site = rendering.site
    wanted = dict(_wanted(site.values, site.kubeedge))
    addresses = wanted.pop(tuple(_ADVERTISED.split(".")), [])
    flags = [f"--kubeedge-version={site.kubeedge.tag}"]
    if addresses:
        flags.append(f"--advertise-address={','.join(addresses)}")
    settable = {path: value for path, value in wanted.items() if _can_set(path, value, site.kubeedge)}
    for path, value in settable.items():
        flags += [f"--set={assignment}" for assignment in _assignments(_set_key(path), value)]
    # These keys become comments, which a line break would end.
    lost = [" ".join(".".join(path).split()) for path in wanted if path not in settable]
    return template("keadm-init.sh.j2").render(
        release=str(site.kubeedge),
        flags=[shlex.quote(flag) for flag in flags],
        lost=[key for key in lost if key not in _RULE_KEYS],
        addresses=addresses,
        binary=site.kubeedge.within({"to": "1.10"}),
        roles=bool(roles(rendering)),
    )


def roles(rendering: Rendering) -> str:
    """Return the RBAC objects of cloudcore as YAML if keadm grants too few permissions, else "".

    keadm-init.sh takes them from manifests.yaml.

    For requireAuthorization the chart inside keadm grants no permissions up to 1.16, and too few from 1.21
    on: every token is rejected. It never grants the permissions for edgeAPIs.
    """
    values, release = rendering.site.values, rendering.site.kubeedge
    gate = paths.first(values, "cloudCore.featureGates.requireAuthorization") is True
    narrow = release.within({"from": "1.14", "to": "1.16"}) or release.within({"from": "1.21"})
    if release.within({"to": "1.10"}) or not ((gate and narrow) or values.get("edgeAPIs")):
        return ""
    return stream(
        [
            document
            for document in rendering.documents
            if document.kind in _RBAC_KINDS
            and document.data["metadata"]["labels"].get("app.kubernetes.io/component") == "cloudcore"
        ]
    )


def _wanted(values: dict[str, Any], release: Release) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield the keys of the cloud side whose values are not the defaults of keadm."""
    base = defaults()
    if release.within({"from": "1.11", "to": "1.15"}):
        # In these releases the default of keadm's chart is internal.
        base["iptablesManager"].pop("mode")
    registry = str(paths.first(values, "images.registry") or "").rstrip("/")
    for key in _CLOUD_KEYS:
        for path, value in paths.leaves(values.get(key), (key,)):
            same = value == paths.at(base, path) or value == []
            if not same and not (registry and path[1:] == ("image", "repository")):
                yield tuple(map(str, path)), value
        if registry and key in _WORKLOADS and release.within({"from": _WORKLOADS[key]}):
            yield (key, "image", "repository"), f"{registry}/{paths.first(values, f'{key}.image.repository')}"


def _can_set(path: tuple[str, ...], value: Any, release: Release) -> bool:
    """Return whether keadm's chart reads the key and keadm passes the value unchanged."""
    key = ".".join(path)
    if key == "cloudCore.service.type" and value == "LoadBalancer":
        # That chart uses ClusterIP instead.
        return False
    if key.startswith("cloudCore.modules.nodeUpgradeJobController") and release.within({"from": "1.16"}):
        return False
    known = any(fnmatch(key, pattern) for pattern in _patterns(release))
    return known and all(_survives(text) for text in _texts(value))


def _patterns(release: Release) -> Iterator[str]:
    for since, patterns in _KEADM_KEYS.items():
        if release.within({"from": since}):
            yield from patterns
    for part, since in _WORKLOADS.items():
        if release.within({"from": since}):
            yield from (f"{part}.{name}" for name in _POD)
            if part in _NODE_SELECTED:
                yield f"{part}.nodeSelector.*"
            # Before 1.20 those of the controller manager were fixed.
            if part != "controllerManager" or release.within({"from": "1.20"}):
                yield f"{part}.resources.*"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for child in value.values() if isinstance(value, dict) else value:
            yield from _texts(child)


def _survives(text: str) -> bool:
    """Return whether --set keeps a text as a string: it parses numbers, and that chart does not quote."""
    return re.fullmatch(r"true|false|null|[-+]?[0-9]+|[*&!%@`].*", text) is None


def _set_key(path: tuple[str, ...]) -> str:
    return ".".join(part.replace(".", "\\.") for part in path)


def _assignments(key: str, value: Any) -> Iterator[str]:
    """Write a value in Helm's --set grammar, which keadm passes on."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _assignments(f"{key}[{number}]", item)
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from _assignments(f"{key}.{_set_key((name,))}", child)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        escaped = re.sub(r"([,\\])", r"\\\1", text)
        yield f"{key}={escaped}"
