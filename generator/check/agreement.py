"""Config files that must agree: cloudcore, edgecore, agent and gateway."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator import paths
from generator.catalogue.message import Message, say
from generator.check.config_sets import Together
from generator.check.findings import Finding, Level, at
from generator.model.odd_texts import odd_texts


def agreement_findings(together: Together) -> Iterator[Finding]:
    """Yield findings for values of several files that must agree and do not."""
    yield from _server_findings(together)
    yield from _endpoint_findings(together)
    yield from _hub_findings(together)
    yield from _stream_findings(together)
    yield from _mesh_findings(together)


def _found(together: Together, key: str, message: Message, level: Level | None = None) -> Iterator[Finding]:
    """Yield a finding about a key, if its file was given."""
    placed = together.source_of(key)
    if placed:
        yield at(placed[0], placed[1], message, level)


def _endpoint_findings(together: Together) -> Iterator[Finding]:
    on = together.effective("edgeCore.modules.metaManager.metaServer.enable")
    dynamic = together.effective("cloudCore.modules.dynamicController.enable")
    if on is True and dynamic is False:
        # A warning in values, where a profile may set it; an error between files that are used together.
        message = say("endpoint-without-controller", "files")
        yield from _found(together, "cloudCore.modules.dynamicController.enable", message, "error")
    # With one of these the agent does not use the endpoint.
    other = any(together.effective(f"agent.kubeAPIConfig.{name}") for name in ("kubeConfig", "master"))
    if on is False and together.effective("agent.kubeAPIConfig.metaServer.server") and not other:
        key = "edgeCore.modules.metaManager.metaServer.enable"
        yield from _found(together, key, say("agent-without-endpoint", "files"))


def _server_findings(together: Together) -> Iterator[Finding]:
    """Yield a finding if the URL of the agent or the gateway is not a listener of edgecore."""
    # edgecore has the second listener with requireAuthorization only.
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
            message = say("endpoint-address-differs", got=url, servers=" and ".join(servers))
            yield from _found(together, key, message)


def _same_address(one: str, other: str) -> bool:
    return one == other or (
        other.startswith("0.0.0.0:") and one.rpartition(":")[2] == other.rpartition(":")[2]
    )


# (cloudcore's address in edgecore.yaml, its port in cloudcore.yaml, the switch of the connection)
_HUB = (
    ("edgeHub.websocket.server", "cloudHub.websocket.port", "edgeHub.websocket.enable"),
    ("edgeHub.quic.server", "cloudHub.quic.port", "edgeHub.quic.enable"),
    ("edgeHub.httpServer", "cloudHub.https.port", ""),
    ("edgeStream.server", "cloudStream.tunnelPort", "edgeStream.enable"),
)


def _hub_findings(together: Together) -> Iterator[Finding]:
    """Yield a finding if edgecore connects to a port or a name that cloudcore does not have."""
    for address, port, switch in _HUB:
        key = f"edgeCore.modules.{address}"
        given = paths.first(together.values, key)
        wanted = together.effective(f"cloudCore.modules.{port}")
        off = switch and together.effective(f"edgeCore.modules.{switch}") is False
        if not isinstance(given, str) or wanted is None or off:
            continue
        host, _, found = re.sub(r"^https?://", "", given).rpartition(":")
        if found != str(wanted) and int(wanted) not in together.ports.get(found, ()):
            message = say("cloudcore-port-differs", got=given, key=port, wanted=wanted)
            yield from _found(together, key, message)
        names = _certificate_names(together)
        # A placeholder or a quoted text has its own finding; its real value is unknown.
        known = not any(odd_texts([given, *names]))
        if names and known and host.strip("[]") not in names and address != "edgeStream.server":
            yield from _found(together, key, say("address-not-in-certificate", got=given, names=names))


def _certificate_names(together: Together) -> list[str]:
    """Return the names in cloudcore's certificate, [] if cloudcore detects its addresses itself."""
    addresses, names = (
        paths.first(together.values, f"cloudCore.modules.cloudHub.{field}") or []
        for field in ("advertiseAddress", "dnsNames")
    )
    return [str(name) for name in (*addresses, *names) if name] if addresses else []


def _stream_findings(together: Together) -> Iterator[Finding]:
    cloud, edge = (
        together.effective(f"{key}.enable")
        for key in ("cloudCore.modules.cloudStream", "edgeCore.modules.edgeStream")
    )
    if cloud is not None and edge is not None and cloud != edge:
        key = "edgeCore.modules.edgeStream.enable" if cloud else "cloudCore.modules.cloudStream.enable"
        yield from _found(together, key, say("streams-differ"))


def _mesh_findings(together: Together) -> Iterator[Finding]:
    """Yield tunnel settings that differ: agent and gateway need the same PSK, transport and relays."""
    if not {"edgemesh-agent", "edgemesh-gateway"} <= set(together.sources):
        return
    tunnel = "modules.edgeTunnel"
    for field in ("psk.enable", "transport", "rendezvous", "relayNodes"):
        agent, gateway = (
            together.effective(f"{section}.{tunnel}.{field}") for section in ("agent", "gateway")
        )
        if (agent or None) != (gateway or None):
            yield from _found(together, f"gateway.{tunnel}.{field}", say("tunnel-settings-differ"))


def issuer_findings(together: Together, issuer: str) -> Iterator[Finding]:
    """Yield a finding if edgecore does not trust the cluster's issuer."""
    key = "edgeCore.modules.metaManager.metaServer.serviceAccountIssuers"
    issuers = together.effective(key)
    if issuers is not None and issuer not in issuers:
        yield from _found(together, key, say("issuer-not-trusted", issuer=issuer))
