"""A YAML document as it was read: its value, and the lines of its keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator.merge import share
from generator.paths import Path


@dataclass
class YamlDocument:
    """One YAML document: its value, and the line of every key and list item."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)
    begin: int = 1
    # Filled only with `tolerant`: duplicate keys, and the text of unquoted values that are not strings.
    twice: list[tuple[Path, int]] = field(default_factory=list)
    texts: dict[Path, str] = field(default_factory=dict)
    # Whether the document has no anchors, tags and merge keys for sure.
    plain: bool = False

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest key above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, self.begin)


def share_document(document: YamlDocument, first: YamlDocument) -> None:
    """Let a document have the values and lines of another one where they are the same, to save memory."""
    if document is not first:
        share(document.value, first.value)
        if document.lines is not first.lines and document.lines == first.lines:
            document.lines = first.lines
        if document.texts is not first.texts and document.texts == first.texts:
            document.texts = first.texts
