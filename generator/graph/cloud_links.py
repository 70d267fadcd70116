"""The connections between the API server, cloudcore and edgecore.

What each side verifies is the same in KubeEdge 1.7 to 1.23 (kubeedge v1.23.1, files below).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from generator.graph.model import Credential, Edge, Purpose, TlsSide, tls_of
from generator.graph.programs import RunningProgram

API_SERVER, CLOUDCORE = "api-server", "cloudcore"
ACCOUNT_CA = Credential("cluster-ca", "ca.crt of its service account")
TOKEN = Credential("token")
_HUB = Credential("hub-certificate", "Secret cloudcoresecret")
_HUB_CA = Credential("cloudcore-ca", "Secret casecret")


def to_api_server(source: str, program: RunningProgram) -> Edge:
    """Return how a program in the cloud, or one that bypasses the endpoint, reaches the API server."""
    file, master = program.get("kubeAPIConfig.kubeConfig"), program.get("kubeAPIConfig.master")
    url = urlsplit(str(master or ""))
    if file:
        # The file decides on address and certificates.
        ca = caller = Credential("kubeconfig", str(file))
        host, port = "", 0
    elif url.hostname:
        host, port = url.hostname, url.port or (443 if url.scheme == "https" else 80)
        ca, caller = ACCOUNT_CA, TOKEN
    else:
        host, port, ca, caller = "kubernetes.default.svc", 443, ACCOUNT_CA, TOKEN
    if url.scheme == "http" and not file:
        return Edge(source, API_SERVER, "kubernetes-api", "http", host, port)
    client, server = TlsSide(trusts=ca), TlsSide(shows=Credential("api-server-certificate"))
    return Edge(
        source, API_SERVER, "kubernetes-api", "https", host, port, tls_of(client, server), client, server,
        caller, API_SERVER,
    )  # fmt: skip


def logs(cloudcore: RunningProgram) -> Iterator[Edge]:
    """Yield the connection of kubectl logs and exec, if cloudStream is on."""
    if not cloudcore.get("modules.cloudStream.enable"):
        return
    port = int(cloudcore.get("modules.cloudStream.streamPort") or 0)
    # Neither side verifies the other (cloud/pkg/cloudstream/streamserver.go:403: RequestClientCert).
    client = TlsSide(shows=Credential("kubelet-client"))
    file = str(cloudcore.get("modules.cloudStream.tlsStreamCertFile") or "")
    server = TlsSide(shows=Credential("stream-certificate", cloudcore.place(file)))
    yield Edge(API_SERVER, CLOUDCORE, "logs", "https", "", port, tls_of(client, server), client, server)


def of_edgecore(source: str, edgecore: RunningProgram) -> Iterator[Edge]:
    """Yield the connections of edgecore to cloudcore: messages, certificates and the tunnel."""
    hub = "modules.edgeHub"
    certificate = _node_certificate(edgecore, f"{hub}.tlsCertFile")
    ca = Credential("cloudcore-ca", str(edgecore.get(f"{hub}.tlsCaFile") or ""))
    server = TlsSide(_HUB_CA, _HUB)
    if edgecore.get(f"{hub}.quic.enable"):
        # By quic, edgecore verifies nothing (edge/pkg/edgehub/clients/quicclient/quicclient.go:62).
        yield _edge(
            source, "messages", "quic", edgecore.get(f"{hub}.quic.server"), TlsSide(None, certificate), server
        )
    else:
        address = edgecore.get(f"{hub}.websocket.server")
        yield _edge(source, "messages", "wss", address, TlsSide(ca, certificate), server)
    # The CA itself is fetched unverified, and compared with the hash in the token
    # (edge/pkg/edgehub/certificate/certmanager.go:111); cloudcore checks the certificate of a renewal.
    url = str(edgecore.get(f"{hub}.httpServer") or "").removeprefix("https://")
    client = TlsSide(ca, Credential("node-certificate-renewal", certificate.place))
    edge = _edge(source, "certificates", "https", url, client, server)
    yield replace(edge, tls="server", caller=Credential("join-token"), checked_by=CLOUDCORE)
    if edgecore.get("modules.edgeStream.enable"):
        stream = "modules.edgeStream"
        shown = _node_certificate(edgecore, f"{stream}.tlsTunnelCertFile")
        # edgecore does not verify cloudcore here (edge/pkg/edgestream/edgestream.go:100).
        yield _edge(source, "tunnel", "wss", edgecore.get(f"{stream}.server"), TlsSide(None, shown), server)


def _node_certificate(edgecore: RunningProgram, key: str) -> Credential:
    return Credential("node-certificate", str(edgecore.get(key) or ""))


def _edge(
    source: str, purpose: Purpose, protocol: str, address: object, client: TlsSide, server: TlsSide
) -> Edge:
    host, port = split(str(address or ""))
    return Edge(source, CLOUDCORE, purpose, protocol, host, port, tls_of(client, server), client, server)


def split(address: str) -> tuple[str, int]:
    """Return the host and the port of `host:port`, 0 without a port."""
    found = urlsplit(f"//{address}")
    try:
        return found.hostname or "", found.port or 0
    except ValueError:
        return address, 0
