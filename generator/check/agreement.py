"""Where the configs of cloud, edge and mesh must agree and do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from generator import paths
from generator.check.config_sets import Together
from generator.check.findings import Finding, plain_at
from generator.model.odd_texts import odd_texts


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
        yield plain_at(placed[0], placed[1], rule, what, fix, level=level)


def _endpoint_findings(together: Together) -> Iterator[Finding]:
    on = together.effective("edgeCore.modules.metaManager.metaServer.enable")
    dynamic = together.effective("cloudCore.modules.dynamicController.enable")
    if on is True and dynamic is False:
        what = "is off while edgecore serves the endpoint; every list is empty after 10 seconds"
        key = "cloudCore.modules.dynamicController.enable"
        yield from _differs(together, key, what, "set it true", "together/dynamic-controller")
    # With one of these the agent passes the endpoint over.
    other = any(together.effective(f"agent.kubeAPIConfig.{name}") for name in ("kubeConfig", "master"))
    if on is False and together.effective("agent.kubeAPIConfig.metaServer.server") and not other:
        what = "is off, and edgemesh-agent on edge nodes reads from it"
        key = "edgeCore.modules.metaManager.metaServer.enable"
        yield from _differs(together, key, what, "set it true", "together/endpoint", "warning")


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
    for address, port, switch in _HUB:
        key = f"edgeCore.modules.{address}"
        given = paths.first(together.values, key)
        wanted = together.effective(f"cloudCore.modules.{port}")
        off = switch and together.effective(f"edgeCore.modules.{switch}") is False
        if not isinstance(given, str) or wanted is None or off:
            continue
        host, _, found = re.sub(r"^https?://", "", given).rpartition(":")
        if found != str(wanted) and int(wanted) not in together.ports.get(found, ()):
            what = f"is {given}, modules.{port} of cloudcore.yaml is {wanted}"
            fix = "make them equal, unless a service in between has another port"
            yield from _differs(together, key, what, fix, "together/ports", "warning")
        names = _certificate_names(together)
        # A placeholder or a quoted text is a finding of its own; its real value is unknown.
        known = not any(odd_texts([given, *names]))
        if names and known and host.strip("[]") not in names and address != "edgeStream.server":
            what = f"is {given}, cloudcore's certificate is for {', '.join(names)}; edgecore cannot join"
            fix = "add the address to advertiseAddress or dnsNames of cloudcore.yaml"
            yield from _differs(together, key, what, fix, "together/advertise-address")


def _certificate_names(together: Together) -> list[str]:
    """Return the names of cloudcore's certificate, none where its file leaves the addresses to cloudcore."""
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
