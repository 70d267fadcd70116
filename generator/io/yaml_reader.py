"""Reads YAML texts with the line of every key, and explains syntax errors.

This module opens no files. `generator.go_yaml` decides the values of scalars.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml

from generator import go_yaml, paths
from generator.catalogue.message import Message, say
from generator.characters import ends_key_with_full_width_colon, look_alike
from generator.errors import UnreadableFile
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


def read(text: str, source: str) -> YamlDocument:
    """Read a text with exactly one document; raise UnreadableFile with the line of a syntax error."""
    documents = list(read_all(text, source))
    while len(documents) > 1 and documents[-1].value is None:
        documents.pop()
    if len(documents) > 1:
        raise UnreadableFile(source, say("several-documents"))
    return documents[0] if documents else YamlDocument(None)


def read_all(text: str, source: str, *, tolerant: bool = False) -> Iterator[YamlDocument]:
    """Read every document of a text with the positions of its keys.

    `tolerant` accepts duplicate keys as the programs do: the last one counts. YamlDocument.twice lists them.
    """
    number = 0
    try:
        for document in _plain_documents(text, tolerant):
            yield document
            number += 1
        return
    except (go_yaml.NotPlain, yaml.YAMLError):
        # Read the rest with the reader that knows all of YAML and every error.
        yield from islice(_all_documents(text, source, tolerant), number, None)


def _all_documents(text: str, source: str, tolerant: bool) -> Iterator[YamlDocument]:
    try:
        for node in yaml.compose_all(text, go_yaml.Loader):
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


def _plain_documents(text: str, tolerant: bool) -> Iterator[YamlDocument]:
    """Read documents from the events of the parser; raise NotPlain for rare parts and mistakes."""
    get = go_yaml.Loader(text).get_event
    get()  # The start of the stream.
    while type(get()) is yaml.DocumentStartEvent:
        event = get()
        reader = _PlainReader(get, tolerant)
        reader.document.value = reader.value(event, ())
        reader.document.begin = event.start_mark.line + 1 if tolerant else 1
        get()  # The end of the document.
        yield reader.document


class _PlainReader:
    """Builds a document without anchors, tags, merge keys and problems from the events of the parser."""

    def __init__(self, get: Callable[[], Any], tolerant: bool) -> None:
        self.get, self.tolerant = get, tolerant
        self.document = YamlDocument(None, plain=True)

    def value(self, event: Any, path: Path) -> Any:
        if type(event) is not yaml.ScalarEvent:
            if event.anchor is not None or event.tag is not None or len(path) >= go_yaml.MAX_DEPTH - 1:
                raise go_yaml.NotPlain
            return self._mapping(path) if type(event) is yaml.MappingStartEvent else self._sequence(path)
        value = go_yaml.scalar(event)
        if value is event.value:
            if event.implicit[0] and value in go_yaml.SPECIAL:
                raise go_yaml.NotPlain
        elif self.tolerant:
            self.document.texts[path] = event.value
        return value

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        lines = self.document.lines
        while type(event := self.get()) is not yaml.MappingEndEvent:
            name, line = self._key(event), event.start_mark.line + 1
            below = (*path, name)
            if name in found:
                if not self.tolerant:
                    raise go_yaml.NotPlain
                self.document.twice.append((below, line))
            lines[below] = line
            found[name] = self.value(self.get(), below)
        return found

    def _key(self, event: Any) -> str:
        if type(event) is not yaml.ScalarEvent or event.anchor is not None or event.tag is not None:
            raise go_yaml.NotPlain
        name: str = event.value
        if event.implicit[0] and (
            name == "<<" or str(go_yaml.scalar(event)) != name or name in go_yaml.WORDS
        ):
            raise go_yaml.NotPlain
        return name

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while type(event := self.get()) is not yaml.SequenceEndEvent:
            below = (*path, len(items))
            self.document.lines[below] = event.start_mark.line + 1
            items.append(self.value(event, below))
        return items


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
        if len(self.open) > go_yaml.MAX_DEPTH:
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
        if node.tag not in go_yaml.TAGS:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._error(node, say("unknown-tag", tag=tag))

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag == go_yaml.PLAIN and node.value in go_yaml.SPECIAL:
            raise self._error(node, say("not-finite", value=node.value))
        value = go_yaml.resolve(node.value) if node.tag == go_yaml.PLAIN else node.value
        if self.tolerant and not isinstance(value, str):
            self.document.texts[path] = node.value
        return value

    def _key(self, node: yaml.Node) -> str:
        """Return the name of a key as Go reads it: Go silently turns `on` into `true` and 0x1f into `31`."""
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, say("key-not-text"))
        name = str(node.value)
        value = go_yaml.resolve(name) if node.tag == go_yaml.PLAIN else name
        if value is None or isinstance(value, bool) or str(value) != name:
            raise self._error(node, say("key-needs-quotes", name=name))
        return name

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            name = self._key(key_node)
            if name == "<<" and key_node.tag == go_yaml.PLAIN:
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
