"""The values model: one site, all three charts."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from generator.model.cloudcore import Admission, CloudCore, ControllerManager, IptablesManager, Mosquitto
from generator.model.common import CertManager, Images, Section, key, section
from generator.model.edgecore import CertificateCopy, EdgeCore
from generator.model.edgemesh import Agent, Gateway

# Which top-level keys each chart types by itself; it takes those of the others as they come.
SHARED_KEYS = (
    "profile",
    "kubeedgeVersion",
    "edgemeshVersion",
    "cluster",
    "metaServer",
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

    domain: str = key("cluster.local", "DNS domain of the cluster; EdgeMesh works with cluster.local only")
    serviceAccountIssuer: str = key(
        "https://kubernetes.default.svc.cluster.local",
        "issuer of service-account tokens, as kube-apiserver's --service-account-issuer has it",
    )


class ServerCertificate(Section):
    """The endpoint's own pair, as a secret for the copy on edge nodes (1.12 to 1.16)."""

    existingSecret: str = key(
        "",
        "secret with rootCA.crt, server.crt, server.key; unset: the files are brought to the nodes by hand",
    )
    certManager: CertManager = section(
        CertManager, "a certificate from cert-manager instead (edgecore chart)"
    )


class ClientCertificate(Section):
    """The pair that agent and gateway show; certificateSecret names its secret."""

    certManager: CertManager = section(
        CertManager, "have cert-manager make the secret that the agent mounts (edgemesh chart)"
    )


class Endpoint(Section):
    """The edge Kube-API endpoint, as both ends of it must know it."""

    address: str = key("127.0.0.1", "IP address of the endpoint on every edge node")
    port: int = key(10550, "port of the endpoint", unit="TCP port", ge=1, le=65535)
    dummyAddress: str = key(
        "169.254.30.10", "address of the second listener, for pods off the host network (1.17 and newer)"
    )
    certificateSecret: str = key(
        "metaserver-certs",
        "secret with rootCA.crt, server.crt and server.key, for the agent where the profile asks for it",
    )
    caFile: str = key(
        "/etc/kubeedge/metaserver/rootCA.crt",
        "certificate authority of clients, a file on the node (1.12 to 1.16)",
    )
    certFile: str = key(
        "/etc/kubeedge/metaserver/server.crt",
        "certificate of the endpoint, a file on the node (1.12 to 1.16)",
    )
    keyFile: str = key(
        "/etc/kubeedge/metaserver/server.key", "key of that certificate, a file on the node (1.12 to 1.16)"
    )
    serverCertificate: ServerCertificate = section(
        ServerCertificate, "where the certificate of the endpoint comes from (1.12 to 1.16)"
    )
    clientCertificate: ClientCertificate = section(
        ClientCertificate, "where the certificate that agent and gateway show comes from"
    )


class EdgeAPI(Section):
    """An API group that edge applications read."""

    group: str = key("", 'API group; "" is the core group')
    resources: list[str] = Field(min_length=1, description="resources of the group")


class Definitions(Section):
    """Custom resource definitions, as templates."""

    enable: bool = key(True, "render KubeEdge's custom resource definitions (cloudcore chart)")
    istio: bool = key(False, "render the Istio definitions that EdgeMesh watches (edgemesh chart)")
    annotations: dict[str, str] = key({}, "annotations of the definitions")


class Tests(Section):
    """The pod of `helm test`."""

    image: str = key("curlimages/curl:8.16.0", "image with a shell and curl")


class Site(Section):
    """One installation: everything that the three charts need to know."""

    profile: Literal["plain", "one-way", "one-way-verified", "mtls"] | None = key(
        None,
        "how clients reach the endpoint: plain, one-way, one-way-verified or mtls",
        unset="sets nothing, every key acts as upstream's",
        example="one-way-verified",
    )
    kubeedgeVersion: str = key("v1.23.1", "release of KubeEdge, v1.7 to v1.23")
    edgemeshVersion: str = key("v1.17.0", "release of EdgeMesh, v1.12 to v1.17")
    cluster: Cluster = section(Cluster, "the Kubernetes cluster")
    metaServer: Endpoint = section(Endpoint, "the edge Kube-API endpoint")
    images: Images = section(Images, "what holds for every image")
    nameOverride: str = key("", "value of the label app.kubernetes.io/name")
    fullnameOverride: str = key(
        "", "base of the object names in place of the release name (edgecore and edgemesh)"
    )
    cloudCore: CloudCore = section(CloudCore, "cloudcore")
    iptablesManager: IptablesManager = section(IptablesManager, "rules for kubectl logs and exec")
    controllerManager: ControllerManager = section(
        ControllerManager, "node groups, edge applications and node jobs"
    )
    admission: Admission = section(Admission, "the admission webhook for devices and rules")
    mosquitto: Mosquitto = section(Mosquitto, "an MQTT broker on every edge node")
    edgeAPIs: list[EdgeAPI] = key(
        [],
        "what edge applications read through the endpoint: list and watch rights of cloudcore",
        example=[{"group": "discovery.k8s.io", "resources": ["endpointslices"]}],
    )
    crds: Definitions = section(Definitions, "custom resource definitions")
    edgeCore: EdgeCore = section(EdgeCore, "edgecore.yaml; its fields stand directly here")
    certificateCopy: CertificateCopy = section(
        CertificateCopy, "a DaemonSet that brings the endpoint's certificate to edge nodes (1.12 to 1.16)"
    )
    agent: Agent = section(Agent, "edgemesh-agent")
    gateway: Gateway = section(Gateway, "edgemesh-gateway; the keys of upstream's gateway chart stand here")
    tests: Tests = section(Tests, "helm test")
    appVersion: str | None = key(None, "not read, as upstream", unset="not read")
    spiderpool: dict[str, Any] | None = key(None, "refused: the CNI has a chart of its own", unset="refused")
