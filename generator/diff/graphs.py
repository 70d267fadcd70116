"""The graph of a change: who talks to whom on both sides, if both are renderings of a site."""

from __future__ import annotations

from generator import locations
from generator.components import CHARTS
from generator.diff.recipes import Recipe
from generator.diff.renderings import layers_of
from generator.diff.report import Arrow
from generator.diff.sources import SideSource
from generator.graph import words
from generator.graph.build import site_graph
from generator.graph.compare import compared
from generator.graph.model import Graph
from generator.graph.svg import write_short
from generator.load.site import validate
from generator.render.site import render_site


def drawn(before: SideSource, after: SideSource) -> tuple[str, list[Arrow]]:
    """Return the graph of a change as SVG, and the texts of its arrows.

    Return nothing if a side is not a rendering of all charts by this generator.
    """
    graphs = [_graph(side.recipe) for side in (before, after) if side.recipe and _is_site(side.recipe)]
    if len(graphs) < 2:
        return "", []
    old, new = graphs
    graph = compared(old, new, f"{before.label} → {after.label}")
    return write_short(graph), list(words.arrows(graph))


def _is_site(recipe: Recipe) -> bool:
    return recipe.checked and recipe.folder == locations.CHARTS and recipe.charts == CHARTS


def _graph(recipe: Recipe) -> Graph:
    site = validate(layers_of(recipe), recipe.charts)
    return site_graph(render_site(site, engine=recipe.engine, releases=recipe.releases))
