"""Compares two graphs: one graph with the nodes and edges of both, each marked as added, removed, changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.graph.model import Edge, Graph, Node


def compared(before: Graph, after: Graph, title: str) -> Graph:
    """Return the graph of a change; edges are the same if their ends and purpose are."""
    return replace(
        after,
        title=title,
        releases=tuple(dict.fromkeys((*before.releases, *after.releases))),
        nodes=tuple(_nodes(before, after)),
        edges=tuple(_edges(before, after)),
        compared=True,
    )


def _nodes(before: Graph, after: Graph) -> Iterator[Node]:
    yield from (node if node.id in before.by_id else replace(node, change="added") for node in after.nodes)
    yield from (replace(node, change="removed") for node in before.nodes if node.id not in after.by_id)


def _edges(before: Graph, after: Graph) -> Iterator[Edge]:
    old = {edge.key: edge for edge in before.edges}
    new = {edge.key for edge in after.edges}
    for edge in after.edges:
        was = old.get(edge.key)
        if was is None:
            yield replace(edge, change="added")
        else:
            yield edge if was == edge else replace(edge, change="changed", before=was)
    yield from (replace(edge, change="removed") for edge in before.edges if edge.key not in new)
