"""What certificates a site needs, read from its values alone: no files, no clock.

The facts behind it: up to KubeEdge 1.16 the endpoint's certificate is a file on every node; from
1.17 on edgecore gets it from the cluster, and only the client pair of mtls is left to make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from generator import paths
from generator.certs.ca import Names
from generator.certs.readers import AGENT_FILES, Client, clients, edge_configs, names, node_files, serves
from generator.load import LoadedSite

FILES, CLUSTER, NONE = "files", "cluster", "none"


@dataclass(frozen=True)
class KeyPair:
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
class CertPlan:
    """All certificates of a site."""

    kubeedge: str
    profile: str | None
    tls_mode: str
    bundle: bool
    pairs: tuple[KeyPair, ...]
    secrets: tuple[SecretPlan, ...]
    clients: tuple[Client, ...]
    notes: tuple[str, ...]

    def pair(self, name: str) -> KeyPair | None:
        """Return the pair server, client or stream, None where the site needs none."""
        return next((pair for pair in self.pairs if pair.name == name), None)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the hosts at which some client verifies the endpoint."""
        return tuple(dict.fromkeys(client.host for client in self.clients if client.verifies))

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain data."""
        data = asdict(self)
        return {{"tls_mode": "regime"}.get(name, name): value for name, value in data.items()}


def plan(site: LoadedSite) -> CertPlan:
    """Work out which certificates a site needs, who signs them, and where they go."""
    served = [config for config in edge_configs(site.values) if serves(config)]
    tls_mode = _tls_mode(site) if served else NONE
    reaching = tuple(clients(site.values)) if tls_mode != NONE else ()
    pairs = [
        *_server(site, served, reaching, tls_mode),
        *_client(reaching, tls_mode),
        *_stream(site.values),
    ]
    return CertPlan(
        kubeedge=site.kubeedge.minor,
        profile=site.profile,
        tls_mode=tls_mode,
        bundle=tls_mode == FILES or any(pair.name == "client" for pair in pairs),
        pairs=tuple(pairs),
        secrets=tuple(_secrets(site.values, reaching, tls_mode)),
        clients=reaching,
        notes=tuple(_notes(site, served, tls_mode)),
    )


def _tls_mode(site: LoadedSite) -> str:
    if site.kubeedge.within({"from": "1.17"}):
        return CLUSTER
    return FILES if site.kubeedge.within({"from": "1.12"}) else NONE


def _server(
    site: LoadedSite, served: list[dict[str, Any]], reaching: tuple[Client, ...], tls_mode: str
) -> Iterator[KeyPair]:
    if tls_mode != FILES:
        return
    addresses = [paths.first(config, "modules.metaManager.metaServer.server") or "" for config in served]
    hosts = [urlsplit(f"//{address}").hostname or "" for address in addresses]
    hosts += [client.host for client in reaching]
    hosts.append(str(paths.first(site.values, "metaServer.dummyAddress") or ""))
    where = dict.fromkeys(path for config in served for path in node_files(config).values())
    yield KeyPair(
        name="server",
        use="server",
        names=names("edgecore-metaserver", hosts),
        signer="own-ca",
        goes_to=tuple(f"{path} on every edge node" for path in where),
        why=f"edgecore {site.kubeedge.minor} serves the endpoint with it; it must name the URL's address",
    )


def _client(reaching: tuple[Client, ...], tls_mode: str) -> Iterator[KeyPair]:
    showing = [client for client in reaching if client.shows]
    if not showing:
        return
    why = "shown by " + " and ".join(client.name for client in showing)
    if tls_mode == CLUSTER:
        why += "; edgecore accepts what the cluster's own authority signed, and nothing else"
    yield KeyPair(
        name="client",
        use="client",
        # No rights hang on this name; nobody is known by a certificate.
        names=Names("edgemesh-metaserver-client"),
        signer="own-ca" if tls_mode == FILES else "csr",
        goes_to=tuple(dict.fromkeys(f"secret {client.secret}" for client in showing if client.secret)),
        why=why,
    )


def _stream(values: dict[str, Any]) -> Iterator[KeyPair]:
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
    yield KeyPair(
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


def _secrets(values: dict[str, Any], reaching: tuple[Client, ...], tls_mode: str) -> Iterator[SecretPlan]:
    found: dict[str, SecretPlan] = {}
    for client in reaching:
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
    if server and tls_mode == FILES:
        own = tuple((name, name) for name in AGENT_FILES.values())
        yield SecretPlan(server, "the copy on edge nodes", own)
    stream = paths.first(values, "cloudCore.streamCertificate") or {}
    if stream.get("existingSecret"):
        keys = stream.get("secretKeys") or {}
        files = {"ca": "streamCA.crt", "cert": "stream.crt", "key": "stream.key"}
        entries = [(keys.get(role, file), file) for role, file in files.items()]
        yield SecretPlan(stream["existingSecret"], "cloudcore", tuple(entries))


def _notes(site: LoadedSite, served: list[dict[str, Any]], tls_mode: str) -> Iterator[str]:
    if tls_mode == CLUSTER:
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
