"""Builds documents with their lines from the nodes of PyYAML: knows all of YAML, and explains every error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from generator import go_yaml, paths
from generator.catalogue.message import Message, say
from generator.characters import ends_key_with_full_width_colon, look_alike
from generator.errors import UnreadableFile
from generator.go_yaml import libyaml
from generator.go_yaml.scalars import SPECIAL, resolve
from generator.io.yaml_document import YamlDocument
from generator.paths import Path


def documents(text: str, source: str, tolerant: bool) -> Iterator[YamlDocument]:
    """Read documents from the nodes of the parser; raise UnreadableFile."""
    try:
        for node in yaml.compose_all(text, libyaml.Loader):
            reader = _NodeReader(source, tolerant, go_yaml.MAX_NODES + len(text))
            reader.document.value = reader.value(node, ())
            reader.document.begin = node.start_mark.line + 1 if tolerant else 1
            yield reader.document
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, source, text) from None
    except yaml.YAMLError as error:
        raise UnreadableFile(source, say("not-yaml", reason=str(error).splitlines()[0])) from None
    except RecursionError:
        raise UnreadableFile(source, say("too-deep")) from None


def _syntax_error(error: yaml.MarkedYAMLError, source: str, text: str) -> UnreadableFile:
    begin, mark = error.context_mark, error.problem_mark or error.context_mark
    known = _known_mistake(text.split("\n"), mark.line, mark.column) if mark else None
    if known:
        line, message = known
        return UnreadableFile(source, message, line)
    message = say("not-yaml", reason=error.problem or error.context)
    # The parser reports a missing bracket at the end of the file. So add the line of the open bracket.
    if begin and mark and begin.line != mark.line:
        message = message.with_fields(context=error.context, begin=begin.line + 1)
    return UnreadableFile(source, message, mark.line + 1 if mark else None)


def _known_mistake(lines: list[str], at: int, column: int) -> tuple[int, Message] | None:
    """Return the line of a common mistake and the message about it; None for other mistakes."""
    # The parser reports a missing colon on the next line that has text.
    above = next((n for n in range(min(at, len(lines)) - 1, -1, -1) if lines[n].strip()), at)
    for number in (at, above):
        if number < len(lines) and ends_key_with_full_width_colon(lines[number]):
            return number + 1, say("full-width-colon", **look_alike("："))
    character = lines[at][column : column + 1] if at < len(lines) else ""
    if character == "\t" and not lines[at][:column].strip():
        return at + 1, say("tab-indentation")
    if character in ("@", "`"):
        return at + 1, say("reserved-character", character=character)
    return None


class _NodeReader:
    """Converts parsed nodes to values with their lines; rejects duplicate keys and alias bombs."""

    def __init__(self, source: str, tolerant: bool, limit: int) -> None:
        self.source, self.tolerant, self.limit = source, tolerant, limit
        self.document = YamlDocument(None)
        self.nodes = 0
        self.open: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.nodes += 1
        if self.nodes > self.limit:
            raise UnreadableFile(self.source, say("too-many-aliases", limit=go_yaml.MAX_NODES))
        self._check_tag(node)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self.open:
            raise self._error(node, say("alias-loop"))
        if len(self.open) > libyaml.MAX_DEPTH:
            raise RecursionError
        self.open.add(id(node))
        value = (
            self._mapping(node, path) if isinstance(node, yaml.MappingNode) else self._sequence(node, path)
        )
        self.open.discard(id(node))
        return value

    def _error(self, node: yaml.Node, message: Message) -> UnreadableFile:
        return UnreadableFile(self.source, message, node.start_mark.line + 1)

    def _check_tag(self, node: yaml.Node) -> None:
        if node.tag not in libyaml.TAGS:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._error(node, say("unknown-tag", tag=tag))

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag == libyaml.PLAIN and node.value in SPECIAL:
            raise self._error(node, say("not-finite", value=node.value))
        value = resolve(node.value) if node.tag == libyaml.PLAIN else node.value
        if self.tolerant and not isinstance(value, str):
            self.document.texts[path] = node.value
        return value

    def _key(self, node: yaml.Node) -> str:
        """Return the name of a key as Go reads it: Go silently turns `on` into `true` and 0x1f into `31`."""
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, say("key-not-text"))
        name = str(node.value)
        value = resolve(name) if node.tag == libyaml.PLAIN else name
        if value is None or isinstance(value, bool) or str(value) != name:
            raise self._error(node, say("key-needs-quotes", name=name))
        return name

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            name = self._key(key_node)
            if name == "<<" and key_node.tag == libyaml.PLAIN:
                merged.update(self._merge(value_node, path))
                continue
            below = (*path, name)
            line = key_node.start_mark.line + 1
            if name in found:
                if not self.tolerant:
                    raise self._error(key_node, say("duplicate-key", name=paths.text(below)))
                self.document.twice.append((below, line))
            self.document.lines[below] = line
            found[name] = self.value(value_node, below)
        return {**merged, **found}

    def _merge(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for part in reversed(parts):
            if not isinstance(part, yaml.MappingNode):
                raise self._error(part, say("bad-merge-key"))
            merged.update(self.value(part, path))
        return merged

    def _sequence(self, node: yaml.Node, path: Path) -> list[Any]:
        items = []
        for at, item in enumerate(node.value):
            below = (*path, at)
            self.document.lines[below] = item.start_mark.line + 1
            items.append(self.value(item, below))
        return items
