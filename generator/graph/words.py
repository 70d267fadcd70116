"""The words for the codes of a graph; every format uses them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.errors import one_line
from generator.graph.model import ANY_NODE, Credential, Edge, Graph, Node, TlsSide

PURPOSES = {
    "kubernetes-api": "Kubernetes API",
    "logs": "kubectl logs and exec, through iptables rules",
    "messages": "messages",
    "certificates": "join, and renewal of the node's certificate",
    "tunnel": "tunnel for kubectl logs and exec",
    "answers": "part of edgecore",
    "endpoint": "Kubernetes API",
    "relay": "traffic between nodes that cannot reach each other",
}
TLS = {
    "none": "no TLS",
    "unverified": "TLS, nothing verified",
    "server": "TLS, server verified",
    "client": "TLS, client verified",
    "mutual": "TLS, both verified",
    "optional": "TLS, the client decides whether it verifies",
    "psk": "encrypted with a PSK",
    "inside": "inside one process",
}
CREDENTIALS = {
    "cluster-ca": "the cluster's CA",
    "cloudcore-ca": "cloudcore's CA",
    "own-ca": "your own CA",
    "kubeconfig": "its kubeconfig",
    "token": "its service account token",
    "join-token": "the join token",
    "api-server-certificate": "its certificate",
    "kubelet-client": "its client certificate for kubelets",
    "stream-certificate": "the stream certificate",
    "hub-certificate": "a certificate of cloudcore's CA",
    "node-certificate": "the node's certificate of cloudcore's CA",
    "node-certificate-renewal": "the node's certificate of cloudcore's CA, at a renewal",
    "own-certificate": "a certificate of your own CA",
    "cluster-certificate": "a certificate of the cluster's CA",
    "client-certificate": "a client certificate",
    "psk": "the PSK",
}
# How safe a connection is, by its TLS mode; each style has a colour. The others are safe.
_STYLES = {"none": "none", "unverified": "weak", "client": "weak", "inside": "inside"}
MARKS = {"added": "+", "removed": "-", "changed": "~", "": ""}
_CHECKERS = {"api-server": "the API server", "cloudcore": "cloudcore", "edgecore": "edgecore"}


def title(graph: Graph) -> str:
    """Return the title of a graph."""
    named = graph.title or (f"profile {graph.profile}" if graph.profile else "no profile")
    return ", ".join((named, *graph.releases))


def style(edge: Edge) -> str:
    """Return the style of an edge: none, weak, safe or inside."""
    return _STYLES.get(edge.tls, "safe")


def frame(place: str, group: str, on: str) -> str:
    """Return the title of the frame around some programs."""
    if place != "edge":
        return place
    if on:
        return "any edge node" if on == ANY_NODE else f"node {on}"
    return f"node group {group}" if group else "edge nodes"


def credential(found: Credential) -> str:
    """Return a credential with its place."""
    name = CREDENTIALS[found.code]
    return f"{name} ({found.place})" if found.place else name


def connection(edge: Edge) -> str:
    """Return protocol and address of an edge."""
    return " ".join(filter(None, (edge.protocol, edge.address)))


def short(edge: Edge) -> str:
    """Return protocol and port of an edge."""
    return f"{edge.protocol} :{edge.port}" if edge.port else edge.protocol


def sources(edges: Sequence[Edge], graph: Graph) -> str:
    """Return the names of the programs that some edges start from."""
    return ", ".join(dict.fromkeys(graph.by_id[edge.source].name for edge in edges))


def headline(edges: Sequence[Edge], graph: Graph) -> str:
    """Return who connects to whom by some equal edges, and what for."""
    target = graph.by_id[edges[0].target].name
    return f"{sources(edges, graph)} → {target}: {PURPOSES[edges[0].purpose]}"


def facts(edge: Edge, client: str, server: str) -> Iterator[str]:
    """Yield what each side trusts and presents, and what identifies the caller, one text each.

    `client` and `server` are the names of the sides.
    """
    yield from filter(None, (_side(client, edge.client), _side(server, edge.server)))
    if edge.caller:
        yield f"caller: identified by {credential(edge.caller)}; {_CHECKERS[edge.checked_by]} checks it"
    elif edge.purpose == "endpoint":
        yield "caller: not identified; everyone who reaches the port reads what cloudcore may read"


def _side(name: str, found: TlsSide) -> str:
    if found.trusts == found.shows and found.trusts:
        return f"{name}: has {credential(found.trusts)}"
    parts = [f"trusts {credential(found.trusts)}"] if found.trusts else []
    parts += [f"presents {credential(found.shows)}"] if found.shows else []
    return f"{name}: {'; '.join(parts)}" if parts else ""


def node(found: Node) -> list[str]:
    """Return the lines of the label of a node."""
    return [f"{found.change}: {found.name}" if found.change else found.name, *found.details]


def change(edge: Edge) -> str:
    """Return what follows the headline of a changed edge, "" for others."""
    return f" ({edge.change})" if edge.change else ""


def label(edge: Edge, graph: Graph) -> list[str]:
    """Return the lines of a label on an arrow."""
    return [PURPOSES[edge.purpose] + change(edge), *description([edge], graph)]


def arrows(graph: Graph) -> Iterator[tuple[str, list[str]]]:
    """Yield the headline of each numbered connection, and all about it, each as one line."""
    for number, edges in graph.numbered():
        facts = [one_line(text) for text in description(edges, graph)]
        yield one_line(f"{number}. {headline(edges, graph)}{change(edges[0])}"), facts


def description(edges: Sequence[Edge], graph: Graph) -> list[str]:
    """Return all about some equal edges, and what was different before."""
    edge, names = edges[0], (sources(edges, graph), graph.by_id[edges[0].target].name)
    now = [_summary(edge), *facts(edge, *names)]
    if edge.before is None:
        return now
    was = [_summary(edge.before), *facts(edge.before, *names)]
    return [*now, *(f"before: {text}" for text in was if text not in now)]


def _summary(edge: Edge) -> str:
    return ", ".join(filter(None, (connection(edge), TLS[edge.tls])))
