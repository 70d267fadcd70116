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
    maxIncomingStreams: int = key(10000, "streams that one connection may open")


class HttpsServer(ConfigSection):
    """The server where edge nodes fetch their certificates."""

    enable: bool = key(True, "open the port; cloudcore listens on it in any case")
    port: int = key(10002, "port where edge nodes fetch their certificates", unit="TCP port")


class CloudHub(ConfigSection):
    """The door for edge nodes."""

    advertiseAddress: list[str] | None = key(
        None,
        "every IP address that edge nodes use for cloudcore; signed into its certificate at the first start",
        unset="cloudcore takes the address of its host",
        example=["192.0.2.10"],
    )
    dnsNames: list[str] | None = key(
        None,
        "every name that edge nodes use for cloudcore; signed into its certificate at the first start",
        unset="no name",
        example=["cloudcore.example.com"],
    )
    nodeLimit: int = key(
        1000, "edge nodes that may connect; the rates and buffers follow from it", unit="nodes"
    )
    websocket: WebSocketServer = section(WebSocketServer, "the websocket server")
    quic: QuicServer = section(QuicServer, "the quic server")
    https: HttpsServer = section(HttpsServer, "the certificate server")


class CloudStream(ConfigSection):
    """kubectl logs, exec and metrics of edge nodes."""

    enable: bool | None = key(
        None,
        "serve kubectl logs and exec for edge nodes",
        unset="on when streamCertificate names a certificate",
    )
    streamPort: int = key(10003, "port that the API server is sent to", unit="TCP port")
    tunnelPort: int = key(10004, "port that edge nodes connect to", unit="TCP port")


class DynamicController(ConfigSection):
    """What answers the edge Kube-API endpoint."""

    enable: bool | None = key(
        None,
        "answer the lists and watches of the edge Kube-API endpoint",
        unset="the profile; off without one",
    )


class Router(ConfigSection):
    """Messages between cloud and edge by rules."""

    enable: bool = key(False, "route messages between cloud and edge by rules")


class TaskManager(ConfigSection):
    """Node upgrades, image pre-pulls and config updates."""

    enable: bool | None = key(None, "run node jobs (KubeEdge 1.16 and newer)", unset="cloudcore: off")


class CloudModules(ConfigSection):
    """The modules of cloudcore."""

    cloudHub: CloudHub = section(CloudHub, "the door for edge nodes")
    cloudStream: CloudStream = section(CloudStream, "kubectl logs and exec for edge nodes")
    dynamicController: DynamicController = section(
        DynamicController, "the cloud end of the edge Kube-API endpoint"
    )
    router: Router = section(Router, "messages between cloud and edge by rules")
    taskManager: TaskManager = section(TaskManager, "node jobs")


class FeatureGates(ConfigSection):
    """Feature gates of cloudcore."""

    requireAuthorization: bool | None = key(
        None,
        "authenticate the callers of the endpoint; the same on edgecore (1.12 and newer)",
        unset="the profile; off without one",
    )


# --- certificates --------------------------------------------------------------------------
