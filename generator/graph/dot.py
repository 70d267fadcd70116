"""A graph in the language DOT, for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import one_line
from generator.graph import words
from generator.graph.model import Edge, Graph

_COLOURS = {"none": "#cf222e", "weak": "#9a6700", "safe": "#1a7f37", "inside": "#57606a"}


def write(graph: Graph) -> str:
    """Write a graph; every name is a quoted string."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield "digraph site {"
    yield f"  graph [rankdir=RL, labelloc=t, fontname=sans, label={_quoted(words.title(graph))}];"
    yield "  node [shape=box, style=rounded, fontname=sans];"
    yield "  edge [fontname=sans, fontsize=10];"
    for number, (frame, nodes) in enumerate(graph.framed.items(), 1):
        yield f"  subgraph cluster_{number} {{"
        yield f"    label={_quoted(words.frame(*frame))};"
        for node in nodes:
            yield f"    {_quoted(node.id)} [label={_quoted(*words.node(node))}];"
        yield "  }"
    for edge in graph.edges:
        yield f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [{_attributes(edge, graph)}];"
    yield "}"


def _attributes(edge: Edge, graph: Graph) -> str:
    label = _quoted(*words.label(edge, graph))
    dashed = ", style=dashed" if edge.change == "removed" or edge.tls == "none" else ""
    width = ", penwidth=2" if edge.change else ""
    return f'label={label}, color="{_COLOURS[words.style(edge)]}"{dashed}{width}'


def _quoted(*lines: str) -> str:
    r"""Quote lines; Graphviz reads \ as the start of an escape, and & as that of an entity."""
    escaped = (
        one_line(line).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines
    )
    return '"' + "\\n".join(escaped) + '"'
