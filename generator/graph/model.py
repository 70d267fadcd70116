"""The graph of a site: programs as nodes, connections as edges with what each side proves and trusts.

An edge points from the side that opens the connection to the side that listens. words.py makes the sentences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

Kind = Literal["api-server", "cloudcore", "edgecore", "endpoint", "agent", "applications", "gateway", "relay"]
Purpose = Literal[
    "kubernetes-api", "logs", "messages", "certificates", "tunnel", "answers", "endpoint", "relay"
]
# none: no TLS. unverified: TLS, nobody verifies anybody. server, client: only this side is verified. mutual:
# both are. optional: the client decides. psk: all members have the same key. inside: one process.
Tls = Literal["none", "unverified", "server", "client", "mutual", "optional", "psk", "inside"]
Change = Literal["", "added", "removed", "changed"]
Place = Literal["cloud", "edge", "relays"]
# The place, the node group, and the node.
Frame = tuple[str, str, str]
ANY_NODE = "*"


@dataclass(frozen=True)
class Credential:
    """A CA, certificate or token by its code in words.py, and where it is: a file, a Secret, or both."""

    code: str
    place: str = ""


@dataclass(frozen=True)
class TlsSide:
    """One side of a connection: the CA that it trusts, None if it verifies nothing; what it presents."""

    trusts: Credential | None = None
    shows: Credential | None = None


@dataclass(frozen=True)
class Node:
    """A program, or the pods that are clients of the endpoint.

    `group` is the node group. `on` is the node if it is outside of the frames of node groups, ANY_NODE if the
    site does not name it. `details` are addresses it listens on, or the node that it runs on.
    """

    id: str
    kind: Kind
    name: str
    place: Place
    group: str = ""
    on: str = ""
    details: tuple[str, ...] = ()
    change: Change = ""

    @property
    def frame(self) -> Frame:
        """Return the frame that the node is drawn in."""
        return self.place, self.group, self.on


@dataclass(frozen=True)
class Edge:
    """A connection. `caller` identifies the client besides its certificate; `checked_by` checks it.

    `host` is "" and `port` 0 if the site does not set them. `before` is what a changed edge was.
    """

    source: str
    target: str
    purpose: Purpose
    protocol: str
    host: str = ""
    port: int = 0
    tls: Tls = "none"
    client: TlsSide = TlsSide()
    server: TlsSide = TlsSide()
    caller: Credential | None = None
    checked_by: str = ""
    change: Change = ""
    before: Edge | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what two graphs are compared by."""
        return self.source, self.target, self.purpose

    @property
    def connection(self) -> Edge:
        """Return the edge without its ends: two programs can have the same connection."""
        return replace(self, source="", target="", before=self.before and self.before.connection)

    @property
    def address(self) -> str:
        """Return `host:port`, an IPv6 address in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host


@dataclass(frozen=True)
class Graph:
    """All connections of a site. `title` names the site, or the two sides that are compared."""

    title: str
    releases: tuple[str, ...]
    profile: str
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    compared: bool = False

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """Return the nodes by their id."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def framed(self) -> dict[Frame, list[Node]]:
        """Return the nodes by the frame that they are drawn in."""
        found: dict[Frame, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.frame, []).append(node)
        return found

    def numbered(self) -> Iterator[tuple[int, tuple[Edge, ...]]]:
        """Yield the connections with a number; equal ones, as those of all node groups, share it."""
        names = {node.id: (node.kind, node.name) for node in self.nodes}
        same: dict[object, list[Edge]] = {}
        for edge in self.edges:
            if edge.tls != "inside":
                same.setdefault((names[edge.target], edge.connection), []).append(edge)
        yield from enumerate(map(tuple, same.values()), 1)


def tls_of(client: TlsSide, server: TlsSide) -> Tls:
    """Return the TLS mode that two sides agree on."""
    if server.shows is None:
        return "none"
    verified = bool(server.trusts and client.shows)
    if client.trusts:
        return "mutual" if verified else "server"
    return "client" if verified else "unverified"
