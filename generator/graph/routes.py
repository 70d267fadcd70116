"""Draws the arrows between placed programs. All lines are horizontal or vertical.

Equal connections share a vertical line, their lane: between the cloud and the node groups for cloudcore, and
on the right for all that leaves a node group.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.graph import words
from generator.graph.boxes import PORT, TOP, Placed
from generator.graph.model import Edge, Graph
from generator.graph.shapes import RADIUS, Badge, Label, Point, Shape, Stroke

_Numbered = list[tuple[int, tuple[Edge, ...]]]


def arrows(graph: Graph, numbered: _Numbered, placed: Placed) -> Iterator[Shape]:
    """Yield the lines with their arrow heads, numbers and labels."""
    for edge in graph.edges:
        if edge.tls == "inside" and edge.target in placed.boxes:
            yield from _inside(edge, placed)
    ranks: dict[str, list[int]] = {}
    for number, edges in numbered:
        for edge in edges:
            if number in placed.left:
                ranks.setdefault(edge.source, []).append(number)
    for number, edges in numbered:
        yield from _Arrows(graph, number, placed, ranks).of(edges)


def _inside(edge: Edge, placed: Placed) -> Iterator[Shape]:
    source, target = placed.boxes[edge.source], placed.boxes[edge.target]
    y = source.y + source.height / 2
    yield Stroke(((source.x, y), (target.right, y)), "inside")


class _Arrows:
    """The arrows of one number; `ranks` has the numbers that start at each edgecore, from top to bottom."""

    def __init__(self, graph: Graph, number: int, placed: Placed, ranks: dict[str, list[int]]) -> None:
        self.graph, self.number, self.placed, self.ranks = graph, number, placed, ranks

    def of(self, edges: tuple[Edge, ...]) -> Iterator[Shape]:
        nodes = self.graph.by_id
        right = [edge for edge in edges if self._right(edge)]
        if self.number in self.placed.left:
            yield from self._to_cloudcore(edges)
        if right:
            yield from self._by_right_lane(right)
        for edge in edges:
            if edge in right or self.number in self.placed.left:
                continue
            source, target = nodes[edge.source], nodes[edge.target]
            if source.frame == target.frame and source.place == "edge":
                yield from self._to_endpoint(edge)
            elif target.kind == "relay":
                yield from self._below(edge)
            else:
                yield from self._in_cloud(edge)

    def _right(self, edge: Edge) -> bool:
        source = self.graph.by_id[edge.source]
        return self.number in self.placed.right and source.place == "edge" and source.kind != "edgecore"

    def _style(self, edge: Edge, *, quiet: bool = True) -> str:
        """Return the classes of a line; in a comparison unchanged lines are pale, their numbers are not."""
        pale = " same" if quiet and self.graph.compared and not edge.change else ""
        return f"{words.style(edge)} {edge.change}{pale}".strip()

    def _mark(self, edge: Edge) -> str:
        return f"{words.MARKS[edge.change]}{self.number}"

    def _marked(self, edge: Edge, badge: Point, label: Point, *, text: bool = True) -> Iterator[Shape]:
        yield Badge(*badge, self._mark(edge), self._style(edge, quiet=False))
        if text:
            yield Label(*label, words.short(edge), f"note {words.style(edge)}", 12)

    def _to_cloudcore(self, edges: tuple[Edge, ...]) -> Iterator[Shape]:
        """Draw the lane of a number, with one arrow to cloudcore and a line from each edgecore."""
        x, box = self.placed.left[self.number], self.placed.boxes["cloudcore"]
        row = list(self.placed.left).index(self.number)
        y = box.y + 5 + PORT * row + PORT / 2 + 4
        style = self._style(edges[0])
        starts = []
        for edge in edges:
            source, own = self.placed.boxes[edge.source], self.ranks[edge.source]
            start = source.y + source.height * (own.index(self.number) + 1) / (len(own) + 1)
            starts.append(start)
            yield Stroke(((source.x, start), (x, start)), style, head=False)
            badge = (source.x - 2 * RADIUS - 4, start)
            yield from self._marked(edge, badge, (0, 0), text=False)
        yield Stroke(((x, min(*starts, y)), (x, max(*starts, y))), style, head=False)
        yield Stroke(((x, y), (box.right, y)), style)
        text = (box.right + 2 * RADIUS + 28, y - 5)
        yield from self._marked(edges[0], (box.right + RADIUS + 24, y), (text[0] + 2, text[1]))

    def _to_endpoint(self, edge: Edge) -> Iterator[Shape]:
        source, target = self.placed.boxes[edge.source], self.placed.boxes[edge.target]
        y = source.y + source.height / 2
        yield Stroke(((source.x, y), (target.right, y)), self._style(edge))
        badge = (target.right + RADIUS + 14, y)
        yield from self._marked(edge, badge, (badge[0] + RADIUS + 4, y - 6))

    def _by_right_lane(self, edges: list[Edge]) -> Iterator[Shape]:
        """Draw the lane of a number on the right, to a relay below or to the API server above."""
        x, edge = self.placed.right[self.number], edges[0]
        target, row = self.placed.boxes[edge.target], list(self.placed.right).index(self.number)
        count, style = len(self.placed.right), self._style(edge)
        starts = []
        for one in edges:
            source = self.placed.boxes[one.source]
            start = source.y + source.height * (row + 1) / (count + 1)
            starts.append(start)
            yield Stroke(((source.right, start), (x, start)), style, head=False)
        if self.graph.by_id[edge.target].kind == "relay":
            y = target.y + target.height / 2
            end: tuple[Point, ...] = ((x, y), (target.right, y))
            badge = (target.right + RADIUS + 14, y)
        else:
            y, into = TOP - 14, target.x + target.width / 2
            end = ((x, y), (into, y), (into, target.y))
            badge = (into + 60, y)
        yield Stroke(((x, min(*starts, y)), (x, max(*starts, y))), style, head=False)
        yield Stroke(end, style)
        yield from self._marked(edge, badge, (badge[0] + RADIUS + 4, y - 6))

    def _below(self, edge: Edge) -> Iterator[Shape]:
        """Draw the line from the agent in the cloud to a relay."""
        source, target = self.placed.boxes[edge.source], self.placed.boxes[edge.target]
        relays = [node.id for node in self.graph.nodes if node.kind == "relay"]
        x = source.x + source.width * (len(relays) - relays.index(edge.target)) / (len(relays) + 1)
        y = target.y + target.height / 2
        yield Stroke(((x, source.bottom), (x, y), (target.x, y)), self._style(edge))
        # The label of the relay is at its other side.
        yield from self._marked(edge, (x, source.bottom + 36), (0, 0), text=False)

    def _in_cloud(self, edge: Edge) -> Iterator[Shape]:
        source, target = self.placed.boxes[edge.source], self.placed.boxes[edge.target]
        style = self._style(edge)
        if edge.source == "agent-cloud":
            x, start, end = source.x - 24, source.y + source.height / 2, target.y + target.height / 2
            yield Stroke(((source.x, start), (x, start), (x, end), (target.x, end)), style)
            yield from self._marked(edge, (x, start - 40), (0, 0), text=False)
            return
        down = edge.source == "api-server"
        upper = min(source.bottom, target.bottom)
        if down:
            # Its label is on the left and above that of the other direction.
            x = source.x + source.width * 0.67
            yield Stroke(((x, source.bottom), (x, target.y)), style)
            yield Badge(x, upper + 24, self._mark(edge), self._style(edge, quiet=False))
            yield Label(x - RADIUS - 4, upper + 28, words.short(edge), f"note {words.style(edge)}", 12, "end")
        else:
            x = source.x + 14
            yield Stroke(((x, source.y), (x, target.bottom)), style)
            yield from self._marked(edge, (x, upper + 58), (x + RADIUS + 4, upper + 62))
