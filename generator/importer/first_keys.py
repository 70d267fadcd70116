"""Keys that are taken first: the charts need them to render, or derive other fields from them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from generator import paths
from generator.check.sources import Source
from generator.importer.places import CLOUD, origin_of
from generator.importer.site_file import Imported
from generator.merge import merge
from generator.model import quick
from generator.model.conditions import same
from generator.upstream import Release, default_config

_ENDPOINT = "modules.metaManager.metaServer"
# One key of the site sets fields of several configs: key of a config, its form, keys of the site.
_SHARED = (
    ("edgecore", f"{_ENDPOINT}.server", r"([0-9.]+):([0-9]+)", ("metaServer.address", "metaServer.port")),
    ("edgecore", f"{_ENDPOINT}.dummyServer", r"([0-9.]+):[0-9]+", ("metaServer.dummyAddress",)),
)
# The same; only profiles with TLS set these files (1.12 to 1.16).
_FILES = {"tlsCaFile": "caFile", "tlsCertFile": "certFile", "tlsPrivateKeyFile": "keyFile"}


def _take_cloud(source: Source, release: Release, own: dict[str, Any], imported: Imported) -> None:
    hub = "modules.cloudHub"
    own = merge(default_config("cloudcore", release), own)
    for name in ("advertiseAddress", "nodeLimit"):
        value = paths.first(own, f"{hub}.{name}")
        if value and value != [""] and value != paths.first(quick.defaults(), f"cloudCore.{hub}.{name}"):
            imported.take(f"cloudCore.{hub}.{name}", value, origin_of(source, f"{hub}.{name}"))
    if paths.first(own, "modules.cloudStream.enable") is True:
        origin = (
            f"{origin_of(source, 'modules.cloudStream.enable')}, the Secret that upstream's chart creates"
        )
        imported.take("cloudCore.streamCertificate.existingSecret", "cloudcore", origin, assumed=True)
    # These are the defaults of the program; the default of the charts is the external manager.
    for name, default in (("enable", True), ("mode", "internal")):
        found = paths.first(own, f"modules.iptablesManager.{name}")
        wanted = default if found is None else found
        if wanted != paths.first(quick.defaults(), f"iptablesManager.{name}"):
            imported.take(
                f"iptablesManager.{name}", wanted, origin_of(source, f"modules.iptablesManager.{name}")
            )


def _take_edge(source: Source, release: Release, own: dict[str, Any], imported: Imported) -> None:
    for kind, key, form, targets in _SHARED:
        match = re.fullmatch(form, str(paths.first(own, key))) if kind == source.kind else None
        for target, text in zip(targets, match.groups() if match else (), strict=False):
            value: Any = int(text) if target.endswith("port") else text
            if not same(value, paths.first(quick.defaults(), target)):
                imported.take(target, value, origin_of(source, key))
    _take_what_is_missing(source, own, imported)
    profile = imported.keys.get("profile")
    files = profile and profile.value != "plain" and release.within({"to": "1.16"})
    for name, target in _FILES.items() if files else ():
        file = paths.first(own, f"{_ENDPOINT}.{name}")
        if file and file != paths.first(quick.defaults(), f"metaServer.{target}"):
            imported.take(f"metaServer.{target}", file, origin_of(source, f"{_ENDPOINT}.{name}"))


def _take_what_is_missing(source: Source, own: dict[str, Any], imported: Imported) -> None:
    """Take values of edgecore.yaml that concern programs whose files were not given."""
    charts = imported.charts
    kubelet = "modules.edged.tailoredKubeletConfig"
    dns = paths.first(own, f"{kubelet}.clusterDNS") or paths.first(own, "modules.edged.clusterDNS")
    domain = paths.first(own, f"{kubelet}.clusterDomain") or "cluster.local"
    bridge = paths.first(quick.defaults(), "agent.commonConfig.bridgeDeviceIP")
    foreign = dns and bridge not in (dns if isinstance(dns, list) else [dns])
    if "edgemesh" not in charts and (foreign or domain != "cluster.local"):
        imported.take("agent.enable", False, f"{source.file}: its clusterDNS is not EdgeMesh")
    if "cloudcore" not in charts and paths.first(own, "modules.edgeHub.quic.enable") is True:
        where = origin_of(source, "modules.edgeHub.quic.enable")
        imported.take("cloudCore.modules.cloudHub.quic.enable", True, where)


def _take_agent(source: Source, _: Release, own: dict[str, Any], imported: Imported) -> None:
    if source.name.endswith(CLOUD):
        return
    relays = paths.first(own, "modules.edgeTunnel.relayNodes")
    if relays:
        imported.take("agent.relayNodes", relays, origin_of(source, "modules.edgeTunnel.relayNodes"))
    security = paths.first(own, "kubeAPIConfig.metaServer.security") or {}
    own_files = any(name in security for name in ("tlsCaFile", "tlsCertFile", "tlsPrivateKeyFile"))
    verifies = security.get("requireAuthorization") and not security.get("insecureSkipTLSVerify")
    if verifies and not own_files and "profile" not in imported.keys:
        where = f"{source.file}, the name in the guide"
        imported.take("agent.metaServerSecret", "metaserver-certs", where, assumed=True)


def _take_gateway(source: Source, _: Release, __: dict[str, Any], imported: Imported) -> None:
    imported.take("gateway.enable", True, source.file)


FIRST: dict[str, Callable[[Source, Release, dict[str, Any], Imported], None]] = {
    "cloudcore": _take_cloud,
    "edgecore": _take_edge,
    "edgemesh-agent": _take_agent,
    "edgemesh-gateway": _take_gateway,
}
