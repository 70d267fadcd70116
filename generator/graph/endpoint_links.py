"""The endpoint and its clients: what each TLS mode of KubeEdge verifies (docs/profiles.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.certs.plan import CLUSTER, FILES
from generator.certs.readers import node_files, serves
from generator.graph.cloud_links import ACCOUNT_CA, TOKEN, split, to_api_server
from generator.graph.model import Credential, Edge, TlsSide, tls_of
from generator.graph.programs import RunningProgram
from generator.upstream import Release

_PKI = "/etc/kubeedge/pki/metaserver"
_ACCOUNT_CA_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"
_SECURITY = "kubeAPIConfig.metaServer.security"


@dataclass(frozen=True)
class ServedEndpoint:
    """The endpoint of a node group: its addresses, and its side of TLS."""

    addresses: tuple[str, ...]
    side: TlsSide
    checked_by: str

    @property
    def tls(self) -> bool:
        """Return whether clients connect with TLS and a token."""
        return self.side.shows is not None


def endpoint_of(edgecore: RunningProgram, mode: str, kubeedge: Release) -> ServedEndpoint | None:
    """Return the endpoint of an edgecore, None if it is off; `mode` is that of the certificate plan."""
    server = edgecore.get("modules.metaManager.metaServer") or {}
    if not server.get("enable"):
        return None
    address = str(server.get("server") or "")
    if mode not in (FILES, CLUSTER) or not serves(edgecore.config):
        return ServedEndpoint((address,), TlsSide(), "")
    if mode == FILES:
        files = node_files(edgecore.config)
        side = TlsSide(
            Credential("own-ca", files["tlsCaFile"]), Credential("own-certificate", files["tlsCertFile"])
        )
        # cloudcore checks the token up to 1.13 (kubeedge v1.14 metaserver/server.go:250).
        checked_by = "edgecore" if kubeedge.within({"from": "1.14"}) else "cloudcore"
        return ServedEndpoint((address,), side, checked_by)
    side = TlsSide(
        Credential("cluster-ca", f"{_PKI}/ca.crt"),
        Credential("cluster-certificate", f"{_PKI}/metaserver-current.pem"),
    )
    second = str(server.get("dummyServer") or "")
    return ServedEndpoint(tuple(filter(None, (address, second))), side, "edgecore")


def of_applications(source: str, target: str, endpoint: ServedEndpoint) -> Edge:
    """Return the connection of any application: it can verify the endpoint, and must present a token."""
    host, port = split(endpoint.addresses[0])
    if not endpoint.tls:
        return Edge(source, target, "endpoint", "http", host, port)
    trusts = endpoint.side.trusts
    cluster = trusts is not None and trusts.code == "cluster-ca"
    client = TlsSide(trusts=ACCOUNT_CA if cluster else Credential("own-ca"))
    return Edge(
        source, target, "endpoint", "https", host, port, "optional", client, endpoint.side, TOKEN,
        endpoint.checked_by,
    )  # fmt: skip


def of_client(
    source: str, target: str, program: RunningProgram, endpoint: ServedEndpoint | None
) -> Iterator[Edge]:
    """Yield the connection of agent or gateway to the endpoint, or to the API server if it bypasses it."""
    if program.get("kubeAPIConfig.master") or program.get("kubeAPIConfig.kubeConfig"):
        yield to_api_server(source, program)
    elif endpoint is not None:
        yield _of_client(source, target, program, endpoint)


def _of_client(source: str, target: str, program: RunningProgram, endpoint: ServedEndpoint) -> Edge:
    url = urlsplit(str(program.get("kubeAPIConfig.metaServer.server") or ""))
    host, port = split(url.netloc)
    security = program.get(_SECURITY) or {}
    if not security.get("requireAuthorization"):
        # It uses neither certificates nor a token, whatever the scheme is.
        server = endpoint.side if url.scheme == "https" else TlsSide()
        return Edge(
            source, target, "endpoint", url.scheme, host, port, tls_of(TlsSide(), server), TlsSide(), server
        )
    client = TlsSide() if security.get("insecureSkipTLSVerify") else _verifying(program, security, endpoint)
    mode = tls_of(client, endpoint.side)
    return Edge(
        source,
        target,
        "endpoint",
        "https",
        host,
        port,
        mode,
        client,
        endpoint.side,
        TOKEN,
        endpoint.checked_by,
    )


def _verifying(program: RunningProgram, security: dict[str, str], endpoint: ServedEndpoint) -> TlsSide:
    """Return the side of a client that verifies the endpoint."""
    file, shown = security.get("tlsCaFile") or "", security.get("tlsCertFile") or ""
    wanted = endpoint.side.trusts
    certificate = Credential("client-certificate", program.place(shown)) if shown else None
    if file == _ACCOUNT_CA_FILE:
        return TlsSide(ACCOUNT_CA, certificate)
    what = "cluster-ca" if wanted and wanted.code == "cluster-ca" else "own-ca"
    return TlsSide(Credential(what, program.place(file)), certificate)
