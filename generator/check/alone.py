"""Findings that need no release: odd texts, and one node name in two files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.check.findings import Finding, at
from generator.check.sources import Source
from generator.components import COMPONENTS
from generator.merge import differing
from generator.model.odd_texts import odd_texts

_NODE_NAME: paths.Path = ("modules", "edged", "hostnameOverride")


def text_findings(sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield the odd texts in config files, and the node names that two files share."""
    fine: dict[str, dict[str, Any]] = {}
    for source in sources:
        if source.kind in COMPONENTS:
            # edgecore writes its own release there.
            values = {name: value for name, value in source.value.items() if name != "edgecoreVersion"}
            # The files of many nodes mostly have the same texts; search those only once.
            odd = list(odd_texts(differing(values, fine.get(source.kind, {}))))
            yield from (at(source, path, message) for path, message in odd)
            if not odd:
                fine.setdefault(source.kind, values)
    yield from _name_findings(sources)


def _name_findings(sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield each file whose node name an earlier file has too."""
    first: dict[str, Source] = {}
    for source in sources:
        name = paths.at(source.value, _NODE_NAME) if source.kind == "edgecore" else None
        # A ConfigMap holds one file for many nodes, or a copy of another file.
        if not isinstance(name, str) or not name or source.inside:
            continue
        other = first.setdefault(name, source)
        if other is not source:
            yield at(source, _NODE_NAME, say("node-name-twice", "files", name=name, other=other.file))
