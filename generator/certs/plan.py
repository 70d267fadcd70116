"""What certificates a site needs, read from its values alone: no files, no clock.

The facts behind it: up to KubeEdge 1.16 the endpoint's certificate is a file on every node; from
1.17 on edgecore gets it from the cluster, and only the client pair of mtls is left to make.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from generator.certs.authority import Names
from generator.load import LoadedSite
from generator.model import paths
from generator.model.rules import overlay

FILES, CLUSTER, NONE = "files", "cluster", "none"
MOUNT = "/etc/edgemesh/metaserver/"
# Where edgecore looks unless told otherwise: its own certificate for cloudcore, which no client accepts.
_DEFAULT_FILES = {
    "tlsCaFile": "/etc/kubeedge/ca/rootCA.crt",
    "tlsCertFile": "/etc/kubeedge/certs/server.crt",
    "tlsPrivateKeyFile": "/etc/kubeedge/certs/server.key",
}
_AGENT_FILES = {"tlsCaFile": "rootCA.crt", "tlsCertFile": "server.crt", "tlsPrivateKeyFile": "server.key"}


@dataclass(frozen=True)
class Pair:
    """A certificate with its key: `name` is server, client or stream."""

    name: str
    use: str
    names: Names
    signer: str
    goes_to: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class SecretPlan:
    """A Secret that a chart or program expects: its keys, and the file that goes under each."""

    name: str
    reader: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Client:
    """How agent or gateway reaches the endpoint: `host` of its URL, whether it verifies and shows a pair."""

    name: str
    host: str
    verifies: bool
    shows: bool
    secret: str


@dataclass(frozen=True)
class Plan:
    """All certificates of a site."""

    kubeedge: str
    profile: str | None
    regime: str
    bundle: bool
    pairs: tuple[Pair, ...]
    secrets: tuple[SecretPlan, ...]
    clients: tuple[Client, ...]
    notes: tuple[str, ...]

    def pair(self, name: str) -> Pair | None:
        """Return the pair server, client or stream, None where the site needs none."""
        return next((pair for pair in self.pairs if pair.name == name), None)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the hosts at which some client verifies the endpoint."""
        return tuple(dict.fromkeys(client.host for client in self.clients if client.verifies))

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain data."""
        return asdict(self)


def plan(site: LoadedSite) -> Plan:
    """Work out which certificates a site needs, who signs them, and where they go."""
    served = [config for config in _edge_configs(site.values) if _serves(config)]
    regime = _regime(site) if served else NONE
    clients = tuple(_clients(site.values)) if regime != NONE else ()
    pairs = [
        *_server(site, served, clients, regime),
        *_client(clients, regime),
        *_stream(site.values),
    ]
    return Plan(
        kubeedge=site.kubeedge.minor,
        profile=site.profile,
        regime=regime,
        bundle=regime == FILES or any(pair.name == "client" for pair in pairs),
        pairs=tuple(pairs),
        secrets=tuple(_secrets(site.values, clients, regime)),
        clients=clients,
        notes=tuple(_notes(site, served, regime)),
    )


def _regime(site: LoadedSite) -> str:
    if site.kubeedge.within({"from": "1.17"}):
        return CLUSTER
    return FILES if site.kubeedge.within({"from": "1.12"}) else NONE


def _edge_configs(values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the configs of edgecore: one, or one for each node group."""
    base = {name: part for name, part in values["edgeCore"].items() if name != "nodeGroups"}
    groups = values["edgeCore"].get("nodeGroups") or {"": {}}
    for name in sorted(groups):
        yield overlay(base, groups[name] or {})


def _serves(config: dict[str, Any]) -> bool:
    gate = paths.first(config, "featureGates.requireAuthorization")
    return bool(gate) and bool(paths.first(config, "modules.metaManager.metaServer.enable"))


def node_files(config: dict[str, Any]) -> dict[str, str]:
    """Return where an edgecore config has it look for tlsCaFile, tlsCertFile and tlsPrivateKeyFile."""
    server = paths.first(config, "modules.metaManager.metaServer") or {}
    return {name: server.get(name) or default for name, default in _DEFAULT_FILES.items()}


def _clients(values: dict[str, Any]) -> Iterator[Client]:
    """Yield agent and gateway as they reach the endpoint; the gateway's keys lie over the agent's."""
    agent = values.get("agent") or {}
    for name in ("agent", "gateway"):
        part = values.get(name) or {}
        if not part.get("enable", name == "agent"):
            continue
        api = overlay(agent.get("kubeAPIConfig") or {}, part.get("kubeAPIConfig") or {})
        security = paths.first(api, "metaServer.security") or {}
        files = {key: security.get(key, MOUNT + file) for key, file in _AGENT_FILES.items()}
        asks = bool(security.get("requireAuthorization"))
        verifies = asks and not security.get("insecureSkipTLSVerify")
        mounted = verifies and any(path.startswith(MOUNT) for path in files.values())
        named = part.get("metaServerSecret") or agent.get("metaServerSecret")
        secret = named or paths.first(values, "metaServer.certificateSecret") or "" if mounted else ""
        host = urlsplit(paths.first(api, "metaServer.server") or "http://127.0.0.1:10550").hostname or ""
        yield Client(f"edgemesh-{name}", host, verifies, verifies and bool(files["tlsCertFile"]), secret)


def _server(
    site: LoadedSite, served: list[dict[str, Any]], clients: tuple[Client, ...], regime: str
) -> Iterator[Pair]:
    if regime != FILES:
        return
    addresses = [paths.first(config, "modules.metaManager.metaServer.server") or "" for config in served]
    hosts = [urlsplit(f"//{address}").hostname or "" for address in addresses]
    hosts += [client.host for client in clients]
    hosts.append(str(paths.first(site.values, "metaServer.dummyAddress") or ""))
    where = dict.fromkeys(path for config in served for path in node_files(config).values())
    yield Pair(
        name="server",
        use="server",
        names=names("edgecore-metaserver", hosts),
        signer="own-ca",
        goes_to=tuple(f"{path} on every edge node" for path in where),
        why=f"edgecore {site.kubeedge.minor} serves the endpoint with it; it must name the URL's address",
    )


def _client(clients: tuple[Client, ...], regime: str) -> Iterator[Pair]:
    showing = [client for client in clients if client.shows]
    if not showing:
        return
    why = "shown by " + " and ".join(client.name for client in showing)
    if regime == CLUSTER:
        why += "; edgecore accepts what the cluster's own authority signed, and nothing else"
    yield Pair(
        name="client",
        use="client",
        # No rights hang on this name; nobody is known by a certificate.
        names=Names("edgemesh-metaserver-client"),
        signer="own-ca" if regime == FILES else "csr",
        goes_to=tuple(dict.fromkeys(f"secret {client.secret}" for client in showing if client.secret)),
        why=why,
    )


def _stream(values: dict[str, Any]) -> Iterator[Pair]:
    wanted = paths.first(values, "cloudCore.streamCertificate") or {}
    if not (
        wanted.get("existingSecret")
        or paths.first(wanted, "certManager.enable")
        or paths.first(wanted, "files.enable")
    ):
        return
    hub = paths.first(values, "cloudCore.modules.cloudHub") or {}
    domain = paths.first(values, "cluster.domain")
    service = "cloudcore.kubeedge.svc"
    hosts = ["cloudcore", "cloudcore.kubeedge", service, f"{service}.{domain}", "localhost", "127.0.0.1"]
    hosts += hub.get("advertiseAddress") or []
    hosts += [name for name in hub.get("dnsNames") or [] if name]
    hosts.append(str(paths.first(values, "cloudCore.loadBalancerAddress") or ""))
    yield Pair(
        name="stream",
        use="server",
        names=names("cloudcore-stream", hosts),
        signer="own-ca",
        goes_to=tuple(_stream_places(wanted)),
        why="cloudcore serves kubectl logs and exec with it, and exits without",
    )


def _stream_places(wanted: dict[str, Any]) -> Iterator[str]:
    if wanted.get("existingSecret"):
        yield f"secret {wanted['existingSecret']}"
    if paths.first(wanted, "certManager.enable"):
        yield "secret cloudcore-stream, made by cert-manager"
    if paths.first(wanted, "files.enable"):
        yield from (f"{wanted['files'][name]} on the nodes of cloudcore" for name in ("ca", "cert", "key"))


def _secrets(values: dict[str, Any], clients: tuple[Client, ...], regime: str) -> Iterator[SecretPlan]:
    found: dict[str, SecretPlan] = {}
    for client in clients:
        if client.secret:
            entries = [("rootCA.crt", "rootCA.crt")]
            # The programs look for the client's pair under the names of a server's.
            entries += [("server.crt", "client.crt"), ("server.key", "client.key")] if client.shows else []
            there = found.get(client.secret)
            readers = f"{there.reader}, {client.name}" if there else client.name
            entries = sorted({*entries, *(there.entries if there else ())})
            found[client.secret] = SecretPlan(client.secret, readers, tuple(entries))
    yield from found.values()
    server = paths.first(values, "metaServer.serverCertificate.existingSecret")
    if server and regime == FILES:
        own = tuple((name, name) for name in _AGENT_FILES.values())
        yield SecretPlan(server, "the copy on edge nodes", own)
    stream = paths.first(values, "cloudCore.streamCertificate") or {}
    if stream.get("existingSecret"):
        keys = stream.get("secretKeys") or {}
        files = {"ca": "streamCA.crt", "cert": "stream.crt", "key": "stream.key"}
        entries = [(keys.get(role, file), file) for role, file in files.items()]
        yield SecretPlan(stream["existingSecret"], "cloudcore", tuple(entries))


def _notes(site: LoadedSite, served: list[dict[str, Any]], regime: str) -> Iterator[str]:
    if regime == CLUSTER:
        server = paths.first(served[0], "modules.metaManager.metaServer") or {}
        yield (
            "the endpoint's own certificate: edgecore asks the cluster for it (signer "
            f"kubernetes.io/kubelet-serving), for {server.get('server')} and {server.get('dummyServer')}; "
            "cloudcore approves, kube-controller-manager signs. Files on the node are ignored"
        )
    elif not served:
        yield "the endpoint: plain http or off, it has no certificate"
    hub = paths.first(site.values, "cloudCore.modules.cloudHub") or {}
    listed = [*(hub.get("advertiseAddress") or []), *(name for name in hub.get("dnsNames") or [] if name)]
    whom = ", ".join(listed) or "the address of its host"
    yield f"cloudHub: cloudcore signs its own certificate, once, at its first start, for {whom}"


def names(common: str, hosts: list[str]) -> Names:
    """Sort hosts into addresses and names, leaving out what a certificate cannot be for."""
    ips, dns = [], []
    for host in dict.fromkeys(host.strip("[]") for host in hosts if host):
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            dns.append(host)
        else:
            ips += [] if address.is_unspecified else [str(address)]
    return Names(common, tuple(dict.fromkeys(ips)), tuple(dns))
