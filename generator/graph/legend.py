"""The legend of a picture: all facts about each numbered connection, in two columns."""

from __future__ import annotations

from generator.graph import words
from generator.graph.boxes import MARGIN
from generator.graph.model import Edge, Graph
from generator.graph.shapes import BOLD, BOLD_STYLES, RADIUS, Badge, Label, Shape, wrapped

_SIZE, _LINE, _GAP, _INDENT = 13, 19.0, 14.0, 34.0


def legend(
    graph: Graph, numbered: list[tuple[int, tuple[Edge, ...]]], width: float, y: float
) -> tuple[list[Shape], float]:
    """Return the shapes of the legend below `y`, and the lower edge of the last one."""
    column = (width - 3 * MARGIN) / 2
    entries = [_entry(graph, edges, column - _INDENT) for _, edges in numbered]
    heights = [len(entry) * _LINE + _GAP for entry in entries]
    # The first column has the first half of all lines.
    split = next(n for n in range(len(entries) + 1) if sum(heights[:n]) * 2 >= sum(heights))
    shapes: list[Shape] = []
    ends = [y]
    for x, part in ((MARGIN, slice(None, split)), (2 * MARGIN + column, slice(split, None))):
        top = y
        for (number, edges), entry, height in zip(numbered[part], entries[part], heights[part], strict=True):
            mark = f"{words.MARKS[edges[0].change]}{number}"
            style = f"{words.style(edges[0])} {edges[0].change}".strip()
            shapes.append(Badge(x + RADIUS, top + _LINE / 2 + 2, mark, style))
            for row, (text, kind) in enumerate(entry, 1):
                shapes.append(Label(x + _INDENT, top + row * _LINE - 4, text, kind, _SIZE))
            top += height
        ends.append(top)
    return shapes, max(ends)


def _entry(graph: Graph, edges: tuple[Edge, ...], width: float) -> list[tuple[str, str]]:
    """Return the lines of an entry with their classes."""
    summary, *facts = words.description(edges, graph)
    texts = [
        (words.headline(edges, graph) + words.change(edges[0]), "text strong"),
        (summary, f"note {words.style(edges[0])}"),
        *((fact, "small") for fact in facts),
    ]
    return [
        (line, kind)
        for text, kind in texts
        for line in wrapped(text, width / (BOLD if kind.startswith(BOLD_STYLES) else 1), _SIZE)
    ]
