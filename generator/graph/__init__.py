"""Who talks to whom in a site, as data and as a picture: one graph, written as JSON, Mermaid, DOT or SVG."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from generator.graph.model import Graph

FORMATS = {"svg": "svg", "mermaid": "mermaid", "dot": "dot", "json": "as_json"}
Writer = Callable[[Graph], str]


def writer(name: str) -> Writer:
    """Return what writes a graph in a format; raise KeyError for an unknown format."""
    found: Writer = import_module(f"generator.graph.{FORMATS[name]}").write
    return found
