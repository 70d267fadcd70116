"""The files together: whether cloud, edge and mesh agree, and which profile they amount to.

The files' configs are placed where the values model has them, so that the rules of values/rules.yaml
judge them as they judge a site.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
# Keys of the charts that a rule may ask about although no config has them.
_KNOWN = {"agent.enable": True}


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
        return paths.first(self.filled, key)

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
    values: dict[str, Any] = {SECTION[kind]: source.value for kind, source in sources.items()}
    filled: dict[str, Any] = {}
    for kind, source in sources.items():
        release = edgemesh if kind.startswith("edgemesh") else kubeedge
        filled[SECTION[kind]] = overlay(default_config(kind, release), _without_nulls(source.value))
    return Together(sources, values, filled, kubeedge, edgemesh)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(child) for name, child in value.items() if child is not None}
    return value


def rule_findings(together: Together) -> Iterator[Finding]:
    """Yield what the rules of values/rules.yaml say of the set, as far as its files show the keys."""
    charts = list(dict.fromkeys(_CHART[kind] for kind in together.sources))
    values = overlay(_charts_keys(together), together.values)
    versions = {"kubeedgeVersion": together.kubeedge.tag, "edgemeshVersion": together.edgemesh.tag}
    context = {**overlay(values, together.filled), **versions}
    for finding in rules.evaluate(
        values,
        together.kubeedge,
        together.edgemesh,
        charts,
        context=context,
        sees=lambda key: _sees(together, key),
    ):
        placed = together.source_of(".".join(map(str, finding.path)))
        if placed:
            source, _ = placed
            level: Level = "warning" if finding.warning else "error"
            yield at(source, finding.path[1:], f"rule/{finding.rule}", finding.what, finding.fix, level=level)


def _charts_keys(together: Together) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key, value in _KNOWN.items():
        if key.split(".")[0] in together.values:
            paths.put(built, key, value)
    return built


def _sees(together: Together, key: str) -> bool:
    """Say whether the files given show a key: it is a field of one of their programs."""
    if key in _KNOWN:
        return key.split(".")[0] in together.values
    placed = together.source_of(key.replace("[]", ""))
    if placed is None:
        return False
    source, path = placed
    release = together.edgemesh if source.kind.startswith("edgemesh") else together.kubeedge
    return config_fields(source.kind, release).below(".".join(map(str, path))) is not None


# --- what the rules cannot say -------------------------------------------------------------


def agreement_findings(together: Together) -> Iterator[Finding]:
    """Yield where values of several files must agree and do not."""
    yield from _server_findings(together)
    yield from _endpoint_findings(together)
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
    servers = [
        str(together.effective(f"edgeCore.modules.metaManager.metaServer.{name}"))
        for name in ("server", "dummyServer")
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
        return f"{self.file}: {self.key.split('.', 1)[1]}: {_shown(self.wanted)} (is {now}): {self.why}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return '""' if value == "" else str(value)


def changes_for(together: Together, name: str) -> list[Change]:
    """List what the set lacks of a profile, for the files that were given."""
    base = overlay(_site_defaults(), together.filled)
    wanted = {entry["key"]: entry for entry in entries(name, together.kubeedge, together.edgemesh)}
    found = []
    for key, entry in wanted.items():
        value, missing = expand(entry["value"], base)
        placed = together.source_of(key)
        if missing or placed is None or not _sees(together, key) or not _decides(entry["key"]):
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


def _gates(together: Together) -> list[bool]:
    keys = (
        "cloudCore.featureGates.requireAuthorization",
        "edgeCore.featureGates.requireAuthorization",
        "agent.kubeAPIConfig.metaServer.security.requireAuthorization",
    )
    return [bool(together.effective(key)) for key in keys if together.source_of(key)]


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
