"""Config files of the programs: what they have different from a rendering of the site so far."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from generator.check.sources import Source
from generator.check.together import SECTION, combinations, profiles_of
from generator.importer.site_file import Imported, key_of
from generator.load.layers import Layers
from generator.load.site import LoadedSite, judge
from generator.model import paths
from generator.model.rules import overlay, same
from generator.model.site import CHARTS, Site
from generator.model.tree import defaults, leaves
from generator.render import render_site
from generator.upstream import EDGEMESH, KUBEEDGE, Release, default_config, program_of

# What belongs to one node, is a secret, or is written anew by the program at every start.
LEFT_OUT = {
    "edgecore": {
        "edgecoreVersion": "edgecore fills it in",
        "modules.edged.hostnameOverride": "the node's own name",
        "modules.edged.nodeIP": "the node's own address",
        "modules.edgeHub.token": "a secret, and spent once the node has joined",
        "modules.eventBus.mqttPassword": "a secret; set it where the site file is not kept",
    },
    "cloudcore": {
        "kubeAPIConfig.qps": "cloudcore overwrites it with 5 times nodeLimit",
        "kubeAPIConfig.burst": "cloudcore overwrites it with 10 times nodeLimit",
        "commonConfig.tunnelPort": "cloudcore negotiates it at start",
    },
    "edgemesh-agent": {"kubeAPIConfig.mode": "the agent finds it out"},
    "edgemesh-gateway": {"kubeAPIConfig.mode": "the gateway finds it out"},
}


def take_configs(releases: dict[str, Release], imported: Imported) -> None:
    """Take the profile, then what the configs have different from its rendering."""
    _take_profile(releases, imported)
    for source in imported.configs:
        _FIRST[source.kind](source, imported)
    base = effective_configs(site_of(imported))
    for source in imported.configs:
        section = place_of(source, imported.configs)
        _take_differences(source, section, releases[program_of(source.kind)], base[source.kind], imported)
        if not any(key.startswith(section) for key in imported.keys):
            imported.take(section, {}, source.file)


def place_of(source: Source, configs: Iterable[Source]) -> str:
    """Return the key of the model that a config stands under; several edgecore.yaml are node groups."""
    edges = [other for other in configs if other.kind == "edgecore"]
    if source.kind != "edgecore" or len(edges) < 2:
        return SECTION[source.kind]
    name = _group(source)
    before = [other for other in edges[: edges.index(source)] if _group(other) == name]
    return f"edgeCore.nodeGroups.{name}" + (f"-{len(before) + 1}" if before else "")


def _group(source: Source) -> str:
    """Name a node group after the key in its ConfigMap, its file, or the folder of a plain edgecore.yaml."""
    for part in (source.inside, *reversed(source.file.split("/"))):
        stem = re.sub(r"(^|\.)edgecore(?=\.)|\.ya?ml$", "", part)
        name = re.sub(r"[^a-z0-9-]+", "-", stem.lower()).strip("-")[:50]
        if name and name != "edgecore":
            return name
    return "edge"


def site_of(imported: Imported) -> LoadedSite:
    """Judge the site as it is so far; raise InvalidInput for what no site may hold."""
    return judge(Layers(values=imported.values, count=1), CHARTS)


def effective_configs(site: LoadedSite) -> dict[str, dict[str, Any]]:
    """Render a site; return each config by component (or file name) completed by the program's defaults."""
    found: dict[str, dict[str, Any]] = {}
    for config in render_site(site).configs:
        release = site.edgemesh if program_of(config.component) == EDGEMESH else site.kubeedge
        complete = overlay(default_config(config.component, release), config.data)
        found[config.name] = complete
        found.setdefault(config.component, complete)
    return found


def _take_profile(releases: dict[str, Release], imported: Imported) -> None:
    first = next(combinations(imported.configs, releases[KUBEEDGE], releases[EDGEMESH]), None)
    if first is None or "profile" in imported.keys or not {"edgecore", "edgemesh-agent"} & set(first.sources):
        return
    found = profiles_of(first)
    if found:
        rest = f"or {' or '.join(found[1:])}, the files leave it open" if found[1:] else "recognised"
        imported.take("profile", found[0], rest)


# --- what a rendering cannot do without, or computes other fields from ------------------------


def _take_cloud(source: Source, imported: Imported) -> None:
    hub = "modules.cloudHub"
    for name in ("advertiseAddress", "nodeLimit"):
        value = paths.first(source.value, f"{hub}.{name}")
        if value and value != [""] and value != paths.first(defaults(Site), f"cloudCore.{hub}.{name}"):
            imported.take(f"cloudCore.{hub}.{name}", value, _where(source, f"{hub}.{name}"))
    if paths.first(source.value, "modules.cloudStream.enable") is True:
        origin = f"{_where(source, 'modules.cloudStream.enable')}, the Secret of upstream's chart"
        imported.take("cloudCore.streamCertificate.existingSecret", "cloudcore", origin)
    # The program's defaults; the charts' own is the external manager.
    for name, default in (("enable", True), ("mode", "internal")):
        found = paths.first(source.value, f"modules.iptablesManager.{name}")
        wanted = default if found is None else found
        if wanted != paths.first(defaults(Site), f"iptablesManager.{name}"):
            imported.take(
                f"iptablesManager.{name}", wanted, _where(source, f"modules.iptablesManager.{name}")
            )


def _take_agent(source: Source, imported: Imported) -> None:
    relays = paths.first(source.value, "modules.edgeTunnel.relayNodes")
    if relays:
        imported.take("agent.relayNodes", relays, _where(source, "modules.edgeTunnel.relayNodes"))
    security = paths.first(source.value, "kubeAPIConfig.metaServer.security") or {}
    own_files = any(name in security for name in ("tlsCaFile", "tlsCertFile", "tlsPrivateKeyFile"))
    verifies = security.get("requireAuthorization") and not security.get("insecureSkipTLSVerify")
    if verifies and not own_files and "profile" not in imported.keys:
        imported.take("agent.metaServerSecret", "metaserver-certs", f"{source.file}, the guide's name")


def _take_gateway(source: Source, imported: Imported) -> None:
    imported.take("gateway.enable", True, source.file)


_FIRST: dict[str, Callable[[Source, Imported], None]] = {
    "cloudcore": _take_cloud,
    "edgecore": lambda source, imported: None,
    "edgemesh-agent": _take_agent,
    "edgemesh-gateway": _take_gateway,
}


# --- the rest --------------------------------------------------------------------------------


def _take_differences(
    source: Source, section: str, release: Release, base: dict[str, Any], imported: Imported
) -> None:
    left_out = LEFT_OUT[source.kind]
    for path, value in leaves(overlay(default_config(source.kind, release), _own(source))):
        key = key_of(path)
        if value is None or equal(key, paths.get(base, path), value):
            continue
        where = _where(source, *path)
        if key in left_out:
            if paths.get(source.value, path) not in (None, ""):
                imported.notes.append(f"{where}: {key}: {left_out[key]}")
        elif key == "modules.edgeTunnel.relayNodes":
            imported.take(f"{section}.relayNodes", value, where)
        elif not key.startswith("modules.iptablesManager."):
            imported.take(f"{section}.{key}", value, where)


def _own(source: Source) -> dict[str, Any]:
    return {name: value for name, value in source.value.items() if name not in ("apiVersion", "kind")}


def equal(key: str, one: Any, other: Any) -> bool:
    """Say whether two values of a field come to the same; apiVersion and kind are looked at by nobody."""
    if key in ("apiVersion", "kind"):
        return True
    if key == "kubeAPIConfig.metaServer.server" and isinstance(one, str) and isinstance(other, str):
        # The agent makes https of http by itself.
        return one.replace("https://", "http://") == other.replace("https://", "http://")
    if one is None or other is None:
        return (one or None) == (other or None)
    return same(one, other)


def _where(source: Source, *path: str | int) -> str:
    path = tuple(path[0].split(".")) if len(path) == 1 and isinstance(path[0], str) else path
    own = paths.get(source.value, path) is not None
    return f"{source.file}:{source.line(path)}" if own else f"{source.file}, the program's default"
