"""Values of the edgemesh chart: edgemesh-agent and edgemesh-gateway.

The keys are those of upstream's two charts (the gateway's under `gateway`); what upstream's charts
cannot set of the programs' files stands where it stands in the file.
"""

from __future__ import annotations

from typing import Any, Literal

from generator.model.common import (
    DisruptionBudget,
    Image,
    NetworkPolicy,
    Section,
    ServiceAccount,
    Workload,
    key,
    section,
)
from generator.model.edgemesh_config import (
    RELAY_EXAMPLE,
    AgentModules,
    Common,
    GatewayModules,
    KubeAPI,
    Pprof,
    RelayNode,
)


class CloudNodes(Section):
    """What edgemesh-agent.yaml has different on cloud nodes."""

    kubeAPIConfig: dict[str, Any] | None = key(None, "fields that differ", unset="agent.kubeAPIConfig")
    commonConfig: dict[str, Any] | None = key(None, "fields that differ", unset="agent.commonConfig")
    modules: dict[str, Any] | None = key(
        None, "fields that differ", unset="agent.modules", example={"edgeDNS": {"enable": False}}
    )


class Account(ServiceAccount):
    """The service account of a workload."""

    create: bool = key(True, "make the service account; off, name one that exists")
    name: str = key("", "name of the service account; empty takes that of the workload")


class MetricsService(Section):
    """A headless Service for scrapers."""

    enable: bool = key(False, "make it; metricConfig.enable must be on too")
    labels: dict[str, str] = key({}, "labels added")
    annotations: dict[str, str] = key({}, "annotations")


class GatewayService(Section):
    """A Service in front of the gateway."""

    enable: bool = key(False, "make it")
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = key(
        "ClusterIP", "type: ClusterIP, NodePort or LoadBalancer"
    )
    labels: dict[str, str] = key({}, "labels added")
    annotations: dict[str, str] = key({}, "annotations")
    ports: list[dict[str, Any]] = key(
        [],
        "ports, those of the Gateway resources",
        example=[{"name": "http", "port": 80, "targetPort": 8080}],
    )


class MeshWorkload(Workload):
    """What agent and gateway have in common."""

    metaServerSecret: str | None = key(
        None,
        "secret with rootCA.crt, server.crt and server.key, mounted at /etc/edgemesh/metaserver "
        "where requireAuthorization is on",
        unset="the profile; none without one",
    )
    resources: dict[str, Any] = key(
        {"limits": {"cpu": "1", "memory": "256Mi"}, "requests": {"cpu": "0.5", "memory": "128Mi"}},
        "requests and limits",
    )
    dnsPolicy: Literal["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] = key(
        "ClusterFirstWithHostNet", "DNS policy of the pods"
    )
    livenessProbe: dict[str, Any] = key({}, "liveness probe; EdgeMesh has no health endpoint of its own")
    readinessProbe: dict[str, Any] = key({}, "readiness probe")
    serviceAccount: Account = section(Account, "the service account")


class Agent(MeshWorkload):
    """edgemesh-agent, one pod on every node."""

    enable: bool = key(True, "install the agent; off also says that there is no EdgeMesh for edgecore's sake")
    image: str | Image | None = key(
        None,
        "image, as one string or as a map of repository, tag, digest, pullPolicy and pullSecrets",
        unset="kubeedge/edgemesh-agent of edgemeshVersion",
        example="kubeedge/edgemesh-agent:v1.17.0",
    )
    psk: str = key(
        "", "key that all members share, as `openssl rand -base64 32` makes it; better in a secret"
    )
    pskSecret: str | None = key(None, "existing secret with the key under psk", unset="<release>-psk")
    relayNodes: list[RelayNode] = key([], "nodes that others reach through", example=RELAY_EXAMPLE)
    kubeAPIConfig: KubeAPI = section(KubeAPI, "how the agent reaches the Kubernetes API")
    commonConfig: Common = section(Common, "the device on every node")
    modules: AgentModules = section(AgentModules, "the modules; every field of the release may be set")
    cloudNodes: CloudNodes = section(
        CloudNodes,
        "what differs on nodes without the label node-role.kubernetes.io/edge; "
        "when set, they get a DaemonSet and a ConfigMap of their own",
    )
    priorityClassName: str = key("system-node-critical", "priority class")
    securityContext: dict[str, Any] = key(
        {"privileged": True},
        "security context; privileged, for the agent makes a device and iptables rules and raises limits",
    )
    updateStrategy: dict[str, Any] = key({"type": "RollingUpdate"}, "update strategy of the DaemonSets")
    metricsService: MetricsService = section(MetricsService, "a headless Service for the tunnel's metrics")
    cloudCIDR: list[str] | None = key(None, "refused: the CNI has a chart of its own", unset="refused")
    edgeCIDR: list[str] | None = key(None, "refused: the CNI has a chart of its own", unset="refused")


class Gateway(MeshWorkload):
    """edgemesh-gateway, the way in from outside the cluster."""

    enable: bool = key(False, "install the gateway")
    image: str | Image | None = key(
        None,
        "image, as one string or as a map of repository, tag, digest, pullPolicy and pullSecrets",
        unset="kubeedge/edgemesh-gateway of edgemeshVersion",
        example="kubeedge/edgemesh-gateway:v1.17.0",
    )
    psk: str = key("", "key that all members share; empty takes the agent's")
    pskSecret: str | None = key(None, "existing secret with the key under psk", unset="the agent's")
    relayNodes: list[RelayNode] | None = key(
        None, "nodes that others reach through", unset="agent.relayNodes", example=RELAY_EXAMPLE
    )
    kubeAPIConfig: KubeAPI = section(KubeAPI, "fields that differ from agent.kubeAPIConfig")
    modules: GatewayModules = section(GatewayModules, "the modules; every field of the release may be set")
    pprofConfig: Pprof = section(Pprof, "profiling (1.15 and newer)")
    nodeName: str = key("", "node to run on; becomes a node selector on kubernetes.io/hostname")
    replicaCount: int = key(1, "number of pods, on as many nodes", ge=0)
    hostNetwork: bool = key(True, "share the network of the node")
    securityContext: dict[str, Any] = key(
        {"privileged": False, "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}},
        "security context; the gateway only opens ports",
    )
    updateStrategy: dict[str, Any] = key(
        {"type": "Recreate"}, "update strategy; Recreate, for the old pod holds the ports of the node"
    )
    service: GatewayService = section(GatewayService, "a Service in front of the gateway")
    podDisruptionBudget: DisruptionBudget = section(DisruptionBudget, "a PodDisruptionBudget")
    networkPolicy: NetworkPolicy = section(
        NetworkPolicy, "a NetworkPolicy, for a gateway off the host network"
    )
