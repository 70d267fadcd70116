"""`generator import`: existing files turned into one site file that renders to the same.

A config is brought over as what differs from what our charts render for the same releases and
profile, both completed by the program's own defaults. Secrets become references, never values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator import go_yaml
from generator.check.sources import CONFIGS, Source, read_sources
from generator.check.together import SECTION, combinations, profiles_of
from generator.check.values import layers_of
from generator.load import LoadedSite
from generator.load.layers import Layers
from generator.load.site import judge, normalised
from generator.model import paths
from generator.model.rules import overlay
from generator.model.site import CHARTS, Site
from generator.model.tree import defaults
from generator.render import render_site
from generator.upstream import EDGEMESH, KUBEEDGE, Release, default_config, program_of

# What belongs to one node, or is a secret, or is written anew by the program at every start.
_LEFT_OUT = {
    "edgecore": {
        "edgecoreVersion": "edgecore fills it in",
        "modules.edged.hostnameOverride": "the node's own name",
        "modules.edged.nodeIP": "the node's own address",
        "modules.edgeHub.token": "a secret, and spent after the node has joined",
        "modules.eventBus.mqttPassword": "a secret; set it where the site file is not kept",
    },
    "cloudcore": {
        "kubeAPIConfig.qps": "cloudcore overwrites it with 5 times nodeLimit",
        "kubeAPIConfig.burst": "cloudcore overwrites it with 10 times nodeLimit",
        "commonConfig.tunnelPort": "cloudcore negotiates it at start",
    },
}
_AGENT_SETS = ("kubeAPIConfig.mode", "kubeAPIConfig.Mode")


@dataclass(frozen=True)
class Taken:
    """One key of the site file: its value and where it came from."""

    key: str
    value: Any
    origin: str


@dataclass
class Imported:
    """A site file made from existing files, and what was not carried over as it was."""

    keys: dict[str, Taken] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    configs: list[Source] = field(default_factory=list)

    def take(self, key: str, value: Any, origin: str) -> None:
        """Set a key of the site; what came first stays."""
        self.keys.setdefault(key, Taken(key, value, origin))

    @property
    def values(self) -> dict[str, Any]:
        """Return the site as nested values."""
        built: dict[str, Any] = {}
        for taken in self.keys.values():
            _put(built, taken.key, taken.value)
        return built

    def text(self) -> str:
        """Write the site file, each value with the file and line it came from."""
        names = ", ".join(
            dict.fromkeys(t.origin.rsplit(":", 1)[0] for t in self.keys.values() if ":" in t.origin)
        )
        head = f"# Brought over by `generator import` from {names or 'files without differences'}.\n"
        notes = "".join(f"# Not taken over: {note}\n" for note in self.notes)
        origins = {tuple(_parts(taken.key)): taken.origin for taken in self.keys.values()}
        return head + notes + ("\n".join(_lines(self.values, (), origins)) or "{}") + "\n"


def _parts(key: str) -> list[str]:
    """Split a key at its dots; a part in brackets keeps its own, as in `evictionHard.[nodefs.available]`."""
    return [bare or quoted for quoted, bare in re.findall(r"\[([^\]]+)\]|([^.\[\]]+)", key)]


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    *parents, last = _parts(key)
    for name in parents:
        values = values.setdefault(name, {})
    values[last] = value


def _lines(values: dict[str, Any], at: tuple[str, ...], origins: dict[tuple[str, ...], str]) -> Iterator[str]:
    pad = "  " * len(at)
    for name, value in values.items():
        path = (*at, name)
        if isinstance(value, dict) and path not in origins:
            yield f"{pad}{go_yaml.dump({name: {}}).split(':')[0]}:"
            yield from _lines(value, path, origins)
            continue
        first, *more = go_yaml.dump({name: value}).rstrip("\n").split("\n")
        comment = f"  # {origins[path]}" if origins.get(path) else ""
        yield f"{pad}{first}{comment}"
        yield from (f"{pad}{line}" for line in more)


def import_files(
    files: Sequence[str], *, kubeedge: str | None = None, edgemesh: str | None = None
) -> Imported:
    """Turn config and values files, or a manifest stream, into one site.

    The releases are those given, else those the files name, else the model's defaults. Raises
    InvalidInput for what cannot be read and UnknownRelease.
    """
    reading = read_sources(list(files))
    imported = Imported()
    releases = _releases(reading.sources, imported, kubeedge, edgemesh)
    for source in reading.sources:
        if source.kind not in CONFIGS:
            _take_values(source, imported)
    _take_profile(reading.sources, releases, imported)
    imported.configs = [source for source in reading.sources if source.kind in CONFIGS]
    if imported.configs:
        _take_configs(imported.configs, releases, imported)
    return imported


def _releases(
    sources: Iterable[Source], imported: Imported, kubeedge: str | None, edgemesh: str | None
) -> dict[str, Release]:
    found: dict[str, Release] = {}
    for program, key, given in (
        (KUBEEDGE, "kubeedgeVersion", kubeedge),
        (EDGEMESH, "edgemeshVersion", edgemesh),
    ):
        version, origin = (given, "given") if given else next(_named_versions(sources, program), (None, ""))
        default = str(Site.model_fields[key].default)
        found[program] = Release.parse(program, version or default)
        if version and found[program].tag != default:
            imported.take(key, found[program].tag, origin)
        elif not version:
            imported.notes.append(f"{key} is not named in the files, {default} is assumed")
    return found


def _named_versions(sources: Iterable[Source], program: str) -> Iterator[tuple[str, str]]:
    """Yield the versions that files name: edgecoreVersion, our own keys, and tags of images."""
    keys = {
        KUBEEDGE: ("edgecoreVersion", "kubeedgeVersion", "cloudCore.image.tag"),
        EDGEMESH: ("edgemeshVersion", "agent.image", "image"),
    }[program]
    for source in sources:
        for key in keys:
            value = paths.first(source.value, key)
            match = re.search(r"(?:^|:)v?(1\.\d+(?:\.\d+)?)$", value) if isinstance(value, str) else None
            if match:
                yield f"v{match[1]}", f"{source.file}:{source.line(tuple(key.split('.')))}"
    old = next(
        (s for s in sources if s.kind == "edgecore" and "v1alpha1" in str(s.value.get("apiVersion"))), None
    )
    if old and program == KUBEEDGE:
        yield "v1.11.3", f"{old.file}:{old.line(('apiVersion',))}"


# --- values of charts ----------------------------------------------------------------------


def _take_values(source: Source, imported: Imported) -> None:
    """Take the keys of a values file that differ from our defaults."""
    layers = layers_of(source)
    base = defaults(Site)
    for path, value in _leaves(normalised(layers.values)):
        key = _key(path)
        origin = layers.origin(path)
        where = origin.where if origin else source.file
        if key in ("agent.psk", "gateway.psk"):
            _take_psk(key, where, imported)
        elif key.startswith(("spiderpool", "agent.modules.edgeCNI", "agent.cloudCIDR", "agent.edgeCIDR")):
            imported.notes.append(f"{where}: {key}: edgeCNI and spiderpool have charts of their own")
        elif value is not None and not _same(paths.first(base, key), value) and not _is_tag(key):
            imported.take(key, value, where)


def _take_psk(key: str, where: str, imported: Imported) -> None:
    secret = f"{key}Secret"
    imported.take(secret, "edgemesh-psk", f"{where}, put the key there")
    imported.notes.append(f"{where}: {key} is a secret; it belongs into the Secret edgemesh-psk, key psk")


def _is_tag(key: str) -> bool:
    """Say whether a key only repeats the release: tags follow kubeedgeVersion here."""
    return key in (
        "cloudCore.image.tag",
        "iptablesManager.image.tag",
        "controllerManager.image.tag",
        "admission.image.tag",
        "appVersion",
    )


# --- configs of programs -------------------------------------------------------------------


def _take_profile(sources: Sequence[Source], releases: dict[str, Release], imported: Imported) -> None:
    first = next(combinations(sources, releases[KUBEEDGE], releases[EDGEMESH]), None)
    if first is None or "profile" in imported.keys or not {"edgecore", "edgemesh-agent"} & set(first.sources):
        return
    found = profiles_of(first)
    if found:
        open_choice = f"or {' or '.join(found[1:])}; the files leave it open"
        imported.take("profile", found[0], "recognised" if len(found) == 1 else open_choice)


def _take_configs(sources: list[Source], releases: dict[str, Release], imported: Imported) -> None:
    """Take what the configs have different from a rendering of the site as it is so far."""
    _take_first(sources, imported)
    base = _rendered(imported)
    edges = [source for source in sources if source.kind == "edgecore"]
    for source in sources:
        section = SECTION[source.kind]
        if source.kind == "edgecore" and len(edges) > 1:
            section = f"edgeCore.nodeGroups.{_group(source, edges)}"
        release = releases[program_of(source.kind)]
        _take_differences(source, section, release, base.get(source.kind, {}), imported)
        if section.startswith("edgeCore.nodeGroups.") and not any(
            k.startswith(section) for k in imported.keys
        ):
            imported.take(section, {}, source.file)


def _take_first(sources: Iterable[Source], imported: Imported) -> None:
    """Take what a rendering cannot do without: addresses, and the certificates that are in use."""
    for source in sources:
        value = source.value
        if source.kind == "cloudcore":
            address = paths.first(value, "modules.cloudHub.advertiseAddress")
            if address and all(address):
                where = f"{source.file}:{source.line(('modules', 'cloudHub', 'advertiseAddress'))}"
                imported.take("cloudCore.modules.cloudHub.advertiseAddress", address, where)
            if paths.first(value, "modules.cloudStream.enable") is True:
                where = f"{source.file}:{source.line(('modules', 'cloudStream', 'enable'))}"
                imported.take(
                    "cloudCore.streamCertificate.existingSecret",
                    "cloudcore",
                    f"{where}, the Secret of upstream's chart",
                )
            for key in ("enable", "mode"):
                found = paths.first(value, f"modules.iptablesManager.{key}")
                default = {"enable": True, "mode": "internal"}[key]
                wanted = default if found is None else found
                if wanted != paths.first(defaults(Site), f"iptablesManager.{key}"):
                    imported.take(f"iptablesManager.{key}", wanted, source.file)
        if source.kind == "edgemesh-agent":
            _take_secret(source, imported)
        if source.kind == "edgemesh-gateway":
            imported.take("gateway.enable", True, source.file)


def _take_secret(source: Source, imported: Imported) -> None:
    security = paths.first(source.value, "kubeAPIConfig.metaServer.security") or {}
    default_files = not any(name in security for name in ("tlsCaFile", "tlsCertFile", "tlsPrivateKeyFile"))
    if security.get("requireAuthorization") and not security.get("insecureSkipTLSVerify") and default_files:
        if imported.keys.get("profile") is None:
            imported.take("agent.metaServerSecret", "metaserver-certs", f"{source.file}, the guide's name")


def _rendered(imported: Imported) -> dict[str, dict[str, Any]]:
    """Render the site as it is so far; return each component's config, completed by defaults."""
    site = _site(imported)
    found: dict[str, dict[str, Any]] = {}
    for config in render_site(site).configs:
        release = site.edgemesh if config.component.startswith("edgemesh") else site.kubeedge
        if config.name == f"{config.component}.yaml":
            found[config.component] = overlay(default_config(config.component, release), config.data)
    return found


def _site(imported: Imported) -> LoadedSite:
    return judge(Layers(values=imported.values, count=1), CHARTS)


def _group(source: Source, edges: list[Source]) -> str:
    """Name a node group after its file or ConfigMap key."""
    stem = source.inside or source.file.rsplit("/", 1)[-1]
    stem = re.sub(r"\.?edgecore\.ya?ml$|\.ya?ml$", "", stem) or source.file.rsplit("/", 2)[-2:][0]
    name = re.sub(r"[^a-z0-9-]+", "-", stem.lower()).strip("-")[:63] or "edge"
    same = [other for other in edges[: edges.index(source)] if _stem(other) == stem]
    return f"{name}-{len(same) + 1}" if same else name


def _stem(source: Source) -> str:
    return re.sub(r"\.?edgecore\.ya?ml$|\.ya?ml$", "", source.inside or source.file.rsplit("/", 1)[-1])


def _take_differences(
    source: Source, section: str, release: Release, base: dict[str, Any], imported: Imported
) -> None:
    given = {name: value for name, value in source.value.items() if name not in ("apiVersion", "kind")}
    effective = overlay(default_config(source.kind, release), given)
    left_out = _LEFT_OUT.get(source.kind, {})
    for path, value in _leaves(effective):
        key = _key(path)
        if (
            path[0] in ("apiVersion", "kind")
            or value is None
            or key in _AGENT_SETS
            or _same(_at(base, path), value)
        ):
            continue
        where = (
            f"{source.file}:{source.line(path)}"
            if _at(given, path) is not None
            else f"{source.file}, the program's default"
        )
        if key in left_out:
            if _at(given, path) not in (None, ""):
                imported.notes.append(f"{where}: {key}: {left_out[key]}")
        elif key.startswith("modules.iptablesManager"):
            continue
        elif key == "modules.edgeTunnel.relayNodes":
            imported.take(f"{section.split('.')[0]}.relayNodes", value, where)
        else:
            imported.take(f"{section}.{key}", value, where)


def _leaves(value: Any, at: paths.Path = ()) -> Iterator[tuple[paths.Path, Any]]:
    """Yield the values of a map of maps; a list is one value."""
    if isinstance(value, dict) and value:
        for name, child in value.items():
            yield from _leaves(child, (*at, name))
    elif at and value != {}:
        yield at, value


def _key(path: paths.Path) -> str:
    return ".".join(f"[{part}]" if "." in str(part) else str(part) for part in path)


def _at(value: Any, path: paths.Path) -> Any:
    for part in path:
        if not isinstance(value, dict) or part not in value:
            return None
        value = value[part]
    return value


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


# --- proof ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A field whose effective value is another after import and rendering."""

    file: str
    key: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: was {self.before!r}, renders {self.after!r}"


def differences(imported: Imported) -> list[Difference]:
    """Render an imported site and list what is no longer as in the files.

    Secrets and what belongs to one node are left out. Raises InvalidInput when the files hold what
    no site may hold.
    """
    sources, site = imported.configs, _site(imported)
    configs = {config.name: config for config in render_site(site).configs}
    edges = [source for source in sources if source.kind == "edgecore"]
    found: list[Difference] = []
    for source in sources:
        name = f"{source.kind}.yaml"
        if source.kind == "edgecore" and len(edges) > 1:
            name = f"{_group(source, edges)}.edgecore.yaml"
        release = site.edgemesh if source.kind.startswith("edgemesh") else site.kubeedge
        complete = default_config(source.kind, release)
        before, after = overlay(complete, source.value), overlay(complete, configs[name].data)
        found += _different(source, before, after)
    return found


def _different(source: Source, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    silent = {*_LEFT_OUT.get(source.kind, {}), *_AGENT_SETS, "apiVersion", "kind"}
    keys = dict.fromkeys([path for path, _ in _leaves(before)] + [path for path, _ in _leaves(after)])
    for path in keys:
        one, other = _at(before, path), _at(after, path)
        if _key(path) not in silent and not _same(one, other) and (one, other) != (None, {}):
            yield Difference(source.file, _key(path), one, other)
