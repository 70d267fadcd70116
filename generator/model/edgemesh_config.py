"""Fields of edgemesh-agent.yaml and edgemesh-gateway.yaml that the edgemesh chart types by itself."""

from __future__ import annotations

from pydantic import Field

from generator.model.common import (
    ConfigSection,
    Section,
    key,
    section,
)


class Security(ConfigSection):
    """How the program connects to the endpoint."""

    requireAuthorization: bool | None = key(
        None,
        "use https and send the service account token",
        unset="set by the profile; off without a profile",
    )
    insecureSkipTLSVerify: bool | None = key(
        None, "accept any certificate of the endpoint", unset="set by the profile; off without a profile"
    )
    tlsCaFile: str | None = key(
        None,
        "CA of the endpoint's certificate",
        unset="set by the profile, else /etc/edgemesh/metaserver/rootCA.crt",
    )
    tlsCertFile: str | None = key(
        None,
        'client certificate, "" for none',
        unset="set by the profile, else /etc/edgemesh/metaserver/server.crt",
    )
    tlsPrivateKeyFile: str | None = key(
        None,
        'key of the client certificate, "" for none',
        unset="set by the profile, else /etc/edgemesh/metaserver/server.key",
    )


class EndpointOf(ConfigSection):
    """The edge Kube-API endpoint, as the program connects to it."""

    server: str | None = key(
        None,
        "URL of the endpoint (metaServer.server of edgecore is IP:port)",
        unset="metaServer.address and port",
        example="http://127.0.0.1:10550",
    )
    security: Security = section(Security, "how the program connects to the endpoint")


class KubeAPI(ConfigSection):
    """How the program reaches the Kubernetes API."""

    contentType: str | None = key(
        None, "media type of requests", unset="EdgeMesh: JSON on edge nodes, protobuf on cloud nodes"
    )
    qps: int | None = key(None, "maximum number of requests", unit="per second", unset="EdgeMesh: 100")
    burst: int | None = key(None, "maximum number of requests at the same time", unset="EdgeMesh: 200")
    master: str | None = key(
        None, "URL of an API server to use instead of metaServer", unset="EdgeMesh: none"
    )
    kubeConfig: str | None = key(
        None, "path of a kubeconfig to use instead of metaServer", unset="EdgeMesh: none"
    )
    deleteKubeConfig: bool | None = key(
        None, "delete the kubeconfig that the program has written (1.13 and newer)", unset="EdgeMesh: no"
    )
    metaServer: EndpointOf = section(EndpointOf, "the edge Kube-API endpoint")


class Pprof(ConfigSection):
    """Profiling of the program, from EdgeMesh 1.15 on."""

    enableProfiling: bool | None = key(None, "serve profiles", unset="EdgeMesh: no")
    profilingAddress: str | None = key(None, "listen address", unset="EdgeMesh: none", example="127.0.0.1")
    profilingPort: int | None = key(None, "port", unit="TCP port", unset="EdgeMesh: none", example=6060)


class Common(ConfigSection):
    """The network device that EdgeMesh creates on every node."""

    bridgeDeviceName: str | None = key(None, "name of the device", unset="EdgeMesh: edgemesh0")
    bridgeDeviceIP: str = key(
        "169.254.96.16", "IP address of the device; pods on edge nodes use it as name server"
    )
    pprofConfig: Pprof = section(Pprof, "profiling (1.15 and newer)")


class CacheDNS(ConfigSection):
    """A cache for answers of other name servers."""

    enable: bool | None = key(None, "cache answers of other name servers", unset="EdgeMesh: no")
    autoDetect: bool | None = key(None, "use the cluster's name servers", unset="EdgeMesh: yes")
    upstreamServers: list[str] | None = key(
        None, "name servers", unset="EdgeMesh: none", example=["10.96.0.10"]
    )
    cacheTTL: int | None = key(None, "how long answers are cached", unit="seconds", unset="EdgeMesh: 30")


class EdgeDNS(ConfigSection):
    """DNS for names of Services, for pods on edge nodes."""

    enable: bool | None = key(
        None,
        "answer DNS queries for names of Services on every node; set agent.cloudNodes for cloud nodes",
        unset="EdgeMesh: on edge nodes only",
    )
    listenPort: int | None = key(None, "port", unit="UDP and TCP port", unset="EdgeMesh: 53")
    cacheDNS: CacheDNS = section(CacheDNS, "a cache for answers of other name servers")


class Socks5(ConfigSection):
    """A proxy that connects to other nodes by name, for example for ssh."""

    enable: bool | None = key(None, "serve the proxy", unset="EdgeMesh: no")
    listenPort: int | None = key(None, "port", unit="TCP port", unset="EdgeMesh: 10800")


class ConsistentHash(ConfigSection):
    """The hash ring behind the consistent-hash policy."""

    partitionCount: int | None = key(None, "partitions", unset="EdgeMesh: 100")
    replicationFactor: int | None = key(None, "how often each member is on the ring", unset="EdgeMesh: 10")
    load: float | int | None = key(None, "allowed imbalance of the load", unset="EdgeMesh: 1.25")


class LoadBalancer(ConfigSection):
    """How an endpoint of a Service is chosen."""

    consistentHash: ConsistentHash = section(
        ConsistentHash, "the hash ring behind the consistent-hash policy"
    )


class EdgeProxy(ConfigSection):
    """Traffic to Services."""

    enable: bool = key(True, "forward traffic to Services")
    serviceFilterMode: str | None = key(
        None,
        "FilterIfLabelExists ignores Services with the label service.edgemesh.kubeedge.io/"
        "service-proxy-name, FilterIfLabelDoesNotExists ignores Services without it (1.13 and newer)",
        unset="EdgeMesh: FilterIfLabelExists",
    )
    socks5Proxy: Socks5 = section(Socks5, "a proxy that connects to other nodes by name")
    loadBalancer: LoadBalancer = section(LoadBalancer, "how an endpoint of a Service is chosen")


class RelayNode(Section):
    """A node that forwards traffic of other nodes; its tunnel port must be open."""

    nodeName: str = Field(description="name of the node as `kubectl get nodes` shows it")
    advertiseAddress: list[str] = key([], "IPv4 addresses that other nodes can reach")


RELAY_EXAMPLE = [{"nodeName": "relay-1", "advertiseAddress": ["192.0.2.20"]}]


class PSK(ConfigSection):
    """The PSK (pre-shared key) of all members of the network."""

    enable: bool | None = key(None, "use a PSK; if off, no Secret is needed", unset="EdgeMesh: yes")
    path: str | None = key(
        None, "path of the PSK file; the Secret is mounted there", unset="EdgeMesh: /etc/edgemesh/psk"
    )


class TunnelLimits(ConfigSection):
    """Limits for streams of the tunnel, from EdgeMesh 1.13 on."""

    enable: bool | None = key(
        None, "use the limits below; if off, libp2p uses its own limits", unset="EdgeMesh: yes"
    )
    tunnelBaseStreamIn: int | None = key(None, "maximum number of incoming streams", unset="EdgeMesh: 10240")
    tunnelBaseStreamOut: int | None = key(None, "maximum number of outgoing streams", unset="EdgeMesh: 10240")
    tunnelPeerBaseStreamIn: int | None = key(
        None, "maximum number of incoming streams of one peer", unset="EdgeMesh: 1024"
    )
    tunnelPeerBaseStreamOut: int | None = key(
        None, "maximum number of outgoing streams to one peer", unset="EdgeMesh: 1024"
    )


class TunnelMetrics(ConfigSection):
    """Metrics of the tunnel, from EdgeMesh 1.15 on."""

    enable: bool | None = key(None, "serve metrics", unset="EdgeMesh: no")
    port: int | None = key(None, "port", unit="TCP port", unset="EdgeMesh: 9999")


class EdgeTunnel(ConfigSection):
    """Traffic between networks that cannot reach each other."""

    enable: bool = key(True, "join the peer-to-peer network")
    listenPort: int | None = key(
        None, "port, the same on every node", unit="TCP or UDP port", unset="EdgeMesh: 20006"
    )
    transport: str | None = key(None, "tcp, ws or quic (quic only without a PSK)", unset="EdgeMesh: tcp")
    rendezvous: str | None = key(
        None, "name that members use to find each other", unset="EdgeMesh: EDGEMESH_PLAYGOUND"
    )
    relayNodes: list[RelayNode] | None = key(
        None,
        "relay nodes at their place in the config file",
        unset="agent.relayNodes or gateway.relayNodes",
        example=RELAY_EXAMPLE,
    )
    enableIpfsLog: bool | None = key(None, "write logs of libp2p", unset="EdgeMesh: no")
    maxCandidates: int | None = key(None, "maximum number of relays to try", unset="EdgeMesh: 15 (5 in 1.12)")
    heartbeatPeriod: int | None = key(None, "time between heartbeats", unit="seconds", unset="EdgeMesh: 120")
    finderPeriod: int | None = key(
        None, "time between searches for relays", unit="seconds", unset="EdgeMesh: 60"
    )
    psk: PSK = section(PSK, "the PSK (pre-shared key) of all members of the network")
    tunnelLimitConfig: TunnelLimits = section(TunnelLimits, "limits for streams (1.13 and newer)")
    listenInterfaces: str | None = key(
        None, "interfaces to listen on, separated by commas (1.13 and newer)", unset='EdgeMesh: "*", all'
    )
    extraFilteredInterfaces: str | None = key(
        None, "prefixes of interfaces to ignore, separated by commas (1.14 and newer)", unset="EdgeMesh: none"
    )
    metricConfig: TunnelMetrics = section(TunnelMetrics, "metrics (1.15 and newer)")


class AgentModules(ConfigSection):
    """The modules of edgemesh-agent."""

    edgeDNS: EdgeDNS = section(EdgeDNS, "DNS for names of Services, for pods on edge nodes")
    edgeProxy: EdgeProxy = section(EdgeProxy, "traffic to Services")
    edgeTunnel: EdgeTunnel = section(EdgeTunnel, "traffic between networks that cannot reach each other")


class EdgeGateway(ConfigSection):
    """Traffic from outside the cluster."""

    enable: bool = key(True, "serve the Gateway resources")
    nic: str | None = key(None, "interfaces to listen on, separated by commas", unset='EdgeMesh: "*", all')
    includeIP: str | None = key(
        None, "addresses to listen on, separated by commas", unset='EdgeMesh: "*", all'
    )
    excludeIP: str | None = key(None, "addresses to ignore, separated by commas", unset='EdgeMesh: "*", none')
    loadBalancer: LoadBalancer = section(LoadBalancer, "how an endpoint of a Service is chosen")


class GatewayModules(ConfigSection):
    """The modules of edgemesh-gateway."""

    edgeGateway: EdgeGateway = section(EdgeGateway, "traffic from outside the cluster")
    edgeTunnel: EdgeTunnel = section(EdgeTunnel, "traffic between networks that cannot reach each other")
