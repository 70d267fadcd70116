"""Values of the cloudcore chart: cloudcore, its helper programs in the cluster, and the MQTT broker."""

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
    """The names of the certificate files in the Secret."""

    ca: str = key("streamCA.crt", "name of the CA in the Secret")
    cert: str = key("stream.crt", "name of the certificate in the Secret")
    key: str = key("stream.key", "name of the private key in the Secret")


class StreamFiles(Section):
    """A certificate in files on the hosts of cloudcore."""

    enable: bool = key(False, "use files on the hosts of cloudcore")
    ca: str = key("/etc/kubeedge/ca/streamCA.crt", "path of the CA on the host")
    cert: str = key("/etc/kubeedge/certs/stream.crt", "path of the certificate on the host")
    key: str = key("/etc/kubeedge/certs/stream.key", "path of the private key on the host")


class StreamCertificate(Section):
    """The source of the cloudStream certificate."""

    existingSecret: str = key("", "Secret with the certificate, its key and its CA")
    secretKeys: SecretKeys = section(SecretKeys, "the names of these files in the Secret")
    certManager: CertManager = section(CertManager, "a certificate from cert-manager")
    files: StreamFiles = section(StreamFiles, "a certificate in files on the hosts of cloudcore")


# --- cloudcore -----------------------------------------------------------------------------


class CloudImage(Image):
    """The image of cloudcore."""

    repository: str = key("kubeedge/cloudcore", "repository without registry")


class Service(Section):
    """The Service in front of cloudcore."""

    enable: bool = key(True, "create the Service")
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] | None = key(
        None, "type of the Service", unset="ClusterIP on the host network, else NodePort"
    )
    cloudhubNodePort: int = key(30000, "node port of websocket, 0 to let Kubernetes choose", unit="TCP port")
    cloudhubQuicNodePort: int = key(30001, "node port of quic, 0 to let Kubernetes choose", unit="UDP port")
    cloudhubHttpsNodePort: int = key(
        30002, "node port of the certificate server, 0 to let Kubernetes choose", unit="TCP port"
    )
    cloudstreamNodePort: int = key(
        30003, "node port of cloudStream, 0 to let Kubernetes choose", unit="TCP port"
    )
    tunnelNodePort: int = key(
        30004, "node port of cloudStream's tunnel, 0 to let Kubernetes choose", unit="TCP port"
    )
    routerNodePort: int = key(0, "node port of the router, 0 to let Kubernetes choose", unit="TCP port")
    annotations: dict[str, str] = key({}, "annotations of the Service")
    clusterIP: str = key("", "fixed cluster IP, or None for a headless Service")
    ipFamilyPolicy: str = key("", "SingleStack, PreferDualStack or RequireDualStack")
    ipFamilies: list[str] = key([], "IPv4, IPv6 or both")
    externalTrafficPolicy: str = key("", "Cluster or Local (NodePort and LoadBalancer)")
    loadBalancerIP: str = key("", "requested address of the load balancer")
    loadBalancerClass: str = key("", "class of the load balancer")
    loadBalancerSourceRanges: list[str] = key([], "address ranges that the load balancer allows")


class CloudCore(Workload):
    """cloudcore and its cloudcore.yaml."""

    replicaCount: int = key(
        1, "number of instances; more than one needs existingCA and a load balancer", ge=0
    )
    hostNetWork: bool = key(True, "use the host network, where edge nodes reach the ports directly")
    image: CloudImage = section(CloudImage, "the image of cloudcore")
    securityContext: dict[str, Any] = key(
        {"privileged": False},
        "security context of the container, merged over the chart's own, which grants what the modules need",
    )
    # cloudcore caches every pod, Secret and ConfigMap: upstream's 200m and 1Gi are too small for 1000 nodes.
    resources: dict[str, Any] = key(_resources(("2", "4Gi"), ("100m", "512Mi")), "resources of the container")
    affinity: dict[str, Any] = key(affinity(edge=False), "node and pod affinity")
    strategy: dict[str, Any] = key(
        {},
        "update strategy of the Deployment; empty: Recreate on the host network, because the old pod uses "
        "the ports",
    )
    topologySpreadConstraints: list[dict[str, Any]] = key([], "topology spread constraints of the pods")
    extraArgs: list[str] = key([], "arguments to add to the command, for example --v=4")
    startupProbe: dict[str, Any] | None = key(
        None, "startup probe", unset="an HTTPS request to the certificate server"
    )
    livenessProbe: dict[str, Any] | None = key(
        None, "liveness probe", unset="an HTTPS request to the certificate server"
    )
    readinessProbe: dict[str, Any] | None = key(
        None, "readiness probe", unset="an HTTPS request to the certificate server"
    )
    serviceAccount: ServiceAccount = section(ServiceAccount, "the service account")
    podDisruptionBudget: DisruptionBudget = section(DisruptionBudget, "a PodDisruptionBudget")
    networkPolicy: NetworkPolicy = section(NetworkPolicy, "a NetworkPolicy (no effect on the host network)")
    service: Service = section(Service, "the Service in front of cloudcore")
    loadBalancerAddress: str = key(
        "", "IP address or host name of your own load balancer in front of cloudcore"
    )
    existingCA: bool = key(
        False,
        "you create the Secrets casecret and cloudcoresecret before the installation; needed for several "
        "instances",
    )
    streamCertificate: StreamCertificate = section(
        StreamCertificate, "the certificate of cloudStream; without a certificate cloudStream stays off"
    )
    featureGates: FeatureGates = section(FeatureGates, "feature gates of cloudcore")
    commonConfig: dict[str, Any] = key({}, "commonConfig of cloudcore.yaml, for example monitorServer")
    kubeAPIConfig: dict[str, Any] = key({}, "kubeAPIConfig of cloudcore.yaml")
    modules: CloudModules = section(
        CloudModules, "the modules of cloudcore.yaml; you can set every field of the release"
    )


# --- helper programs ------------------------------------------------------------------------


class IptablesImage(Image):
    """The images of the iptables manager."""

    repository: str = key("kubeedge/iptables-manager", "repository without registry, for framework legacy")
    nftRepository: str = key(
        "kubeedge/iptables-manager-nft", "repository without registry, for framework nft"
    )


class IptablesManager(Workload):
    """The iptables rules that send connections of the API server to cloudStream."""

    enable: bool | None = key(
        None, "create the iptables rules for kubectl logs and exec", unset="on unless streams.enable is false"
    )
    mode: Literal["internal", "external"] = key(
        "external", "internal: inside cloudcore; external: a DaemonSet on the cloud nodes (1.9 and newer)"
    )
    framework: Literal["legacy", "nft"] = key(
        "legacy", "type of iptables on the nodes; `iptables --version` on a node shows it"
    )
    hostNetWork: bool = key(True, "use the host network; the iptables rules apply there")
    image: IptablesImage = section(IptablesImage, "the image of the iptables manager")
    securityContext: dict[str, Any] = key(
        {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "security context of the container",
    )
    # It keeps all pods and ConfigMaps of the cluster in memory: upstream's 50Mi is too small.
    resources: dict[str, Any] = key(
        _resources(("200m", "256Mi"), ("100m", "25Mi")), "resources of the container"
    )
    affinity: dict[str, Any] = key(affinity(edge=False), "node and pod affinity")
    tolerations: list[dict[str, Any]] = key(
        None, "tolerations", unset="none; with streams.enable those of the control-plane nodes"
    )
    extraArgs: list[str] = key([], "arguments to add to the command")
    serviceAccount: ServiceAccount = section(ServiceAccount, "the service account")


class ControllerImage(Image):
    """The image of the controller manager."""

    repository: str = key("kubeedge/controller-manager", "repository without registry")


class ControllerManager(Workload):
    """Node groups, edge applications and node jobs."""

    enable: bool = key(False, "run the controller manager (KubeEdge 1.11 and newer)")
    replicaCount: int = key(1, "number of instances", ge=0)
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
    extraArgs: list[str] = key([], "arguments to add to the command")
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
    replicaCount: int = key(1, "number of instances", ge=0)
    certsSecretName: str = key("", "Secret with tls.crt, tls.key and ca.crt for kubeedge-admission-service")
    certManager: CertManager = section(CertManager, "a certificate from cert-manager")
    image: AdmissionImage = section(AdmissionImage, "the image of the admission webhook")
    securityContext: dict[str, Any] = key(_RESTRICTED, "security context of the container")
    resources: dict[str, Any] = key(
        _resources(("200m", "128Mi"), ("100m", "64Mi")), "resources of the container"
    )
    affinity: dict[str, Any] = key(affinity(edge=False), "node and pod affinity")
    annoations: dict[str, str] | None = key(
        None, "annotations, as the upstream chart of 1.20 spells the key", unset="the value of annotations"
    )
    extraArgs: list[str] = key([], "arguments to add to the command")
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
        unset="on from KubeEdge 1.16 on; with older releases keadm installs a broker",
        example=True,
    )
    address: str = key(
        "127.0.0.1", "listen address (port 1883); everyone who can connect to it can read and write"
    )
    extraConfig: str = key("", "lines to add to mosquitto.conf")
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
