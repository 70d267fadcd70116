"""A graph as a picture in SVG: one file without references, with a light and a dark colour scheme."""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch
from xml.sax.saxutils import escape

from generator.errors import one_line
from generator.graph import words
from generator.graph.boxes import MARGIN, placed
from generator.graph.legend import legend
from generator.graph.model import Graph
from generator.graph.routes import arrows
from generator.graph.shapes import BOLD, RADIUS, Badge, Box, Label, Picture, Point, Shape, Stroke, fitted

_STYLE = """\
    .page { fill: #ffffff; stroke: #d0d7de }
    .area { fill: #f6f8fa; stroke: #d0d7de }
    .box { fill: #ffffff; stroke: #57606a; stroke-width: 1.5 }
    .box.added { stroke: #1a7f37; stroke-width: 3 }
    .box.removed { stroke: #cf222e; stroke-width: 3; stroke-dasharray: 6 4 }
    .text { fill: #1f2328 }
    .small { fill: #57606a }
    .strong { font-weight: 600 }
    .line { stroke-width: 2; fill: none; stroke: currentColor; stroke-linejoin: round }
    .head { fill: currentColor }
    .badge { fill: currentColor }
    .number { fill: #ffffff; font-size: 12px; font-weight: 600 }
    .note { fill: currentColor; font-weight: 600 }
    .safe { color: #1a7f37 }
    .weak { color: #9a6700 }
    .none { color: #cf222e; stroke-dasharray: 7 4 }
    .inside { color: #57606a }
    .badge, .number, .note { stroke-dasharray: none; stroke: none }
    .line.removed { stroke-dasharray: 2 5 }
    .line.added, .line.changed { stroke-width: 4 }
    g.same, path.same { opacity: 0.4 }
    .same .same { opacity: 1 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; stroke: #30363d }
      .area { fill: #161b22; stroke: #30363d }
      .box { fill: #21262d; stroke: #8b949e }
      .box.added { stroke: #3fb950 }
      .box.removed { stroke: #f85149 }
      .text { fill: #e6edf3 }
      .small { fill: #9198a1 }
      .number { fill: #0d1117 }
      .safe { color: #3fb950 }
      .weak { color: #d29922 }
      .none { color: #f85149 }
      .inside { color: #8b949e }
    }
"""
_HEAD = 11
_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', sans-serif"


def write(graph: Graph) -> str:
    """Write a graph as SVG; every name is escaped."""
    return "".join(f"{line}\n" for line in _lines(picture(graph)))


def write_short(graph: Graph) -> str:
    """Write a graph as SVG without the legend, for pages that have it as text."""
    return "".join(f"{line}\n" for line in _lines(picture(graph, with_legend=False)))


def picture(graph: Graph, *, with_legend: bool = True) -> Picture:
    """Lay out a graph."""
    numbered = list(graph.numbered())
    found = placed(graph, numbered)
    title = words.title(graph)
    lines: list[Shape] = list(arrows(graph, numbered, found))
    texts: list[Shape] = []
    bottom = found.bottom
    if with_legend:
        texts, bottom = legend(graph, numbered, found.width, found.bottom + MARGIN)
    heading = fitted(title, (found.width - 2 * MARGIN) / BOLD, 18)
    page = Box(0.5, 0.5, found.width - 1, bottom + MARGIN - 1, "page")
    head: list[Shape] = [page, Label(MARGIN, 40, heading, "text strong", 18, title=title)]
    description = ". ".join(words.headline(edges, graph) for _, edges in numbered)
    shapes: tuple[Shape, ...] = (*head, *found.shapes, *lines, *texts)
    return Picture(found.width, bottom + MARGIN, title, description, shapes)


def _lines(found: Picture) -> Iterator[str]:
    size = f"{found.width:g} {found.height:g}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{found.width:g}" '
        f'height="{found.height:g}" role="img" aria-labelledby="title desc"'
    )
    yield f'  font-family="{_FONTS}">'
    yield f'  <title id="title">{_text(found.title)}</title>'
    yield f'  <desc id="desc">{_text(found.description)}</desc>'
    yield f"  <style>\n{_STYLE}  </style>"
    # Lines are below the numbers and labels on them.
    for shape in sorted(found.shapes, key=_is_badge):
        yield f"  {_drawn(shape)}"
    yield "</svg>"


def _is_badge(shape: Shape) -> bool:
    return isinstance(shape, Badge)


@singledispatch
def _drawn(shape: Shape) -> str:
    raise TypeError(shape)


@_drawn.register
def _(shape: Box) -> str:
    title = f"<title>{_text(shape.title)}</title>" if shape.title else ""
    return (
        f'<rect class="{shape.style}" x="{shape.x:g}" y="{shape.y:g}" width="{shape.width:g}" '
        f'height="{shape.height:g}" rx="{8 if shape.style in ("area", "page") else 6}">{title}</rect>'
    )


@_drawn.register
def _(shape: Label) -> str:
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    title = f"<title>{_text(shape.title)}</title>" if shape.title not in ("", shape.text) else ""
    return (
        f'<text class="{shape.style}" x="{shape.x:g}" y="{shape.y:g}" font-size="{shape.size}"{anchor}>'
        f"{_text(shape.text)}{title}</text>"
    )


@_drawn.register
def _(shape: Stroke) -> str:
    points = list(shape.points)
    if not shape.head:
        return f'<path class="line {shape.style}" d="{_path(points)}"/>'
    (x, y), (from_x, from_y) = points[-1], points[-2]
    # The unit vector of the last part, which is horizontal or vertical.
    right, down = (x > from_x) - (x < from_x), (y > from_y) - (y < from_y)
    back_x, back_y = x - _HEAD * right, y - _HEAD * down
    points[-1] = (back_x, back_y)
    side_x, side_y = _HEAD / 2 * down, _HEAD / 2 * right
    head = [(x, y), (back_x + side_x, back_y + side_y), (back_x - side_x, back_y - side_y)]
    return (
        f'<g class="{shape.style}"><path class="line {shape.style}" d="{_path(points)}"/>'
        f'<path class="head" d="{_path(head)}z"/></g>'
    )


def _path(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


@_drawn.register
def _(shape: Badge) -> str:
    half = RADIUS + 3 * (len(shape.text) - 1)
    return (
        f'<g class="{shape.style}"><rect class="badge" x="{shape.x - half:g}" y="{shape.y - RADIUS:g}" '
        f'width="{2 * half:g}" height="{2 * RADIUS:g}" rx="{RADIUS}"/>'
        f'<text class="number" x="{shape.x:g}" y="{shape.y + 4:g}" text-anchor="middle">'
        f"{_text(shape.text)}</text></g>"
    )


def _text(text: str) -> str:
    return escape(one_line(text))
