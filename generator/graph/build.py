"""Builds the graph of a rendered site from the configs of its programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.certs.plan import plan
from generator.graph.cloud_links import API_SERVER, CLOUDCORE, logs, of_edgecore, to_api_server
from generator.graph.endpoint_links import ServedEndpoint, endpoint_of, of_applications, of_client
from generator.graph.model import ANY_NODE, Credential, Edge, Graph, Node, Tls, TlsSide
from generator.graph.programs import RunningProgram, programs
from generator.render.site import Rendering

_TUNNEL = "modules.edgeTunnel"
_Part = tuple[list[Node], list[Edge]]


def site_graph(rendering: Rendering) -> Graph:
    """Return who talks to whom in a site that was rendered with all charts."""
    site = rendering.site
    found = list(programs(rendering))
    cloudcores, edgecores, agents, gateways = (
        [one for one in found if one.name == name]
        for name in ("cloudcore", "edgecore", "edgemesh-agent", "edgemesh-gateway")
    )
    cloud_agent, agent = _agents(agents)
    mode = plan(site).tls_mode
    ends = {one.group: endpoint_of(one, mode, site.kubeedge) for one in edgecores}
    node = str(site.values["gateway"].get("nodeName") or "")
    parts = [
        _cloud(cloudcores, cloud_agent),
        *(_group(one, ends[one.group], agent) for one in edgecores),
        *(_gateway(one, node, ends) for one in gateways),
    ]
    here = [node for nodes, _ in parts for node in nodes]
    relays = list(_relays(_members(here, cloud_agent, agent, gateways)))
    nodes = (*here, *dict.fromkeys(relay for relay, _ in relays))
    edges = (*(edge for _, edges in parts for edge in edges), *(edge for _, edge in relays))
    releases = (f"KubeEdge {site.kubeedge.minor}", f"EdgeMesh {site.edgemesh.minor}")
    return Graph("", releases, site.profile or "", nodes, edges)


def _members(
    nodes: Iterable[Node],
    cloud_agent: RunningProgram | None,
    agent: RunningProgram | None,
    gateways: list[RunningProgram],
) -> Iterator[tuple[str, RunningProgram]]:
    """Yield the id and the program of each member of the mesh."""
    for node in nodes:
        program = None
        if node.kind == "agent":
            program = cloud_agent if node.place == "cloud" else agent
        elif node.kind == "gateway":
            program = gateways[0]
        if program:
            yield node.id, program


def _agents(found: list[RunningProgram]) -> tuple[RunningProgram | None, RunningProgram | None]:
    """Return the agents of cloud nodes and of edge nodes: one DaemonSet, or one for each."""
    cloud = next((one for one in found if one.workload.endswith("-agent-cloud")), None)
    edge = next((one for one in found if one is not cloud), None)
    return cloud or edge, edge


def _cloud(cloudcores: list[RunningProgram], agent: RunningProgram | None) -> _Part:
    nodes = [Node(API_SERVER, "api-server", "Kubernetes API server", "cloud")]
    edges: list[Edge] = []
    for one in cloudcores:
        nodes.append(Node(CLOUDCORE, "cloudcore", "cloudcore", "cloud"))
        edges += [to_api_server(CLOUDCORE, one), *logs(one)]
    if agent:
        nodes.append(Node("agent-cloud", "agent", "edgemesh-agent", "cloud", details=("on cloud nodes",)))
        edges.append(to_api_server("agent-cloud", agent))
    return nodes, edges


def _group(edgecore: RunningProgram, endpoint: ServedEndpoint | None, agent: RunningProgram | None) -> _Part:
    group = edgecore.group
    here, end, mesh, pods = (f"{name}/{group}" for name in ("edgecore", "endpoint", "agent", "applications"))
    nodes = [Node(here, "edgecore", "edgecore", "edge", group)]
    edges = list(of_edgecore(here, edgecore))
    if endpoint:
        nodes.append(Node(end, "endpoint", "endpoint", "edge", group, details=endpoint.addresses))
        edges.append(Edge(end, here, "answers", "", tls="inside"))
    if agent:
        nodes.append(Node(mesh, "agent", "edgemesh-agent", "edge", group))
        edges += of_client(mesh, end, agent, endpoint)
    if endpoint:
        nodes.append(Node(pods, "applications", "applications", "edge", group))
        edges.append(of_applications(pods, end, endpoint))
    return nodes, edges


def _gateway(gateway: RunningProgram, node: str, ends: dict[str, ServedEndpoint | None]) -> _Part:
    """Return the gateway with the endpoint of its node: that of the node group, if there is only one."""
    endpoint = next(iter(ends.values()), None)
    details = (node,) if node else ()
    if len(ends) == 1:
        (group,) = ends
        nodes = [Node("gateway", "gateway", "edgemesh-gateway", "edge", group, details=details)]
        return nodes, list(of_client("gateway", f"endpoint/{group}", gateway, endpoint))
    on = node or ANY_NODE
    nodes = [Node("gateway", "gateway", "edgemesh-gateway", "edge", on=on)]
    if endpoint:
        nodes.insert(
            0, Node("gateway-endpoint", "endpoint", "endpoint", "edge", on=on, details=endpoint.addresses)
        )
    return nodes, list(of_client("gateway", "gateway-endpoint", gateway, endpoint))


def _relays(members: Iterable[tuple[str, RunningProgram]]) -> Iterator[tuple[Node, Edge]]:
    """Yield each relay with the connection of each member of the mesh."""
    for source, program in members:
        if not program.get(f"{_TUNNEL}.enable"):
            continue
        protocol = str(program.get(f"{_TUNNEL}.transport") or "tcp")
        port = int(program.get(f"{_TUNNEL}.listenPort") or 0)
        side, mode = _psk(program)
        for relay in program.get(f"{_TUNNEL}.relayNodes") or ():
            addresses = tuple(map(str, relay.get("advertiseAddress") or ()))
            name = str(relay["nodeName"])
            target = f"relay/{name}"
            host = addresses[0] if addresses else ""
            yield (
                Node(target, "relay", name, "relays", details=addresses),
                Edge(source, target, "relay", protocol, host, port, mode, side, side),
            )


def _psk(program: RunningProgram) -> tuple[TlsSide, Tls]:
    """Return what members of the mesh prove: only the PSK, because their keys follow from the node names."""
    if not program.get(f"{_TUNNEL}.psk.enable"):
        # Encrypted, but everybody can make the key of a node (edgemesh v1.17 pkg/tunnel/util.go).
        return TlsSide(), "unverified"
    psk = Credential("psk", program.place(str(program.get(f"{_TUNNEL}.psk.path") or "")))
    return TlsSide(psk, psk), "psk"
