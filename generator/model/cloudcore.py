"""Values of the cloudcore chart: cloudcore itself, its helpers in the cluster, the MQTT broker."""

from __future__ import annotations

from typing import Any, Literal

from generator.model.cloudcore_config import CloudModules, FeatureGates
from generator.model.common import (
    CertManager,
    DisruptionBudget,
    Image,
    NetworkPolicy,
    Section,
    ServiceAccount,
    Workload,
    affinity,
    key,
    section,
)

_RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "runAsUser": 65534,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def _resources(limits: tuple[str, str], requests: tuple[str, str]) -> dict[str, Any]:
    names = ("cpu", "memory")
    return {
        "limits": dict(zip(names, limits, strict=True)),
        "requests": dict(zip(names, requests, strict=True)),
    }


class SecretKeys(Section):
    """The names under which a secret holds the certificate."""

    ca: str = key("streamCA.crt", "key of the certificate authority")
    cert: str = key("stream.crt", "key of the certificate")
    key: str = key("stream.key", "key of the private key")


class StreamFiles(Section):
    """A certificate that lies on the hosts of cloudcore."""

    enable: bool = key(False, "use files on the hosts of cloudcore instead")
    ca: str = key("/etc/kubeedge/ca/streamCA.crt", "certificate authority, a file on the host")
    cert: str = key("/etc/kubeedge/certs/stream.crt", "certificate, a file on the host")
    key: str = key("/etc/kubeedge/certs/stream.key", "private key, a file on the host")


class StreamCertificate(Section):
    """Where the certificate of cloudStream comes from."""

    existingSecret: str = key("", "secret with the certificate, its key and its authority")
    secretKeys: SecretKeys = section(SecretKeys, "the names of the three in that secret")
    certManager: CertManager = section(CertManager, "a certificate from cert-manager instead")
    files: StreamFiles = section(StreamFiles, "a certificate that lies on the hosts of cloudcore instead")


# --- cloudcore -----------------------------------------------------------------------------


class CloudImage(Image):
    """The image of cloudcore."""

    repository: str = key("kubeedge/cloudcore", "repository without registry")


class Service(Section):
    """The Service in front of cloudcore."""

    enable: bool = key(True, "make the Service")
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] | None = key(
        None, "type of the Service", unset="ClusterIP on the host network, NodePort off it"
    )
    cloudhubNodePort: int = key(30000, "node port of websocket, 0 for any", unit="TCP port")
    cloudhubQuicNodePort: int = key(30001, "node port of quic, 0 for any", unit="UDP port")
    cloudhubHttpsNodePort: int = key(30002, "node port of the certificate server, 0 for any", unit="TCP port")
    cloudstreamNodePort: int = key(30003, "node port of cloudStream, 0 for any", unit="TCP port")
    tunnelNodePort: int = key(30004, "node port of cloudStream's tunnel, 0 for any", unit="TCP port")
    routerNodePort: int = key(0, "node port of the router, 0 for any", unit="TCP port")
    annotations: dict[str, str] = key({}, "annotations of the Service")
    clusterIP: str = key("", "fixed cluster address, or None for a headless Service")
    ipFamilyPolicy: str = key("", "SingleStack, PreferDualStack or RequireDualStack")
    ipFamilies: list[str] = key([], "IPv4, IPv6 or both")
    externalTrafficPolicy: str = key("", "Cluster or Local (NodePort and LoadBalancer)")
    loadBalancerIP: str = key("", "address asked of the load balancer")
    loadBalancerClass: str = key("", "class of the load balancer")
    loadBalancerSourceRanges: list[str] = key([], "address ranges that the load balancer admits")


class CloudCore(Workload):
    """cloudcore and its cloudcore.yaml."""

    replicaCount: int = key(1, "instances; more than one needs existingCA and a load balancer", ge=0)
    hostNetWork: bool = key(True, "run on the host's network, where edge nodes reach the ports directly")
    image: CloudImage = section(CloudImage, "the image of cloudcore")
    securityContext: dict[str, Any] = key(
        {"privileged": False},
        "security context of the container, laid over the chart's own, which grants what the modules need",
    )
    # A kubelet-like cache of every pod, secret and config map: 1000 nodes do not fit upstream's 200m and 1Gi.
    resources: dict[str, Any] = key(_resources(("2", "4Gi"), ("100m", "512Mi")), "resources of the container")
    affinity: dict[str, Any] = key(affinity(edge=False), "node and pod affinity")
    strategy: dict[str, Any] = key(
        {},
        "update strategy of the Deployment; empty: Recreate on the host network, where ports are taken once",
    )
    topologySpreadConstraints: list[dict[str, Any]] = key([], "how several instances are spread")
    extraArgs: list[str] = key([], "arguments added to the command, for example --v=4")
    startupProbe: dict[str, Any] | None = key(None, "startup probe", unset="the certificate server answers")
    livenessProbe: dict[str, Any] | None = key(None, "liveness probe", unset="the certificate server answers")
    readinessProbe: dict[str, Any] | None = key(
        None, "readiness probe", unset="the certificate server answers"
    )
    serviceAccount: ServiceAccount = section(ServiceAccount, "the service account")
    podDisruptionBudget: DisruptionBudget = section(DisruptionBudget, "a PodDisruptionBudget")
    networkPolicy: NetworkPolicy = section(NetworkPolicy, "a NetworkPolicy (off the host network)")
    service: Service = section(Service, "the Service in front of cloudcore")
    loadBalancerAddress: str = key(
        "", "IP address or name of a load balancer of your own in front of cloudcore"
    )
    existingCA: bool = key(
        False,
        "the secrets casecret and cloudcoresecret were created beforehand; needed for several instances",
    )
    streamCertificate: StreamCertificate = section(
        StreamCertificate, "the certificate of cloudStream; without one cloudStream stays off"
    )
    featureGates: FeatureGates = section(FeatureGates, "feature gates of cloudcore")
    commonConfig: dict[str, Any] = key({}, "commonConfig of cloudcore.yaml, for example monitorServer")
    kubeAPIConfig: dict[str, Any] = key({}, "kubeAPIConfig of cloudcore.yaml")
    modules: CloudModules = section(
        CloudModules, "the modules of cloudcore.yaml; every field of the release may be set"
    )


# --- the helpers ---------------------------------------------------------------------------


class IptablesImage(Image):
    """The images of the iptables manager."""

    repository: str = key("kubeedge/iptables-manager", "repository without registry, for framework legacy")
    nftRepository: str = key(
        "kubeedge/iptables-manager-nft", "repository without registry, for framework nft"
    )


class IptablesManager(Workload):
    """The rules that send the API server's connections to cloudStream."""

    enable: bool = key(True, "keep the iptables rules for kubectl logs and exec")
    mode: Literal["internal", "external"] = key(
        "external", "internal: inside cloudcore; external: a DaemonSet on the cloud nodes (1.9 and newer)"
    )
    framework: Literal["legacy", "nft"] = key(
        "legacy", "what the nodes' iptables is; `iptables --version` on a node tells"
    )
    hostNetWork: bool = key(True, "run on the host's network, whose rules are meant")
    image: IptablesImage = section(IptablesImage, "the image of the iptables manager")
    securityContext: dict[str, Any] = key(
        {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "security context of the container",
    )
    # It keeps all pods and config maps of the cluster in memory: upstream's 50Mi is too little.
    resources: dict[str, Any] = key(
        _resources(("200m", "256Mi"), ("100m", "25Mi")), "resources of the container"
    )
    affinity: dict[str, Any] = key(affinity(edge=False), "node and pod affinity")
    extraArgs: list[str] = key([], "arguments added to the command")
    serviceAccount: ServiceAccount = section(ServiceAccount, "the service account")


class ControllerImage(Image):
    """The image of the controller manager."""

    repository: str = key("kubeedge/controller-manager", "repository without registry")


class ControllerManager(Workload):
    """Node groups, edge applications and node jobs."""

    enable: bool = key(False, "run the controller manager (KubeEdge 1.11 and newer)")
    replicaCount: int = key(1, "instances", ge=0)
    image: ControllerImage = section(ControllerImage, "the image of the controller manager")
    securityContext: dict[str, Any] = key(_RESTRICTED, "security context of the container")
    resources: dict[str, Any] = key(
        _resources(("200m", "128Mi"), ("100m", "25Mi")), "resources of the container"
    )
    affinity: dict[str, Any] = key(affinity(edge=False), "node and pod affinity")
    tolerations: list[dict[str, Any]] = key(
        [
            {"key": f"node-role.kubernetes.io/{role}", "operator": "Exists", "effect": "NoSchedule"}
            for role in ("master", "control-plane")
        ],
        "tolerations",
    )
    extraArgs: list[str] = key([], "arguments added to the command")
    livenessProbe: dict[str, Any] | None = key(
        None, "liveness probe", unset="/healthz on port 9001 from KubeEdge 1.23 on"
    )
    readinessProbe: dict[str, Any] | None = key(
        None, "readiness probe", unset="/readyz on port 9001 from KubeEdge 1.23 on"
    )
    serviceAccount: ServiceAccount = section(ServiceAccount, "the service account")


class AdmissionImage(Image):
    """The image of the admission webhook."""

    repository: str = key("kubeedge/admission", "repository without registry")


class Admission(Workload):
    """The admission webhook for devices, rules and node jobs."""

    enable: bool = key(False, "run the admission webhook")
    replicaCount: int = key(1, "instances", ge=0)
    certsSecretName: str = key("", "secret with tls.crt, tls.key and ca.crt for kubeedge-admission-service")
    certManager: CertManager = section(CertManager, "a certificate from cert-manager instead")
    image: AdmissionImage = section(AdmissionImage, "the image of the admission webhook")
    securityContext: dict[str, Any] = key(_RESTRICTED, "security context of the container")
    resources: dict[str, Any] = key(
        _resources(("200m", "128Mi"), ("100m", "64Mi")), "resources of the container"
    )
    affinity: dict[str, Any] = key(affinity(edge=False), "node and pod affinity")
    annoations: dict[str, str] | None = key(
        None, "annotations, as the chart of KubeEdge 1.20 spells it", unset="annotations"
    )
    extraArgs: list[str] = key([], "arguments added to the command")
    serviceAccount: ServiceAccount = section(ServiceAccount, "the service account")


class MosquittoImage(Image):
    """The image of the MQTT broker."""

    repository: str = key("eclipse-mosquitto", "repository without registry")
    tag: str = key("2.0.22", "tag")


class Mosquitto(Workload):
    """An MQTT broker on every edge node, for edgecore's eventBus."""

    enable: bool | None = key(
        None,
        "run an MQTT broker on every edge node",
        unset="on from KubeEdge 1.16 on; before, keadm installs one",
        example=True,
    )
    address: str = key(
        "127.0.0.1", "address it listens on, port 1883; anybody who reaches it may read and write"
    )
    extraConfig: str = key("", "lines added to mosquitto.conf")
    image: MosquittoImage = section(MosquittoImage, "the image of the MQTT broker")
    securityContext: dict[str, Any] = key(
        {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"], "add": ["CHOWN", "SETGID", "SETUID"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "security context of the container",
    )
    resources: dict[str, Any] = key(
        _resources(("200m", "100Mi"), ("100m", "50Mi")), "resources of the container"
    )
    affinity: dict[str, Any] = key(affinity(edge=True), "node and pod affinity")
    tolerations: list[dict[str, Any]] = key(
        [{"key": "node-role.kubernetes.io/edge", "operator": "Exists"}], "tolerations"
    )
