"""The files together: whether cloud, edge and mesh agree, and which profile they amount to.

The configs are placed where the values model has them, so that generator/tables/rules.yaml
judge them as they judge a site.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from generator.check.findings import Finding, Level, at
from generator.check.sources import CONFIGS, Source
from generator.model import paths, rules
from generator.model.profiles import PROFILES, entries, expand, profile
from generator.model.rules import overlay
from generator.model.site import Site
from generator.model.tree import defaults
from generator.upstream import Release, config_fields, default_config
from generator.upstream.reading import as_read, read_at

SECTION = {
    "cloudcore": "cloudCore",
    "edgecore": "edgeCore",
    "edgemesh-agent": "agent",
    "edgemesh-gateway": "gateway",
}
_CHART = {
    "cloudcore": "cloudcore",
    "edgecore": "edgecore",
    "edgemesh-agent": "edgemesh",
    "edgemesh-gateway": "edgemesh",
}
_FILE = {section: f"{component}.yaml" for component, section in SECTION.items()}
# Keys of the charts that a rule may ask about although no config has them. `profile` is not set.
_KNOWN = {"agent.enable": True, "gateway.enable": True, "cluster.domain": "cluster.local", "profile": None}
# Rules about what our charts carry or mount; the programs read these keys like any other. And what is
# a problem below, where files are meant to work together, and a warning only in a site.
_OF_CHARTS = {
    "iptables-mode-field",
    "edge-cni",
    "psk-path",
    "psk-path-taken",
    "endpoint-without-controller",
    "stream-without-cloud",
    "stream-without-edge",
}


@cache
def _parts(key: str) -> paths.Path:
    return tuple(key.split("."))


@dataclass(frozen=True)
class Together:
    """One config of each component, as given (`values`) and as the programs complete it (`filled`)."""

    sources: dict[str, Source]
    values: dict[str, Any]
    filled: dict[str, Any]
    kubeedge: Release
    edgemesh: Release

    def effective(self, key: str) -> Any:
        """Return a key's value as the programs see it, None if its file was not given."""
        return paths.get(self.filled, _parts(key))

    def source_of(self, key: str) -> tuple[Source, paths.Path] | None:
        """Return the file that a key of the values model stands in, and its path there."""
        section, *rest = key.split(".")
        component = next((c for c, name in SECTION.items() if name == section), "")
        found = self.sources.get(component)
        return (found, tuple(rest)) if found else None


def combinations(sources: Iterable[Source], kubeedge: Release, edgemesh: Release) -> Iterator[Together]:
    """Yield the sets of one config per component; several edgecore.yaml are a set each."""
    by_kind: dict[str, list[Source]] = {}
    for source in sources:
        if source.kind in CONFIGS:
            by_kind.setdefault(source.kind, []).append(source)
    shared = {kind: found[0] for kind, found in by_kind.items() if kind != "edgecore"}
    edges = [{"edgecore": edge} for edge in by_kind.get("edgecore", ())] or [{}]
    for edge in edges:
        if shared or edge:
            yield _together({**shared, **edge}, kubeedge, edgemesh)


def _together(sources: dict[str, Source], kubeedge: Release, edgemesh: Release) -> Together:
    values: dict[str, Any] = {}
    for kind, source in sources.items():
        release = edgemesh if kind.startswith("edgemesh") else kubeedge
        values[SECTION[kind]] = as_read(source.value, config_fields(kind, release))
    filled: dict[str, Any] = {}
    for kind in sources:
        release = edgemesh if kind.startswith("edgemesh") else kubeedge
        filled[SECTION[kind]] = overlay(_defaults_of(kind, release), values[SECTION[kind]])
    return Together(sources, values, filled, kubeedge, edgemesh)


@cache
def _defaults_of(kind: str, release: Release) -> dict[str, Any]:
    """Return the defaults of a config, to be read only."""
    return default_config(kind, release)


def rule_findings(together: Together) -> Iterator[Finding]:
    """Yield what the rules find in the set, as far as its files show the keys."""
    charts = list(dict.fromkeys(_CHART[kind] for kind in together.sources))
    values = overlay(_charts_keys(together), together.values)
    versions = {"kubeedgeVersion": together.kubeedge.tag, "edgemeshVersion": together.edgemesh.tag}
    context = {**overlay(values, together.filled), **versions}
    seen = _seen(frozenset(together.sources), together.kubeedge, together.edgemesh)
    for finding in rules.evaluate(
        values, together.kubeedge, together.edgemesh, charts, context=context, sees=seen
    ):
        path = _given(together, finding)
        placed = together.source_of(".".join(map(str, path)))
        if placed and finding.rule not in _OF_CHARTS and not _assumed(together, finding, path):
            source, _ = placed
            level: Level = "warning" if finding.warning else "error"
            what, fix = (_of_files(text, together, source) for text in (finding.what, finding.fix))
            yield at(source, path[1:], f"rule/{finding.rule}", what, fix, level=level)


def _given(together: Together, finding: rules.Finding) -> paths.Path:
    """Return the key of a finding that its file gives another value than the default."""
    keys = [path for path in (finding.path, finding.also) if path]
    own = (path for path in keys if paths.at(together.values, path) is not None)
    return next((path for path in own if not _is_default(together, path)), finding.path)


def _assumed(together: Together, finding: rules.Finding, path: paths.Path) -> bool:
    """Say whether every key of a finding has its default, as in a file that the program wrote itself."""
    if not _is_default(together, path):
        return False
    others = (_parts(key) for key in finding.keys if key not in _KNOWN and together.source_of(key))
    return all(
        paths.at(together.values, other) is None or _is_default(together, other)
        for other in others
        if other != path
    )


def _charts_keys(together: Together) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key, value in _KNOWN.items():
        section = key.split(".")[0]
        if value is not None and (section in together.values or section not in _FILE):
            paths.put(built, key, value)
    return built


@cache
def _seen(kinds: frozenset[str], kubeedge: Release, edgemesh: Release) -> Callable[[str], bool]:
    """Return what says whether files of these kinds show a key: it is a field of one of their programs."""
    component_of = {section: kind for kind, section in SECTION.items() if kind in kinds}

    @cache
    def sees(key: str) -> bool:
        section, _, path = key.partition(".")
        component = component_of.get(section)
        if key in _KNOWN:
            return component is not None or section not in _FILE
        if component is None:
            return False
        release = edgemesh if component.startswith("edgemesh") else kubeedge
        # `.~` is a name of the map of which `.*` is a value.
        return read_at(config_fields(component, release), path.replace(".~", ".*")) is not None

    return sees


def _is_default(together: Together, path: paths.Path) -> bool:
    """Say whether a key only says what the program assumes anyway, as in a file that it wrote itself."""
    given = paths.at(together.values, path)
    section, *rest = path
    component = next(kind for kind, name in SECTION.items() if name == section)
    release = together.edgemesh if component.startswith("edgemesh") else together.kubeedge
    assumed = paths.at(_defaults_of(component, release), tuple(rest))
    if given is None or given == "":
        return bool(given == assumed == "")
    return bool(overlay(assumed, given) == assumed or given == _written(together, path))


def _written(together: Together, path: paths.Path) -> Any:
    """Return what cloudcore itself writes over a key, None if it leaves it alone."""
    times = {"kubeAPIConfig.qps": 5, "kubeAPIConfig.burst": 10}.get(paths.text(path[1:]))
    limit = together.effective("cloudCore.modules.cloudHub.nodeLimit")
    return times * limit if times and isinstance(limit, int) else None


_KEY = re.compile(r"\b(cloudCore|edgeCore|agent|gateway)\.([A-Za-z](?:\.?\w|\[\d*\])*)")
# Ways out that a file without profiles has not.
_PROFILE = re.compile(
    r",? or (?:use )?(?:a )?profile\b.*$|^use (?:a )?profile\b.*$|, or \w+\.\w+=false without EdgeMesh$"
)


def _of_files(text: str, together: Together, source: Source) -> str:
    """Return a rule's words with the keys of config files in the place of those of the charts."""

    def named(key: re.Match[str]) -> str:
        if key[1] == SECTION[source.kind]:
            return key[2]
        other = together.source_of(key[0])
        file = other[0].file if other and other[0].file != source.file else _FILE[key[1]]
        return f"{key[2]} of {file}"

    return _KEY.sub(named, _PROFILE.sub("", text)).replace(
        "metaServer.dummyAddress", "metaServer.dummyServer"
    )


# --- what the rules cannot say -------------------------------------------------------------


def agreement_findings(together: Together) -> Iterator[Finding]:
    """Yield where values of several files must agree and do not."""
    yield from _server_findings(together)
    yield from _endpoint_findings(together)
    yield from _hub_findings(together)
    yield from _stream_findings(together)
    yield from _mesh_findings(together)


def _differs(
    together: Together, key: str, what: str, fix: str, rule: str, level: Any = "error"
) -> Iterator[Finding]:
    placed = together.source_of(key)
    if placed:
        yield at(placed[0], placed[1], rule, what, fix, level=level)


def _endpoint_findings(together: Together) -> Iterator[Finding]:
    on = together.effective("edgeCore.modules.metaManager.metaServer.enable")
    dynamic = together.effective("cloudCore.modules.dynamicController.enable")
    if on is True and dynamic is False:
        what = "is off while edgecore serves the endpoint; every list is empty after 10 seconds"
        key = "cloudCore.modules.dynamicController.enable"
        yield from _differs(together, key, what, "set it true", "together/dynamic-controller")
    if on is False and together.effective("agent.kubeAPIConfig.metaServer.server"):
        what = "is off, and edgemesh-agent reads from it"
        key = "edgeCore.modules.metaManager.metaServer.enable"
        yield from _differs(together, key, what, "set it true", "together/endpoint")


def _server_findings(together: Together) -> Iterator[Finding]:
    """Yield where the agent's or the gateway's URL is none of edgecore's two listeners."""
    # The second listener is there under requireAuthorization only.
    gate = together.effective("edgeCore.featureGates.requireAuthorization")
    servers = [
        str(together.effective(f"edgeCore.modules.metaManager.metaServer.{name}"))
        for name in (("server", "dummyServer") if gate else ("server",))
        if together.effective(f"edgeCore.modules.metaManager.metaServer.{name}")
    ]
    for section in ("agent", "gateway"):
        key = f"{section}.kubeAPIConfig.metaServer.server"
        url = together.effective(key)
        host = re.sub(r"^https?://", "", str(url)).rstrip("/")
        if url and servers and not any(_same_address(host, server) for server in servers):
            what = f"is {url}, edgecore listens on {' and '.join(servers)}"
            yield from _differs(
                together, key, what, "make them the same address", "together/endpoint-address"
            )


def _same_address(one: str, other: str) -> bool:
    return one == other or (
        other.startswith("0.0.0.0:") and one.rpartition(":")[2] == other.rpartition(":")[2]
    )


# (edgecore's address of cloudcore, cloudcore's port for it, what both switch on and off with)
_HUB = (
    ("edgeHub.websocket.server", "cloudHub.websocket.port", "edgeHub.websocket.enable"),
    ("edgeHub.quic.server", "cloudHub.quic.port", "edgeHub.quic.enable"),
    ("edgeHub.httpServer", "cloudHub.https.port", ""),
    ("edgeStream.server", "cloudStream.tunnelPort", "edgeStream.enable"),
)


def _hub_findings(together: Together) -> Iterator[Finding]:
    """Yield where edgecore looks for cloudcore at a port or a name that cloudcore does not have."""
    names = [
        str(name)
        for field in ("advertiseAddress", "dnsNames")
        for name in paths.first(together.values, f"cloudCore.modules.cloudHub.{field}") or []
        if name
    ]
    for address, port, switch in _HUB:
        key = f"edgeCore.modules.{address}"
        given = paths.first(together.values, key)
        wanted = together.effective(f"cloudCore.modules.{port}")
        off = switch and together.effective(f"edgeCore.modules.{switch}") is False
        if not isinstance(given, str) or wanted is None or off:
            continue
        host, _, found = re.sub(r"^https?://", "", given).rpartition(":")
        if found != str(wanted):
            what = f"is {given}, modules.{port} of cloudcore.yaml is {wanted}"
            fix = "make them equal, unless a service in between has another port"
            yield from _differs(together, key, what, fix, "together/ports", "warning")
        advertised = paths.first(together.values, "cloudCore.modules.cloudHub.advertiseAddress")
        if advertised and names and host.strip("[]") not in names and address != "edgeStream.server":
            what = f"is {given}, cloudcore's certificate is for {', '.join(names)}; edgecore cannot join"
            fix = "add the address to advertiseAddress or dnsNames of cloudcore.yaml"
            yield from _differs(together, key, what, fix, "together/advertise-address")


def _stream_findings(together: Together) -> Iterator[Finding]:
    cloud, edge = (
        together.effective(f"{key}.enable")
        for key in ("cloudCore.modules.cloudStream", "edgeCore.modules.edgeStream")
    )
    if cloud is not None and edge is not None and cloud != edge:
        key = "edgeCore.modules.edgeStream.enable" if cloud else "cloudCore.modules.cloudStream.enable"
        what = "is off while the other side's stream is on; kubectl logs and exec need both, and iptables"
        yield from _differs(together, key, what, "switch both on or both off", "together/streams", "warning")


def _mesh_findings(together: Together) -> Iterator[Finding]:
    """Agent and gateway are one network: the same PSK file, transport and relays."""
    if not {"edgemesh-agent", "edgemesh-gateway"} <= set(together.sources):
        return
    tunnel = "modules.edgeTunnel"
    for field in ("psk.enable", "transport", "rendezvous", "relayNodes"):
        agent, gateway = (
            together.effective(f"{section}.{tunnel}.{field}") for section in ("agent", "gateway")
        )
        if (agent or None) != (gateway or None):
            what = "differs from the agent's; agent and gateway do not find each other"
            yield from _differs(
                together, f"gateway.{tunnel}.{field}", what, "make them equal", "together/mesh"
            )


def issuer_findings(together: Together, issuer: str) -> Iterator[Finding]:
    """Compare serviceAccountIssuers of edgecore with the issuer that the cluster names."""
    key = "edgeCore.modules.metaManager.metaServer.serviceAccountIssuers"
    issuers = together.effective(key)
    if issuers is not None and issuer not in issuers:
        what = f"lacks {issuer}, the issuer of this cluster's tokens; every token is refused with 401"
        yield from _differs(together, key, what, f"add {issuer}", "together/issuer")


# --- which profile it is -------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One key to change for a profile: what it is, and what it must be."""

    key: str
    file: str
    now: Any
    wanted: Any
    why: str

    def __str__(self) -> str:
        now = "not set" if self.now is None else _shown(self.now)
        return f"{self.file}: {self.own_key}: {_shown(self.wanted)} (is {now}): {self.why}"

    @property
    def own_key(self) -> str:
        """Return the key as the file has it."""
        return self.key.split(".", 1)[1]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return '""' if value == "" else str(value)


def profile_keys(together: Together) -> tuple[str, ...]:
    """Return the keys that decide which profile a set is."""
    return _profile_keys(frozenset(together.sources), together.kubeedge, together.edgemesh)


@cache
def _profile_keys(kinds: frozenset[str], kubeedge: Release, edgemesh: Release) -> tuple[str, ...]:
    sees = _seen(kinds, kubeedge, edgemesh)
    keys = {entry["key"] for name in PROFILES for entry in entries(name, kubeedge, edgemesh)}
    # What the values of those keys are built from.
    built = {"agent.commonConfig.bridgeDeviceIP", *_GATES}
    return tuple(sorted(key for key in keys | built if sees(key)))


def changes_for(together: Together, name: str) -> list[Change]:
    """List what the set lacks of a profile, for the files that were given."""
    base = overlay(_site_defaults(), together.filled)
    wanted = {entry["key"]: entry for entry in entries(name, together.kubeedge, together.edgemesh)}
    sees = _seen(frozenset(together.sources), together.kubeedge, together.edgemesh)
    found = []
    for key, entry in wanted.items():
        value, missing = expand(entry["value"], base)
        placed = together.source_of(key)
        if missing or placed is None or not sees(key) or not _decides(entry["key"]):
            continue
        now = together.effective(key)
        # A file's name is the site's to choose; any that was given by hand will do.
        own = str(entry["value"]).startswith("{metaServer.") and paths.first(together.values, key)
        if not own and not _fits(now, value):
            found.append(Change(key, placed[0].file, now, value, entry["why"]))
    return [*found, *_client_certificate(together, name)]


@cache
def _site_defaults() -> dict[str, Any]:
    return defaults(Site)


@cache
def _decides(key: str) -> bool:
    """Leave out what joins the components whatever the profile; the other checks speak of it."""
    return key not in {entry["key"] for entry in profile("unset").entries}


def _fits(now: Any, wanted: Any) -> bool:
    return (
        all(item in now for item in wanted)
        if isinstance(now, list) and isinstance(wanted, list)
        else now == wanted
    )


def _client_certificate(together: Together, name: str) -> Iterator[Change]:
    key = "agent.kubeAPIConfig.metaServer.security.tlsCertFile"
    placed = together.source_of(key)
    if placed and name == "mtls" and together.effective(key) == "":
        wanted = "/etc/edgemesh/metaserver/server.crt"
        yield Change(key, placed[0].file, "", wanted, "mtls shows a client certificate")


_GATES = (
    "cloudCore.featureGates.requireAuthorization",
    "edgeCore.featureGates.requireAuthorization",
    "agent.kubeAPIConfig.metaServer.security.requireAuthorization",
)


def _gates(together: Together) -> list[bool]:
    return [bool(together.effective(key)) for key in _GATES if together.source_of(key)]


def profiles_of(together: Together) -> list[str]:
    """Name the profiles that the set can be: one, none, or several where the agent's file is missing."""
    if not any(_gates(together)):
        return [] if changes_for(together, "plain") else ["plain"]
    possible = [
        name for name in PROFILES if name != "plain" and together.kubeedge.within(profile(name).needs)
    ]
    return [name for name in possible if not changes_for(together, name)]


def nearest_profile(together: Together) -> str:
    """Name the profile that takes the fewest changes (of those the release can have)."""
    possible = [name for name in PROFILES if together.kubeedge.within(profile(name).needs)]
    if any(_gates(together)):
        possible = [name for name in possible if name != "plain"] or possible
    return min(possible, key=lambda name: len(changes_for(together, name)))
