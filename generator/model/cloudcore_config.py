"""Fields of cloudcore.yaml that the cloudcore chart types by itself: modules and feature gates."""

from __future__ import annotations

from generator.model.common import (
    ConfigSection,
    key,
    section,
)

# --- cloudcore.yaml ------------------------------------------------------------------------


class WebSocketServer(ConfigSection):
    """The websocket server of cloudHub."""

    enable: bool = key(True, "let edge nodes connect by websocket")
    port: int = key(10000, "port of the websocket server", unit="TCP port")


class QuicServer(ConfigSection):
    """The quic server of cloudHub."""

    enable: bool = key(False, "let edge nodes connect by quic")
    port: int = key(10001, "port of the quic server", unit="UDP port")
    maxIncomingStreams: int = key(10000, "maximum number of streams per connection")


class HttpsServer(ConfigSection):
    """The server that gives edge nodes their certificates."""

    enable: bool = key(True, "open the port in the Service; cloudcore always listens on it")
    port: int = key(10002, "port of the certificate server", unit="TCP port")


class CloudHub(ConfigSection):
    """The servers that edge nodes connect to."""

    advertiseAddress: list[str] | None = key(
        None,
        "every IP address that edge nodes use for cloudcore; the first start writes it into the certificate",
        unset="cloudcore uses the address of its host",
        example=["192.0.2.10"],
    )
    dnsNames: list[str] | None = key(
        None,
        "every host name that edge nodes use for cloudcore; the first start writes it into the certificate",
        unset="none",
        example=["cloudcore.example.com"],
    )
    nodeLimit: int = key(
        1000, "how many edge nodes may connect; cloudcore derives rates and buffers from it", unit="nodes"
    )
    websocket: WebSocketServer = section(WebSocketServer, "the websocket server")
    quic: QuicServer = section(QuicServer, "the quic server")
    https: HttpsServer = section(HttpsServer, "the certificate server")


class CloudStream(ConfigSection):
    """kubectl logs, exec and metrics of edge nodes."""

    enable: bool | None = key(
        None,
        "serve kubectl logs and exec for edge nodes",
        unset="on if streamCertificate has a certificate",
    )
    streamPort: int = key(10003, "port for the connections of the API server", unit="TCP port")
    tunnelPort: int = key(10004, "port for the connections of edge nodes", unit="TCP port")


class DynamicController(ConfigSection):
    """The cloud side of the edge Kube-API endpoint."""

    enable: bool | None = key(
        None,
        "answer list and watch requests of the edge Kube-API endpoint",
        unset="set by the profile; off without a profile",
    )


class Router(ConfigSection):
    """Messages between cloud and edge, routed by rules."""

    enable: bool = key(False, "route messages between cloud and edge by rules")


class TaskManager(ConfigSection):
    """Node upgrades, image pre-pulls and config updates."""

    enable: bool | None = key(None, "run node jobs (KubeEdge 1.16 and newer)", unset="cloudcore: off")


class CloudModules(ConfigSection):
    """The modules of cloudcore."""

    cloudHub: CloudHub = section(CloudHub, "the servers that edge nodes connect to")
    cloudStream: CloudStream = section(CloudStream, "kubectl logs and exec for edge nodes")
    dynamicController: DynamicController = section(
        DynamicController, "the cloud side of the edge Kube-API endpoint"
    )
    router: Router = section(Router, "messages between cloud and edge, routed by rules")
    taskManager: TaskManager = section(TaskManager, "node jobs")


class FeatureGates(ConfigSection):
    """Feature gates of cloudcore."""

    requireAuthorization: bool | None = key(
        None,
        "authenticate the callers of the endpoint; must be the same on edgecore (1.12 and newer)",
        unset="set by the profile; off without a profile",
    )


# --- certificates --------------------------------------------------------------------------
