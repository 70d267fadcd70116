"""Reads documents that are part of another document, and keeps the line numbers of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator import paths
from generator.catalogue.message import Message
from generator.check.kinds import recognise
from generator.errors import Problem, UnreadableFile
from generator.io import yaml_reader
from generator.io.yaml_document import YamlDocument

# Upstream's charts and ours, by the end of the name or of the path of a chart.
CHARTS = {
    "cloudcore": "cloudcore-values",
    "edgemesh": "edgemesh-values",
    "edgemesh-gateway": "gateway-values",
    "edgecore": "site",
}
# Sections that only values for KubeEdge have. Other charts can have a section called agent.
_OWN = {"cloudCore", "edgeCore", "iptablesManager"}


_SAME: Mapping[str, str] = {}


@dataclass
class Text:
    """A file that is being read: its name, its lines, and one of its documents."""

    file: str
    lines: list[str]
    document: YamlDocument

    def where(self, path: paths.Path) -> str:
        """Return the place of a key of the document."""
        return f"{self.file}:{self.document.line(path)}"


@dataclass
class Held:
    """The parts of a document: values of charts, keys that were not read, and keys of other programs.

    `unread` are keys that cannot be read, `foreign` are keys of the program that the document is for.
    """

    values: list[tuple[str, YamlDocument, str, Mapping[str, str]]] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)
    foreign: list[Problem] = field(default_factory=list)

    def add(
        self,
        document: YamlDocument,
        title: str,
        chart: str = "",
        written: Mapping[str, str] = _SAME,
    ) -> None:
        """Add values if they are for one of the charts, by its name or by their sections."""
        own = isinstance(document.value, dict) and document.value
        kind = (recognise(document.value) if own else None) or CHARTS.get(chart)
        if own and kind and (chart in CHARTS or _OWN & set(document.value)):
            self.values.append((kind, document, title, written))

    def not_read(self, where: str, key: str, message: Message) -> None:
        """Add a key that cannot be read."""
        self.unread.append(Problem(where, key, message))


def part(text: Text, path: paths.Path) -> YamlDocument:
    """Return a part of a document as a document; its lines stay those of the file."""
    whole, length = text.document, len(path)
    lines = {at[length:]: line for at, line in whole.lines.items() if at[:length] == path and at != path}
    return YamlDocument(paths.at(whole.value, path), lines, whole.line(path))


def parsed(text: Text, path: paths.Path) -> YamlDocument:
    """Parse a text of a document as YAML; its lines become those of the file, or that of its key."""
    key, line = paths.text(path), text.document.line(path)
    literal = is_literal(text.lines, line)
    try:
        documents = yaml_reader.read_all(paths.at(text.document.value, path), text.file, tolerant=True)
        inner = next(documents, YamlDocument({}))
    except UnreadableFile as error:
        found = error.problems[0]
        at_line = line + error.line if error.line and literal else line
        raise UnreadableFile(text.file, found.message, at_line, key=key) from None
    inner.lines = {at: line + number for at, number in inner.lines.items()} if literal else {}
    inner.begin = line + inner.begin if literal else line
    return inner


def is_literal(lines: list[str], line: int) -> bool:
    """Return whether the key on a line has a literal block, the only form of text that keeps its lines."""
    return line <= len(lines) and re.search(r":\s*\|[-+0-9]*\s*(#.*)?$", lines[line - 1]) is not None


def objects_in(document: YamlDocument) -> Iterator[paths.Path]:
    """Yield the paths of the objects in a document: the document itself, or the items of a List."""
    value = document.value
    items = value.get("items") if isinstance(value, dict) and isinstance(value.get("kind"), str) else None
    if not isinstance(items, list):
        yield ()
        return
    for number, item in enumerate(items):
        if isinstance(item, dict):
            yield ("items", number)
