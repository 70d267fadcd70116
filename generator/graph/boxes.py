"""Places the programs of a graph: the cloud on the left, a frame for each node group, and relays below.

The columns are fixed. A frame with edgecore has three columns: edgecore, its endpoint, and the clients.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.graph import words
from generator.graph.model import Edge, Graph, Node
from generator.graph.shapes import BOLD, Box, Label, Shape, fitted

TOP, MARGIN, GAP, STEP = 84.0, 20.0, 20.0, 20.0
_CLOUD_WIDTH, _INNER, _TITLE = 252.0, 16.0, 34.0
# The space for the labels of arrows: at cloudcore, between endpoint and clients, at relays.
LABELS = 136.0
_EDGECORE, _ANSWER, _ENDPOINT, _CLIENT = 112.0, 40.0, 172.0, 164.0
_ROW, _ROW_GAP = 48.0, 14.0
_FRAME = _INNER + _EDGECORE + _ANSWER + _ENDPOINT + LABELS + _CLIENT + _INNER
# From the top of one row of cloudcore's arrows to the next.
PORT = 30.0


@dataclass
class Placed:
    """Where everything is: the boxes of nodes by id, the lanes of numbers left and right, and shapes."""

    boxes: dict[str, Box] = field(default_factory=dict)
    left: dict[int, float] = field(default_factory=dict)
    right: dict[int, float] = field(default_factory=dict)
    shapes: list[Shape] = field(default_factory=list)
    width: float = 0.0
    bottom: float = 0.0


def placed(graph: Graph, numbered: list[tuple[int, tuple[Edge, ...]]]) -> Placed:
    """Place the nodes and the lanes."""
    found = Placed()
    inwards = [number for number, edges in numbered if graph.by_id[edges[0].source].kind == "edgecore"]
    first = MARGIN + _CLOUD_WIDTH + LABELS
    found.left = _lanes(inwards, first)
    x = first + STEP * max(len(inwards), 1) + GAP
    _cloud(graph, found, len(inwards))
    y = TOP
    for nodes in graph.framed.values():
        if nodes[0].place == "edge":
            y = _edge_frame(nodes, x, y, found) + GAP
        elif nodes[0].place == "relays":
            y = _relays(nodes, x, y, found) + GAP
    outwards = [number for number, edges in numbered if any(_leaves(edge, graph) for edge in edges)]
    found.right = _lanes(outwards, x + _FRAME + GAP)
    found.width = max(x + _FRAME, *found.right.values(), 0) + MARGIN
    found.bottom = max(y, max(box.bottom for box in found.boxes.values()) + GAP + _INNER)
    return found


def _lanes(numbers: list[int], first: float) -> dict[int, float]:
    return {number: first + STEP * place for place, number in enumerate(numbers)}


def _leaves(edge: Edge, graph: Graph) -> bool:
    """Return whether an edge leaves the frame of a node group to the right."""
    source, target = graph.by_id[edge.source], graph.by_id[edge.target]
    return source.place == "edge" and source.kind != "edgecore" and source.frame != target.frame


def _cloud(graph: Graph, found: Placed, ports: int) -> None:
    x, width = MARGIN + 42, _CLOUD_WIDTH - 42 - _INNER
    heights = {"api-server": _ROW, "cloudcore": max(_ROW, PORT * ports + 10), "agent": _ROW}
    y = TOP + _TITLE
    for node in graph.nodes:
        if node.place == "cloud":
            _node(node, Box(x, y, width, heights[node.kind], "box"), found)
            y = found.boxes[node.id].bottom + (84 if node.kind == "api-server" else 30)
    bottom = max(box.bottom for box in found.boxes.values()) + _INNER
    _frame(Box(MARGIN, TOP, _CLOUD_WIDTH, bottom - TOP, "area"), "cloud", found)


def _edge_frame(nodes: list[Node], x: float, y: float, found: Placed) -> float:
    """Place the frame of a node group, or of the node of the gateway; return its lower edge."""
    clients = [node for node in nodes if node.kind not in ("edgecore", "endpoint")]
    rows = max(len(clients), 2 if nodes[0].kind == "edgecore" else 1, *(len(node.details) for node in nodes))
    height = rows * _ROW + (rows - 1) * _ROW_GAP
    top = y + _TITLE
    left = {"edgecore": x + _INNER, "endpoint": x + _INNER + _EDGECORE + _ANSWER}
    width = {"edgecore": _EDGECORE, "endpoint": _ENDPOINT}
    for node in nodes:
        if node.kind in left:
            _node(node, Box(left[node.kind], top, width[node.kind], height, "box"), found)
    for row, node in enumerate(clients):
        place = top + row * (_ROW + _ROW_GAP)
        _node(node, Box(x + _FRAME - _INNER - _CLIENT, place, _CLIENT, _ROW, "box"), found)
    frame = Box(x, y, _FRAME, _TITLE + height + _INNER, "area")
    _frame(frame, words.frame(*nodes[0].frame), found)
    return frame.bottom


def _relays(relays: list[Node], x: float, y: float, found: Placed) -> float:
    """Place the frame of the relays; return its lower edge."""
    top = y + _TITLE
    width = _FRAME - _INNER - LABELS - 2 * STEP
    for row, node in enumerate(relays):
        place = top + row * (_ROW + _ROW_GAP)
        _node(node, Box(x + _INNER + STEP, place, width - STEP, _ROW, "box"), found)
    height = _TITLE + len(relays) * (_ROW + _ROW_GAP) - _ROW_GAP + _INNER
    _frame(Box(x, y, _FRAME, height, "area"), "relays", found)
    return y + height


def _frame(box: Box, title: str, found: Placed) -> None:
    text = fitted(title, (box.width - 2 * _INNER) / BOLD, 14)
    # A frame is drawn before the boxes inside it.
    found.shapes[:0] = [box, Label(box.x + _INNER, box.y + 22, text, "text strong", title=title)]


def _node(node: Node, box: Box, found: Placed) -> None:
    """Place a node: its name, and below it its addresses in smaller letters."""
    found.boxes[node.id] = box
    box = Box(box.x, box.y, box.width, box.height, f"box {node.change}".strip(), node.name)
    found.shapes += [box, *_texts(node, box)]


def _texts(node: Node, box: Box) -> Iterator[Label]:
    middle, room = box.x + box.width / 2, box.width - 12
    name = f"{words.MARKS[node.change]} {node.name}".strip()
    details = node.details[: max(1, int((box.height - 22) // 18))]
    if len(details) < len(node.details):
        details = (", ".join(node.details),)
    y = box.y + box.height / 2 - 9 * len(details) + 5
    yield Label(middle, y, fitted(name, room, 14), "text", 14, "middle", node.name)
    for row, detail in enumerate(details, 1):
        full = ", ".join(node.details)
        yield Label(middle, y + 18 * row, fitted(detail, room, 12), "small", 12, "middle", full)
