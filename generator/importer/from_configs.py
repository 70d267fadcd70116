"""Config files of the programs: what they have different from a rendering of the site so far."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from generator import go_yaml
from generator.check.sources import Object, Source
from generator.check.together import SECTION, combinations, profiles_of
from generator.errors import InvalidInput
from generator.importer.as_read import as_read, ignored
from generator.importer.from_objects import take_objects
from generator.importer.from_values import SECRETS
from generator.importer.site_file import Imported, key_of
from generator.load.layers import Layers
from generator.load.site import LoadedSite, judge
from generator.model import paths
from generator.model.rules import overlay, same
from generator.model.site import Site
from generator.model.tree import defaults, leaves
from generator.render import render_site
from generator.upstream import EDGEMESH, KUBEEDGE, Release, default_config, program_of

# The ConfigMap of the agent that the charts run on cloud nodes, where these differ.
_CLOUD = "agent-cloud-cfg"
_ENDPOINT = "modules.metaManager.metaServer"
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
    if kind.startswith("edgemesh") and _OWN_FIELD.fullmatch(key):
        return "EdgeMesh sets it itself and breaks on another value"
    rows = (why for which, name, why in _LEFT_OUT if which == kind and f"{key}.".startswith(f"{name}."))
    return next(rows, "")


# What the site says once and several configs follow: key of a config, its form, keys of the site.
_SHARED = (
    ("edgecore", f"{_ENDPOINT}.server", r"([0-9.]+):([0-9]+)", ("metaServer.address", "metaServer.port")),
    ("edgecore", f"{_ENDPOINT}.dummyServer", r"([0-9.]+):[0-9]+", ("metaServer.dummyAddress",)),
)
# The same, where a profile with TLS makes the charts name the files (1.12 to 1.16).
_FILES = {"tlsCaFile": "caFile", "tlsCertFile": "certFile", "tlsPrivateKeyFile": "keyFile"}


def take_configs(releases: Mapping[str, Release], objects: list[Object], imported: Imported) -> None:
    """Take the profile, the objects around the configs, then what these have different from a rendering."""
    _leave_second_out(imported)
    _take_profile(releases, imported)
    take_objects(objects, releases[KUBEEDGE], imported)
    for source in imported.configs:
        release = releases[program_of(source.kind)]
        imported.notes += ignored(source, release)
        _FIRST[source.kind](source, release, as_read(source, release), imported)
    # Each stage is rendered with what the one before took: the charts derive edgecore's and the
    # gateway's config from the other two.
    for stage in _STAGES:
        found = [source for source in imported.configs if place_of(source, imported.configs) in stage]
        groups = [source for source in imported.configs if source.kind == "edgecore"]
        if "edgeCore" in stage and len(groups) > 1:
            found += groups
        if found:
            _take_stage(found, releases, imported)


_STAGES = (("cloudCore", "agent"), ("edgeCore", "gateway", "agent.cloudNodes"))


def _take_stage(found: list[Source], releases: Mapping[str, Release], imported: Imported) -> None:
    base = effective_configs(_base(imported))
    groups: dict[str, dict[str, tuple[Any, str]]] = {}
    for source in found:
        section = place_of(source, imported.configs)
        name = f"{source.kind}{'-cloud' if section == 'agent.cloudNodes' else ''}"
        rendered = base.get(name) or base.get(source.kind, {})
        own = dict(_differences(source, releases[program_of(source.kind)], rendered, imported))
        if section.startswith("edgeCore.nodeGroups."):
            groups[section] = own
            continue
        for key, (value, where) in own.items():
            inside = "modules.edgeTunnel.relayNodes" if section == "agent.cloudNodes" else "relayNodes"
            imported.take(f"{section}.{inside if key == 'relayNodes' else key}", value, where)
    _take_groups(groups, imported)


def _take_groups(groups: dict[str, dict[str, tuple[Any, str]]], imported: Imported) -> None:
    """Take what all node groups have in common for edgeCore itself, the rest for each group."""
    first = next(iter(groups.values()), {})
    common = {
        key
        for key, (value, _) in first.items()
        if f"edgeCore.{key}" not in imported.keys
        and all(key in own and same(own[key][0], value) for own in groups.values())
    }
    for key in (key for key in first if key in common):
        imported.take(f"edgeCore.{key}", first[key][0], f"{first[key][1]}, and in all node groups")
    for section, own in groups.items():
        rest = {key: taken for key, taken in own.items() if key not in common}
        for key, (value, where) in rest.items():
            imported.take(f"{section}.{key}", value, where)
        if not rest:
            imported.take(section, {}, "")


def _base(imported: Imported) -> LoadedSite:
    """Judge the site as it is so far, without the keys that no site may hold."""
    try:
        return site_of(imported)
    except InvalidInput as error:
        keys = imported.without({problem.key for problem in error.problems})
        shape = ("kubeedgeVersion", "edgemeshVersion", "gateway.enable")
        if len(keys) == len(imported.keys):
            keys = {key: taken for key, taken in keys.items() if key in shape}
        return _base(replace(imported, keys=keys)) if keys != imported.keys else site_of(Imported())


def _leave_second_out(imported: Imported) -> None:
    """Leave out, with a note, a second config of a program of which a site holds one."""
    seen: set[str] = set()
    for source in list(imported.configs):
        place = place_of(source, imported.configs)
        if place in seen:
            imported.configs.remove(source)
            imported.left_out(
                f"{source.file}:{source.line(())}: a second {source.kind}.yaml; a site holds one"
            )
        seen.add(place)


def place_of(source: Source, configs: Iterable[Source]) -> str:
    """Return the key of the model that a config stands under; several edgecore.yaml are node groups."""
    edges = [other for other in configs if other.kind == "edgecore"]
    if source.kind == "edgemesh-agent" and source.name.endswith(_CLOUD):
        return "agent.cloudNodes"
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
    """Judge the site so far, as far as the files go; raise InvalidInput for what no site may hold."""
    return judge(Layers(values=imported.values, count=1), imported.charts)


def effective_configs(site: LoadedSite) -> dict[str, dict[str, Any]]:
    """Render a site; return each config by component (or file name) completed by the program's defaults."""
    found: dict[str, dict[str, Any]] = {}
    for config in render_site(site).configs:
        release = site.edgemesh if program_of(config.component) == EDGEMESH else site.kubeedge
        complete = overlay(default_config(config.component, release), config.data)
        # Of two agents the second, by the name of its ConfigMap, is that of cloud nodes.
        twin = config.component == "edgemesh-agent" and config.component in found
        found[f"{config.component}-cloud" if twin else config.name] = complete
        found.setdefault(config.component, complete)
    return found


def _take_profile(releases: Mapping[str, Release], imported: Imported) -> None:
    sources = [source for source in imported.configs if not source.name.endswith(_CLOUD)]
    sources += _from_values(sources, imported)
    each = list(combinations(sources, releases[KUBEEDGE], releases[EDGEMESH]))
    first = each[0] if each else None
    if first is None or "profile" in imported.keys or not {"edgecore", "edgemesh-agent"} & set(first.sources):
        return
    found = [name for name in profiles_of(first) if all(name in profiles_of(other) for other in each)]
    if found:
        rest = f"or {' or '.join(found[1:])}, the files leave it open" if found[1:] else "recognised"
        imported.take("profile", found[0], rest)


def _from_values(sources: list[Source], imported: Imported) -> Iterator[Source]:
    """Yield the configs that the values files given beside them amount to."""
    kinds = {source.kind for source in sources}
    sections = {key.split(".")[0] for key in imported.keys}
    for kind, section in SECTION.items():
        if kind not in kinds and section in sections and kind != "edgecore":
            with suppress(InvalidInput):
                config = effective_configs(site_of(imported))[kind]
                yield Source(section, kind, go_yaml.Document(config))


# --- what a rendering cannot do without, or computes other fields from ------------------------


def _take_cloud(source: Source, release: Release, own: dict[str, Any], imported: Imported) -> None:
    hub = "modules.cloudHub"
    own = overlay(default_config("cloudcore", release), own)
    for name in ("advertiseAddress", "nodeLimit"):
        value = paths.first(own, f"{hub}.{name}")
        if value and value != [""] and value != paths.first(defaults(Site), f"cloudCore.{hub}.{name}"):
            imported.take(f"cloudCore.{hub}.{name}", value, _where(source, f"{hub}.{name}"))
    if paths.first(own, "modules.cloudStream.enable") is True:
        origin = f"{_where(source, 'modules.cloudStream.enable')}, the Secret of upstream's chart"
        imported.take("cloudCore.streamCertificate.existingSecret", "cloudcore", origin)
    # The program's defaults; the charts' own is the external manager.
    for name, default in (("enable", True), ("mode", "internal")):
        found = paths.first(own, f"modules.iptablesManager.{name}")
        wanted = default if found is None else found
        if wanted != paths.first(defaults(Site), f"iptablesManager.{name}"):
            imported.take(
                f"iptablesManager.{name}", wanted, _where(source, f"modules.iptablesManager.{name}")
            )


def _take_edge(source: Source, release: Release, own: dict[str, Any], imported: Imported) -> None:
    for kind, key, form, targets in _SHARED:
        match = re.fullmatch(form, str(paths.first(own, key))) if kind == source.kind else None
        for target, text in zip(targets, match.groups() if match else (), strict=False):
            value: Any = int(text) if target.endswith("port") else text
            if not same(value, paths.first(defaults(Site), target)):
                imported.take(target, value, _where(source, key))
    _take_what_is_missing(source, own, imported)
    profile = imported.keys.get("profile")
    files = profile and profile.value != "plain" and release.within({"to": "1.16"})
    for name, target in _FILES.items() if files else ():
        file = paths.first(own, f"{_ENDPOINT}.{name}")
        if file and file != paths.first(defaults(Site), f"metaServer.{target}"):
            imported.take(f"metaServer.{target}", file, _where(source, f"{_ENDPOINT}.{name}"))


def _take_what_is_missing(source: Source, own: dict[str, Any], imported: Imported) -> None:
    """Take what edgecore.yaml tells of programs whose files were not given."""
    charts = imported.charts
    kubelet = "modules.edged.tailoredKubeletConfig"
    dns = paths.first(own, f"{kubelet}.clusterDNS") or paths.first(own, "modules.edged.clusterDNS")
    domain = paths.first(own, f"{kubelet}.clusterDomain") or "cluster.local"
    bridge = paths.first(defaults(Site), "agent.commonConfig.bridgeDeviceIP")
    foreign = dns and bridge not in (dns if isinstance(dns, list) else [dns])
    if "edgemesh" not in charts and (foreign or domain != "cluster.local"):
        imported.take("agent.enable", False, f"{source.file}: its name server is not EdgeMesh's")
    if "cloudcore" not in charts and paths.first(own, "modules.edgeHub.quic.enable") is True:
        where = _where(source, "modules.edgeHub.quic.enable")
        imported.take("cloudCore.modules.cloudHub.quic.enable", True, where)


def _take_agent(source: Source, _: Release, own: dict[str, Any], imported: Imported) -> None:
    if source.name.endswith(_CLOUD):
        return
    relays = paths.first(own, "modules.edgeTunnel.relayNodes")
    if relays:
        imported.take("agent.relayNodes", relays, _where(source, "modules.edgeTunnel.relayNodes"))
    security = paths.first(own, "kubeAPIConfig.metaServer.security") or {}
    own_files = any(name in security for name in ("tlsCaFile", "tlsCertFile", "tlsPrivateKeyFile"))
    verifies = security.get("requireAuthorization") and not security.get("insecureSkipTLSVerify")
    if verifies and not own_files and "profile" not in imported.keys:
        imported.take("agent.metaServerSecret", "metaserver-certs", f"{source.file}, the guide's name")


def _take_gateway(source: Source, _: Release, __: dict[str, Any], imported: Imported) -> None:
    imported.take("gateway.enable", True, source.file)


_FIRST: dict[str, Callable[[Source, Release, dict[str, Any], Imported], None]] = {
    "cloudcore": _take_cloud,
    "edgecore": _take_edge,
    "edgemesh-agent": _take_agent,
    "edgemesh-gateway": _take_gateway,
}


# --- the rest --------------------------------------------------------------------------------


def _differences(
    source: Source, release: Release, base: dict[str, Any], imported: Imported
) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Yield the keys that a config has different from a rendering, with values and places."""
    own = as_read(source, release)
    complete = overlay(default_config(source.kind, release), own)
    for path, value in leaves(complete):
        key = key_of(path)
        if value is None or is_idle(path, own, complete) or equal(key, paths.get(base, path), value):
            continue
        where = _where(source, *path)
        why = left_out(source.kind, key)
        if why:
            if paths.get(own, path) not in (None, ""):
                imported.left_out(f"{where}: {key}: {why}")
        elif key == "modules.edgeTunnel.relayNodes":
            yield "relayNodes", (value, where)
        elif not key.startswith("modules.iptablesManager."):
            yield key, (value, where)


# cloudcore raises these by itself to what nodeLimit takes, and so do the charts.
_RAISED = re.compile(
    r"modules\.edgeController\.(load\.(queryNode|patchNode|createLease)Workers"
    r"|buffer\.(queryNode|patchNode|createLease))"
)


def is_idle(path: paths.Path, own: dict[str, Any], complete: dict[str, Any]) -> bool:
    """Say whether a key that the file leaves out has a default that does not count.

    That is the address of something that is off, and what cloudcore raises.
    """
    off = paths.get(complete, (*path[:-1], "enable")) is False and path[-1] == "server"
    return paths.get(own, path) is None and (off or _RAISED.fullmatch(key_of(path)) is not None)


def equal(key: str, one: Any, other: Any) -> bool:
    """Say whether two values of a field come to the same."""
    if key == "kubeAPIConfig.metaServer.server" and isinstance(one, str) and isinstance(other, str):
        # The agent makes https of http by itself.
        return one.replace("https://", "http://") == other.replace("https://", "http://")
    return (one or None) == (other or None) if one is None or other is None else same(one, other)


def _where(source: Source, *path: str | int) -> str:
    path = tuple(path[0].split(".")) if len(path) == 1 and isinstance(path[0], str) else path
    own = paths.get(source.value, path) is not None
    return f"{source.file}:{source.line(path)}" if own else f"{source.file}, the program's default"
