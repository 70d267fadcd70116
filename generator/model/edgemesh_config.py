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


RELAY_EXAMPLE = [{"nodeName": "relay-1", "advertiseAddress": ["192.0.2.20"]}]


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
        None, "the file's own place of relayNodes", unset="relayNodes one level up", example=RELAY_EXAMPLE
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
