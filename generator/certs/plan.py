"""Finds the certificates that a site needs from its values; reads no files and no clock.

Up to KubeEdge 1.16 the endpoint's certificate is a file on every node. From 1.17 on edgecore gets it from
the cluster, and only the client pair of mtls must be made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from generator import paths
from generator.catalogue.message import Message, say
from generator.certs.names import Names
from generator.certs.readers import AGENT_FILES, Client, clients, edge_configs, names, node_files, serves
from generator.load import LoadedSite

# Where the endpoint's certificate comes from.
FILES, CLUSTER, NONE = "files", "cluster", "none"


@dataclass(frozen=True)
class KeyPair:
    """A certificate with its key: `name` is server, client or stream."""

    name: str
    use: str
    names: Names
    signer: str
    goes_to: tuple[str, ...]
    why: Message


@dataclass(frozen=True)
class SecretPlan:
    """A Secret that a chart or program expects: its keys and the file of each key."""

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
    notes: tuple[Message, ...]

    def pair(self, name: str) -> KeyPair | None:
        """Return the pair server, client or stream, None if the site does not need it."""
        return next((pair for pair in self.pairs if pair.name == name), None)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the hosts of the URLs at which clients verify the endpoint."""
        return tuple(dict.fromkeys(client.host for client in self.clients if client.verifies))

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as plain data."""
        return {
            "kubeedge": self.kubeedge,
            "profile": self.profile,
            "tlsMode": self.tls_mode,
            "bundle": self.bundle,
            "pairs": [{**asdict(pair), "why": pair.why.what, "ruleId": pair.why.code} for pair in self.pairs],
            "secrets": [asdict(secret) for secret in self.secrets],
            "clients": [asdict(client) for client in self.clients],
            "notes": [{"ruleId": note.code, "what": note.what} for note in self.notes],
        }


def plan(site: LoadedSite) -> CertPlan:
    """Return the certificates that a site needs, their signers and where they go."""
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
        why=say("server-pair", release=site.kubeedge.minor),
    )


def _client(reaching: tuple[Client, ...], tls_mode: str) -> Iterator[KeyPair]:
    showing = [client for client in reaching if client.shows]
    if not showing:
        return
    yield KeyPair(
        name="client",
        use="client",
        # This name grants no permissions: edgecore identifies clients by their token.
        names=Names("edgemesh-metaserver-client"),
        signer="own-ca" if tls_mode == FILES else "csr",
        goes_to=tuple(dict.fromkeys(f"Secret {client.secret}" for client in showing if client.secret)),
        why=say(
            "client-pair",
            "cluster" if tls_mode == CLUSTER else "",
            clients=tuple(client.name for client in showing),
        ),
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
        why=say("stream-pair"),
    )


def _stream_places(wanted: dict[str, Any]) -> Iterator[str]:
    if wanted.get("existingSecret"):
        yield f"Secret {wanted['existingSecret']}"
    if paths.first(wanted, "certManager.enable"):
        yield "Secret cloudcore-stream, made by cert-manager"
    if paths.first(wanted, "files.enable"):
        yield from (f"{wanted['files'][name]} on the node of cloudcore" for name in ("ca", "cert", "key"))


def _secrets(values: dict[str, Any], reaching: tuple[Client, ...], tls_mode: str) -> Iterator[SecretPlan]:
    found: dict[str, SecretPlan] = {}
    for client in reaching:
        if client.secret:
            entries = [("rootCA.crt", "rootCA.crt")]
            # The programs read the client pair under the names of the server pair.
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


def _notes(site: LoadedSite, served: list[dict[str, Any]], tls_mode: str) -> Iterator[Message]:
    if tls_mode == CLUSTER:
        server = paths.first(served[0], "modules.metaManager.metaServer") or {}
        hosts = (str(server.get("server")), str(server.get("dummyServer")))
        yield say("endpoint-certificate-from-cluster", hosts=hosts)
    elif not served:
        yield say("endpoint-without-certificate")
    hub = paths.first(site.values, "cloudCore.modules.cloudHub") or {}
    listed = [*(hub.get("advertiseAddress") or []), *(name for name in hub.get("dnsNames") or [] if name)]
    yield say("cloudhub-certificate", hosts=tuple(listed) or None)
