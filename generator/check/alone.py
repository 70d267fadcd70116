"""What the texts of config files tell without a release: odd texts, and one node name in two files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator import paths
from generator.check.findings import Finding, at, plain_at
from generator.check.sources import Source
from generator.components import COMPONENTS
from generator.model.odd_texts import odd_texts

_NODE_NAME: paths.Path = ("modules", "edged", "hostnameOverride")


def text_findings(sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield the odd texts in config files, and the node names that two files share."""
    for source in sources:
        if source.kind in COMPONENTS:
            # edgecore writes its own release there.
            values = {name: value for name, value in source.value.items() if name != "edgecoreVersion"}
            for path, message in odd_texts(values):
                yield at(source, path, message)
    yield from _name_findings(sources)


def _name_findings(sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield each file that gives its node a name which an earlier file gives as well."""
    first: dict[str, Source] = {}
    for source in sources:
        name = paths.at(source.value, _NODE_NAME) if source.kind == "edgecore" else None
        # A ConfigMap brings one file to many nodes, or is a copy of a file beside it.
        if not isinstance(name, str) or not name or source.inside:
            continue
        other = first.setdefault(name, source)
        if other is not source:
            what = f"is {name} in {other.file} as well; two nodes cannot have one name"
            yield plain_at(source, _NODE_NAME, "node-name-twice", what, "give each node a name of its own")
