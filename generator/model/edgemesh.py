"""Values of the edgemesh chart: edgemesh-agent and edgemesh-gateway.

The keys are those of upstream's two charts (the gateway's under `gateway`); what upstream's charts
cannot set of the programs' files stands where it stands in the file.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from generator.model.common import (
    ConfigSection,
    DisruptionBudget,
    Image,
    NetworkPolicy,
    Section,
    ServiceAccount,
    Workload,
    key,
    section,
)


class Security(ConfigSection):
    """How the program speaks to the endpoint."""

    requireAuthorization: bool | None = key(
        None, "send the service-account token, over https", unset="the profile; off without one"
    )
    insecureSkipTLSVerify: bool | None = key(
        None, "accept any certificate of the endpoint", unset="the profile; off without one"
    )
    tlsCaFile: str | None = key(
        None,
        "authority of the endpoint's certificate",
        unset="the profile; else /etc/edgemesh/metaserver/rootCA.crt",
    )
    tlsCertFile: str | None = key(
        None, 'client certificate, "" for none', unset="the profile; else /etc/edgemesh/metaserver/server.crt"
    )
    tlsPrivateKeyFile: str | None = key(
        None,
        'key of the client certificate, "" for none',
        unset="the profile; else /etc/edgemesh/metaserver/server.key",
    )


class EndpointOf(ConfigSection):
    """The edge Kube-API endpoint, as the program reaches it."""

    server: str | None = key(
        None,
        "URL of the endpoint (edgecore's own metaServer.server is IP:port)",
        unset="metaServer.address and port",
        example="http://127.0.0.1:10550",
    )
    security: Security = section(Security, "how the program speaks to the endpoint")


class KubeAPI(ConfigSection):
    """How the program reaches the Kubernetes API."""

    contentType: str | None = key(
        None, "media type", unset="EdgeMesh: JSON on edge nodes, protobuf on cloud nodes"
    )
    qps: int | None = key(None, "requests", unit="per second", unset="EdgeMesh: 100")
    burst: int | None = key(None, "requests at once", unset="EdgeMesh: 200")
    master: str | None = key(None, "URL of an API server, in place of metaServer", unset="EdgeMesh: none")
    kubeConfig: str | None = key(None, "path of a kubeconfig, in place of metaServer", unset="EdgeMesh: none")
    deleteKubeConfig: bool | None = key(
        None, "delete the kubeconfig that the program wrote (1.13 and newer)", unset="EdgeMesh: no"
    )
    metaServer: EndpointOf = section(EndpointOf, "the edge Kube-API endpoint")


class Pprof(ConfigSection):
    """Profiling of the program, from EdgeMesh 1.15 on."""

    enableProfiling: bool | None = key(None, "serve profiles", unset="EdgeMesh: no")
    profilingAddress: str | None = key(None, "address", unset="EdgeMesh", example="127.0.0.1")
    profilingPort: int | None = key(None, "port", unit="TCP port", unset="EdgeMesh", example=6060)


class Common(ConfigSection):
    """The device that EdgeMesh makes on every node."""

    bridgeDeviceName: str | None = key(None, "name of the device", unset="EdgeMesh: edgemesh0")
    bridgeDeviceIP: str = key("169.254.96.16", "address of the device; edge pods use it as name server")
    pprofConfig: Pprof = section(Pprof, "profiling (1.15 and newer)")


class CacheDNS(ConfigSection):
    """A cache in front of other name servers."""

    enable: bool | None = key(None, "cache answers of other name servers", unset="EdgeMesh: no")
    autoDetect: bool | None = key(None, "use the cluster's name servers", unset="EdgeMesh: yes")
    upstreamServers: list[str] | None = key(
        None, "name servers", unset="EdgeMesh: none", example=["10.96.0.10"]
    )
    cacheTTL: int | None = key(None, "how long an answer is kept", unit="seconds", unset="EdgeMesh: 30")


class EdgeDNS(ConfigSection):
    """Names of Services, for pods on edge nodes."""

    enable: bool | None = key(
        None,
        "answer names of Services, on every node; agent.cloudNodes sets cloud nodes apart",
        unset="EdgeMesh: on edge nodes only",
    )
    listenPort: int | None = key(None, "port", unit="UDP and TCP port", unset="EdgeMesh: 53")
    cacheDNS: CacheDNS = section(CacheDNS, "a cache in front of other name servers")


class Socks5(ConfigSection):
    """A proxy that reaches other nodes by name, for ssh and the like."""

    enable: bool | None = key(None, "serve the proxy", unset="EdgeMesh: no")
    listenPort: int | None = key(None, "port", unit="TCP port", unset="EdgeMesh: 10800")


class ConsistentHash(ConfigSection):
    """The hash ring behind the consistent-hash policy."""

    partitionCount: int | None = key(None, "partitions", unset="EdgeMesh: 100")
    replicationFactor: int | None = key(None, "times each member stands on the ring", unset="EdgeMesh: 10")
    load: float | int | None = key(None, "how uneven the load may be", unset="EdgeMesh: 1.25")


class LoadBalancer(ConfigSection):
    """How an endpoint of a Service is chosen."""

    consistentHash: ConsistentHash = section(
        ConsistentHash, "the hash ring behind the consistent-hash policy"
    )


class EdgeProxy(ConfigSection):
    """Traffic to Services."""

    enable: bool = key(True, "carry traffic to Services")
    serviceFilterMode: str | None = key(
        None,
        "FilterIfLabelExists leaves Services alone that carry the label service.edgemesh.kubeedge.io/"
        "service-proxy-name, FilterIfLabelDoesNotExists those that lack it (1.13 and newer)",
        unset="EdgeMesh: FilterIfLabelExists",
    )
    socks5Proxy: Socks5 = section(Socks5, "a proxy that reaches other nodes by name")
    loadBalancer: LoadBalancer = section(LoadBalancer, "how an endpoint of a Service is chosen")


class RelayNode(Section):
    """A node that others reach through; its tunnel port must be open."""

    nodeName: str = Field(description="name of the node, exactly as Kubernetes has it")
    advertiseAddress: list[str] = key([], "IPv4 addresses at which other nodes reach it")


_RELAY = [{"nodeName": "relay-1", "advertiseAddress": ["192.0.2.20"]}]


class PSK(ConfigSection):
    """The key that all members of the network share."""

    enable: bool | None = key(None, "use the key; off, no secret is needed", unset="EdgeMesh: yes")
    path: str | None = key(
        None, "where the key is read; the secret is mounted there", unset="EdgeMesh: /etc/edgemesh/psk"
    )


class TunnelLimits(ConfigSection):
    """How many streams the tunnel carries, from EdgeMesh 1.13 on."""

    enable: bool | None = key(None, "set the limits below; off, those of libp2p hold", unset="EdgeMesh: yes")
    tunnelBaseStreamIn: int | None = key(None, "streams in", unset="EdgeMesh: 10240")
    tunnelBaseStreamOut: int | None = key(None, "streams out", unset="EdgeMesh: 10240")
    tunnelPeerBaseStreamIn: int | None = key(None, "streams in, of one peer", unset="EdgeMesh: 1024")
    tunnelPeerBaseStreamOut: int | None = key(None, "streams out, to one peer", unset="EdgeMesh: 1024")


class TunnelMetrics(ConfigSection):
    """Metrics of the tunnel, from EdgeMesh 1.15 on."""

    enable: bool | None = key(None, "serve metrics", unset="EdgeMesh: no")
    port: int | None = key(None, "port", unit="TCP port", unset="EdgeMesh: 9999")


class EdgeTunnel(ConfigSection):
    """Traffic between networks that do not reach each other."""

    enable: bool = key(True, "join the peer-to-peer network")
    listenPort: int | None = key(
        None, "port, the same on every node", unit="TCP or UDP port", unset="EdgeMesh: 20006"
    )
    transport: str | None = key(None, "tcp, ws or quic (quic without a PSK only)", unset="EdgeMesh: tcp")
    rendezvous: str | None = key(
        None, "name under which members find each other", unset="EdgeMesh: EDGEMESH_PLAYGOUND"
    )
    relayNodes: list[RelayNode] | None = key(
        None, "the file's own place of relayNodes", unset="relayNodes one level up", example=_RELAY
    )
    enableIpfsLog: bool | None = key(None, "log what libp2p does", unset="EdgeMesh: no")
    maxCandidates: int | None = key(None, "relays tried at most", unset="EdgeMesh: 15 (5 in 1.12)")
    heartbeatPeriod: int | None = key(
        None, "time between signs of life", unit="seconds", unset="EdgeMesh: 120"
    )
    finderPeriod: int | None = key(
        None, "time between searches for relays", unit="seconds", unset="EdgeMesh: 60"
    )
    psk: PSK = section(PSK, "the key that all members of the network share")
    tunnelLimitConfig: TunnelLimits = section(TunnelLimits, "how many streams are carried (1.13 and newer)")
    listenInterfaces: str | None = key(
        None, "interfaces to listen on, comma-separated (1.13 and newer)", unset='EdgeMesh: "*", all'
    )
    extraFilteredInterfaces: str | None = key(
        None, "prefixes of interfaces to leave out, comma-separated (1.14 and newer)", unset="EdgeMesh: none"
    )
    metricConfig: TunnelMetrics = section(TunnelMetrics, "metrics (1.15 and newer)")


class AgentModules(ConfigSection):
    """The modules of edgemesh-agent."""

    edgeDNS: EdgeDNS = section(EdgeDNS, "names of Services, for pods on edge nodes")
    edgeProxy: EdgeProxy = section(EdgeProxy, "traffic to Services")
    edgeTunnel: EdgeTunnel = section(EdgeTunnel, "traffic between networks that do not reach each other")


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
    relayNodes: list[RelayNode] = key([], "nodes that others reach through", example=_RELAY)
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


class EdgeGateway(ConfigSection):
    """Traffic from outside the cluster."""

    enable: bool = key(True, "serve what the Gateway resources ask for")
    nic: str | None = key(None, "interfaces to listen on, comma-separated", unset='EdgeMesh: "*", all')
    includeIP: str | None = key(None, "addresses to listen on, comma-separated", unset='EdgeMesh: "*", all')
    excludeIP: str | None = key(None, "addresses to leave out, comma-separated", unset='EdgeMesh: "*", none')
    loadBalancer: LoadBalancer = section(LoadBalancer, "how an endpoint of a Service is chosen")


class GatewayModules(ConfigSection):
    """The modules of edgemesh-gateway."""

    edgeGateway: EdgeGateway = section(EdgeGateway, "traffic from outside the cluster")
    edgeTunnel: EdgeTunnel = section(EdgeTunnel, "traffic between networks that do not reach each other")


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
        None, "nodes that others reach through", unset="agent.relayNodes", example=_RELAY
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
