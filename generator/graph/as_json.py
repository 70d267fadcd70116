"""A graph as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from generator.graph import words
from generator.graph.model import Edge, Graph


def write(graph: Graph) -> str:
    """Write a graph as JSON; the codes are those of model.py and words.py."""
    found = {
        "title": words.title(graph),
        "profile": graph.profile,
        "releases": list(graph.releases),
        "nodes": [_without_empty(asdict(node)) for node in graph.nodes],
        "edges": [_edge(edge) for edge in graph.edges],
    }
    return json.dumps(found, indent=2) + "\n"


def _edge(edge: Edge) -> dict[str, Any]:
    found = asdict(edge)
    found["checkedBy"] = found.pop("checked_by")
    if edge.before is not None:
        found["before"] = _edge(edge.before)
    return _without_empty(found)


def _without_empty(found: dict[str, Any]) -> dict[str, Any]:
    """Copy plain data without what is not set."""
    kept = {
        name: _without_empty(value) if isinstance(value, dict) else value for name, value in found.items()
    }
    return {name: value for name, value in kept.items() if value not in (None, "", 0, (), {})}
