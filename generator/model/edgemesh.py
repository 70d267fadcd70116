"""Values of the edgemesh chart: edgemesh-agent and edgemesh-gateway.

The keys are those of upstream's two charts (those of the gateway chart under `gateway`). Fields of the config
files that the upstream charts cannot set have the same place as in the file.
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
    """The fields of edgemesh-agent.yaml that cloud nodes override."""

    kubeAPIConfig: dict[str, Any] | None = key(None, "fields to override", unset="agent.kubeAPIConfig")
    commonConfig: dict[str, Any] | None = key(None, "fields to override", unset="agent.commonConfig")
    modules: dict[str, Any] | None = key(
        None, "fields to override", unset="agent.modules", example={"edgeDNS": {"enable": False}}
    )


class Account(ServiceAccount):
    """The service account of a workload."""

    create: bool = key(True, "create the service account; if off, set name to an existing one")
    name: str = key("", "name of the service account; empty: the name of the workload")


class MetricsService(Section):
    """A headless Service for metrics scrapers."""

    enable: bool = key(False, "create the Service; metricConfig.enable must be on too")
    labels: dict[str, str] = key({}, "labels to add")
    annotations: dict[str, str] = key({}, "annotations")


class GatewayService(Section):
    """A Service in front of the gateway."""

    enable: bool = key(False, "create the Service")
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = key(
        "ClusterIP", "type: ClusterIP, NodePort or LoadBalancer"
    )
    labels: dict[str, str] = key({}, "labels to add")
    annotations: dict[str, str] = key({}, "annotations")
    ports: list[dict[str, Any]] = key(
        [],
        "ports, the same as in the Gateway resources",
        example=[{"name": "http", "port": 80, "targetPort": 8080}],
    )


class MeshWorkload(Workload):
    """Settings of both agent and gateway."""

    metaServerSecret: str | None = key(
        None,
        "Secret with rootCA.crt, server.crt and server.key; mounted at /etc/edgemesh/metaserver "
        "if requireAuthorization is on",
        unset="set by the profile; none without a profile",
    )
    resources: dict[str, Any] = key(
        {"limits": {"cpu": "1", "memory": "256Mi"}, "requests": {"cpu": "0.5", "memory": "128Mi"}},
        "requests and limits",
    )
    dnsPolicy: Literal["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"] = key(
        "ClusterFirstWithHostNet", "DNS policy of the pods"
    )
    livenessProbe: dict[str, Any] = key({}, "liveness probe; EdgeMesh has no health endpoint")
    readinessProbe: dict[str, Any] = key({}, "readiness probe")
    serviceAccount: Account = section(Account, "the service account")


class Agent(MeshWorkload):
    """edgemesh-agent, one pod on every node."""

    enable: bool = key(True, "install the agent; off also means for edgecore that EdgeMesh is not used")
    image: str | Image | None = key(
        None,
        "image as a string, or as a map with repository, tag, digest, pullPolicy and pullSecrets",
        unset="kubeedge/edgemesh-agent:edgemeshVersion",
        example="kubeedge/edgemesh-agent:v1.17.0",
    )
    psk: str = key("", "PSK of all members, for example from `openssl rand -base64 32`; better use pskSecret")
    pskSecret: str | None = key(
        None, "existing Secret that has the PSK in its key psk", unset="<release>-psk"
    )
    relayNodes: list[RelayNode] = key([], "nodes that forward traffic of other nodes", example=RELAY_EXAMPLE)
    kubeAPIConfig: KubeAPI = section(KubeAPI, "how the agent reaches the Kubernetes API")
    commonConfig: Common = section(Common, "the network device on every node")
    modules: AgentModules = section(AgentModules, "the modules; you can set every field of the release")
    cloudNodes: CloudNodes = section(
        CloudNodes,
        "fields to override on nodes without the label node-role.kubernetes.io/edge; "
        "if set, these nodes have their own DaemonSet and ConfigMap",
    )
    priorityClassName: str = key("system-node-critical", "priority class")
    securityContext: dict[str, Any] = key(
        {"privileged": True},
        "security context; privileged: the agent creates a device and iptables rules and raises limits",
    )
    updateStrategy: dict[str, Any] = key({"type": "RollingUpdate"}, "update strategy of the DaemonSets")
    metricsService: MetricsService = section(MetricsService, "a headless Service for the tunnel's metrics")
    cloudCIDR: list[str] | None = key(
        None, "rejected: install the CNI plugin with its own chart", unset="none"
    )
    edgeCIDR: list[str] | None = key(
        None, "rejected: install the CNI plugin with its own chart", unset="none"
    )


class Gateway(MeshWorkload):
    """edgemesh-gateway, which accepts traffic from outside the cluster."""

    enable: bool = key(False, "install the gateway")
    image: str | Image | None = key(
        None,
        "image as a string, or as a map with repository, tag, digest, pullPolicy and pullSecrets",
        unset="kubeedge/edgemesh-gateway:edgemeshVersion",
        example="kubeedge/edgemesh-gateway:v1.17.0",
    )
    psk: str = key("", "PSK of all members; empty: the agent's")
    pskSecret: str | None = key(None, "existing Secret that has the PSK in its key psk", unset="the agent's")
    relayNodes: list[RelayNode] | None = key(
        None, "nodes that forward traffic of other nodes", unset="agent.relayNodes", example=RELAY_EXAMPLE
    )
    kubeAPIConfig: KubeAPI = section(KubeAPI, "fields to override in agent.kubeAPIConfig")
    modules: GatewayModules = section(GatewayModules, "the modules; you can set every field of the release")
    pprofConfig: Pprof = section(Pprof, "profiling (1.15 and newer)")
    nodeName: str = key("", "node to run on; sets a node selector for kubernetes.io/hostname")
    replicaCount: int = key(1, "number of pods, each on another node", ge=0)
    hostNetwork: bool = key(True, "use the host network")
    securityContext: dict[str, Any] = key(
        {"privileged": False, "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}},
        "security context; the gateway only listens on ports",
    )
    updateStrategy: dict[str, Any] = key(
        {"type": "Recreate"}, "update strategy; Recreate, because the old pod uses the ports of the node"
    )
    service: GatewayService = section(GatewayService, "a Service in front of the gateway")
    podDisruptionBudget: DisruptionBudget = section(DisruptionBudget, "a PodDisruptionBudget")
    networkPolicy: NetworkPolicy = section(NetworkPolicy, "a NetworkPolicy (no effect on the host network)")
