"""A graph as a Mermaid flowchart, which GitHub and GitLab draw."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import one_line
from generator.graph import words
from generator.graph.model import Graph

# Colours that can be read on white and on black.
_COLOURS = {"none": "#cf222e", "weak": "#b46b00", "safe": "#2da44e", "inside": "#6e7781"}
_UNSAFE = "#&\"'<>`\\[]{}()|@;"


def write(graph: Graph) -> str:
    """Write a graph; names are escaped, so that they cannot end a label."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield f"%% {_text(words.title(graph))}"
    yield "flowchart LR"
    ids = {node.id: f"n{number}" for number, node in enumerate(graph.nodes, 1)}
    for number, (frame, nodes) in enumerate(graph.framed.items(), 1):
        yield f'  subgraph g{number}["{_text(words.frame(*frame))}"]'
        for node in nodes:
            yield f'    {ids[node.id]}["{_texts(words.node(node))}"]'
        yield "  end"
    for edge in graph.edges:
        arrow = "-.->" if edge.change == "removed" or edge.tls == "none" else "-->"
        yield f'  {ids[edge.source]} {arrow}|"{_texts(words.label(edge, graph))}"| {ids[edge.target]}'
    for number, edge in enumerate(graph.edges):
        width = 4 if edge.change else 2
        yield f"  linkStyle {number} stroke:{_COLOURS[words.style(edge)]},stroke-width:{width}px"


def _texts(lines: list[str]) -> str:
    return "<br/>".join(map(_text, lines))


def _text(text: str) -> str:
    """Escape a text by Mermaid's codes of characters."""
    return "".join(f"#{ord(c)};" if c in _UNSAFE else c for c in one_line(text))
