"""The place of a config in the site, and the places of its keys in the files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from generator import paths
from generator.check.sources import Source
from generator.components import COMPONENTS

# The ConfigMap of the agent on cloud nodes, if cloud nodes have their own agent.
CLOUD = "agent-cloud-cfg"


def place_of(source: Source, configs: Iterable[Source]) -> str:
    """Return the section of the site for a config; several edgecore.yaml are node groups."""
    edges = [other for other in configs if other.kind == "edgecore"]
    if source.kind == "edgemesh-agent" and source.name.endswith(CLOUD):
        return "agent.cloudNodes"
    if source.kind != "edgecore" or len(edges) < 2:
        return COMPONENTS[source.kind].section
    name = _group(source)
    before = [other for other in edges[: edges.index(source)] if _group(other) == name]
    return f"edgeCore.nodeGroups.{name}" + (f"-{len(before) + 1}" if before else "")


def _group(source: Source) -> str:
    """Name a node group after its key in the ConfigMap, or its file; for edgecore.yaml, after the folder."""
    for part in (source.inside, *reversed(source.file.split("/"))):
        stem = re.sub(r"(^|\.)edgecore(?=\.)|\.ya?ml$", "", part)
        name = re.sub(r"[^a-z0-9-]+", "-", stem.lower())[:50].strip("-")
        if name and name != "edgecore":
            return name
    return "edge"


def origin_of(source: Source, *path: str | int) -> str:
    """Return the file and line of a key; the path is given in parts, or as one dotted text."""
    path = tuple(path[0].split(".")) if len(path) == 1 and isinstance(path[0], str) else path
    for new, old in source.written.items():
        place = tuple(new.split("."))
        path = (*old.split("."), *path[len(place) :]) if path[: len(place)] == place else path
    here: Any = source.value
    written: paths.Path = ()
    for part in path:
        names = here if isinstance(here, dict) else {}
        name = next((name for name in names if name.lower() == str(part).lower()), None)
        if name is None:
            return f"{source.file}, the default of the program"
        here, written = here[name], (*written, name)
    return f"{source.file}:{source.line(written)}"
