"""Reads a text that differs from an earlier text only in simple lines, without parsing it again.

The files of many nodes differ in lines such as `hostnameOverride: node-7`. For every other difference, this
module returns nothing, and the parser reads the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress
from operator import ne
from typing import Any

from generator import paths
from generator.go_yaml.scalars import resolve
from generator.io.yaml_document import YamlDocument
from generator.paths import Path
from generator.patterns import pattern

# A key and its value on one line. YAML reads these characters as one value, whatever the lines around it are.
_SIMPLE = pattern(
    r'(?P<head> *(?P<key>[A-Za-z]+): (?P<quote>"?))(?P<text>[A-Za-z0-9][A-Za-z0-9_./-]*)(?P=quote)'
)
_MOST_DIFFERENCES = 8
# One template for each number of lines: mostly one for each node group.
_MOST_TEMPLATES = 32


class Similar:
    """The texts read so far that others may be similar to."""

    def __init__(self) -> None:
        self._templates: dict[int, _Template] = {}

    def read(self, lines: Sequence[str]) -> YamlDocument | None:
        """Return the document of a text from a similar one: its maps and lists are partly the same objects.

        Return None if no text is similar enough.
        """
        template = self._templates.get(len(lines))
        return template.read(lines) if template else None

    def add(self, text: str, lines: Sequence[str], document: YamlDocument) -> None:
        """Let later texts be similar to a text with one document, which must not be changed from here on."""
        # YAML and the lines here must agree on what a line is.
        if not document.plain or document.twice or text.splitlines() != text.removesuffix("\n").split("\n"):
            return
        if len(lines) not in self._templates and len(self._templates) == _MOST_TEMPLATES:
            del self._templates[next(iter(self._templates))]
        self._templates[len(lines)] = _Template(lines, document)


@dataclass
class _Template:
    """A text that was parsed, and its document."""

    lines: Sequence[str]
    document: YamlDocument

    def read(self, lines: Sequence[str]) -> YamlDocument | None:
        different = list(compress(range(len(lines)), map(ne, lines, self.lines)))
        if len(different) > _MOST_DIFFERENCES:
            return None
        document = replace(self.document, value=dict(self.document.value), twice=[])
        return (
            document if all(self._change(number, lines[number], document) for number in different) else None
        )

    def _change(self, number: int, line: str, document: YamlDocument) -> bool:
        """Give a document the value of a line; return whether the line is only a key and its value."""
        before, now = _SIMPLE.fullmatch(self.lines[number]), _SIMPLE.fullmatch(line)
        path = self._last_on_line.get(number + 1)
        if not (before and now and path) or path[-1] != now["key"] or before["head"] != now["head"]:
            return False
        # If the parser read another text from this line, the text goes on in the next line.
        if self.document.texts.get(path, paths.at(self.document.value, path)) != before["text"]:
            return False
        value = now["text"] if now["quote"] else resolve(now["text"])
        document.value = _with(document.value, path, value)
        if not isinstance(value, str):
            document.texts = {**document.texts, path: now["text"]}
        elif path in document.texts:
            document.texts = {at: text for at, text in document.texts.items() if at != path}
        return True

    @cached_property
    def _last_on_line(self) -> dict[int, Path]:
        """Map a line to the last key that begins on it."""
        return {line: path for path, line in self.document.lines.items()}


def _with(holder: Any, path: Path, value: Any) -> Any:
    """Return a map or list with another value at a path; only the maps and lists on the path are copied."""
    first, *rest = path
    copied = holder.copy()
    copied[first] = _with(holder[first], tuple(rest), value) if rest else value
    return copied
