"""The values model: one site with the values of all three charts."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from generator.components import DEFAULT_RELEASES, EDGEMESH, KUBEEDGE
from generator.model.cloudcore import Admission, CloudCore, ControllerManager, IptablesManager, Mosquitto
from generator.model.common import CertManager, Images, Section, key, section
from generator.model.edgecore import CertificateCopy, EdgeCore
from generator.model.edgemesh import Agent, Gateway

# The top-level keys that each chart validates itself; it accepts the keys of other charts unchecked.
SHARED_KEYS = (
    "profile",
    "kubeedgeVersion",
    "edgemeshVersion",
    "cluster",
    "metaServer",
    "streams",
    "images",
    "nameOverride",
    "fullnameOverride",
)
CHART_KEYS = {
    "cloudcore": (
        "cloudCore",
        "iptablesManager",
        "controllerManager",
        "admission",
        "mosquitto",
        "edgeAPIs",
        "crds",
        "tests",
        "appVersion",
    ),
    "edgecore": ("edgeCore", "certificateCopy"),
    "edgemesh": ("agent", "gateway", "crds", "tests", "spiderpool"),
}


class Cluster(Section):
    """Facts about the Kubernetes cluster."""

    domain: str = key("cluster.local", "DNS domain of the cluster; EdgeMesh supports only cluster.local")
    serviceAccountIssuer: str = key(
        "https://kubernetes.default.svc.cluster.local",
        "issuer of service account tokens: the --service-account-issuer of kube-apiserver",
    )


class ServerCertificate(Section):
    """The certificate and key of the endpoint, in a Secret to copy to edge nodes (1.12 to 1.16)."""

    existingSecret: str = key(
        "",
        "Secret with rootCA.crt, server.crt and server.key; empty: you copy the files to the nodes",
    )
    certManager: CertManager = section(CertManager, "a certificate from cert-manager (edgecore chart)")


class ClientCertificate(Section):
    """The client certificate of agent and gateway, in the Secret certificateSecret."""

    certManager: CertManager = section(
        CertManager, "let cert-manager create the Secret that the agent mounts (edgemesh chart)"
    )


class Endpoint(Section):
    """The edge Kube-API endpoint: settings that edgecore and its clients share."""

    address: str = key("127.0.0.1", "IP address of the endpoint on every edge node")
    port: int = key(10550, "port of the endpoint", unit="TCP port", ge=1, le=65535)
    dummyAddress: str = key(
        "169.254.30.10",
        "address of the second listener, for pods that do not use the host network (1.17 and newer)",
    )
    certificateSecret: str = key(
        "metaserver-certs",
        "Secret with rootCA.crt, server.crt and server.key, which the agent mounts if the profile needs it",
    )
    caFile: str = key(
        "/etc/kubeedge/metaserver/rootCA.crt",
        "path on the node of the CA for client certificates (1.12 to 1.16)",
    )
    certFile: str = key(
        "/etc/kubeedge/metaserver/server.crt",
        "path on the node of the endpoint's certificate (1.12 to 1.16)",
    )
    keyFile: str = key(
        "/etc/kubeedge/metaserver/server.key", "path on the node of the endpoint's private key (1.12 to 1.16)"
    )
    serverCertificate: ServerCertificate = section(
        ServerCertificate, "the source of the endpoint's certificate (1.12 to 1.16)"
    )
    clientCertificate: ClientCertificate = section(
        ClientCertificate, "the source of the client certificate of agent and gateway"
    )


class Streams(Section):
    """kubectl logs, exec and attach on edge nodes."""

    enable: bool | None = key(
        None,
        "turn cloudStream, edgeStream and the iptables manager on or off together; on needs "
        "cloudCore.streamCertificate",
        unset="each of the three has its own key",
        example=True,
    )


class EdgeAPI(Section):
    """An API group that edge applications read through the endpoint."""

    group: str = key("", 'API group; "" is the core group')
    resources: list[str] = Field(min_length=1, description="resources of the group")


class Crds(Section):
    """CRDs (custom resource definitions), as templates."""

    enable: bool = key(True, "install the CRDs of KubeEdge (cloudcore chart)")
    istio: bool = key(False, "install the Istio CRDs that EdgeMesh watches (edgemesh chart)")
    annotations: dict[str, str] = key({}, "annotations of the CRDs")


class Tests(Section):
    """The pod of `helm test`."""

    image: str = key("curlimages/curl:8.16.0", "image with a shell and curl")


class Site(Section):
    """One installation: the values of all three charts."""

    profile: Literal["plain", "one-way", "one-way-verified", "mtls"] | None = key(
        None,
        "how clients reach the endpoint: plain, one-way, one-way-verified or mtls",
        unset="no profile; every key works as in the upstream charts",
        example="one-way-verified",
    )
    kubeedgeVersion: str = key(DEFAULT_RELEASES[KUBEEDGE], "release of KubeEdge, v1.7 to v1.23")
    edgemeshVersion: str = key(DEFAULT_RELEASES[EDGEMESH], "release of EdgeMesh, v1.12 to v1.17")
    cluster: Cluster = section(Cluster, "the Kubernetes cluster")
    metaServer: Endpoint = section(Endpoint, "the edge Kube-API endpoint")
    streams: Streams = section(Streams, "kubectl logs, exec and attach on edge nodes")
    images: Images = section(Images, "settings of all images")
    nameOverride: str = key("", "value of the label app.kubernetes.io/name")
    fullnameOverride: str = key(
        "", "base of the object names instead of the release name (edgecore and edgemesh)"
    )
    cloudCore: CloudCore = section(CloudCore, "cloudcore")
    iptablesManager: IptablesManager = section(IptablesManager, "iptables rules for kubectl logs and exec")
    controllerManager: ControllerManager = section(
        ControllerManager, "node groups, edge applications and node jobs"
    )
    admission: Admission = section(Admission, "the admission webhook for devices and rules")
    mosquitto: Mosquitto = section(Mosquitto, "an MQTT broker on every edge node")
    edgeAPIs: list[EdgeAPI] = key(
        [],
        "API types that edge applications read through the endpoint; cloudcore may then list and watch them",
        example=[{"group": "discovery.k8s.io", "resources": ["endpointslices"]}],
    )
    crds: Crds = section(Crds, "CRDs (custom resource definitions)")
    edgeCore: EdgeCore = section(EdgeCore, "edgecore.yaml; its fields are directly below this key")
    certificateCopy: CertificateCopy = section(
        CertificateCopy, "a DaemonSet that copies the endpoint's certificate to edge nodes (1.12 to 1.16)"
    )
    agent: Agent = section(Agent, "edgemesh-agent")
    gateway: Gateway = section(Gateway, "edgemesh-gateway, with the keys of upstream's gateway chart")
    tests: Tests = section(Tests, "helm test")
    appVersion: str | None = key(None, "has no effect, as in the upstream chart", unset="no effect")
    spiderpool: dict[str, Any] | None = key(
        None, "rejected: install the CNI plugin with its own chart", unset="none"
    )
