"""Builds documents with their lines from the events of libyaml: quickly, but not every kind of document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import yaml

from generator.go_yaml import NotPlain, libyaml
from generator.go_yaml.scalars import SPECIAL, WORDS
from generator.io.yaml_document import YamlDocument
from generator.paths import Path


def documents(text: str, tolerant: bool) -> Iterator[YamlDocument]:
    """Read documents from the events of the parser; raise NotPlain for rare parts and mistakes."""
    try:
        get = libyaml.Loader(text).get_event
        get()  # The start of the stream.
        while type(get()) is yaml.DocumentStartEvent:
            event = get()
            reader = _PlainReader(get, tolerant)
            reader.document.value = reader.value(event, ())
            reader.document.begin = event.start_mark.line + 1 if tolerant else 1
            get()  # The end of the document.
            yield reader.document
    except yaml.YAMLError as error:
        raise NotPlain from error


class _PlainReader:
    """Builds a document without anchors, tags, merge keys and problems from the events of the parser."""

    def __init__(self, get: Callable[[], Any], tolerant: bool) -> None:
        self.get, self.tolerant = get, tolerant
        self.document = YamlDocument(None, plain=True)

    def value(self, event: Any, path: Path) -> Any:
        if type(event) is not yaml.ScalarEvent:
            if event.anchor is not None or event.tag is not None or len(path) >= libyaml.MAX_DEPTH - 1:
                raise NotPlain
            return self._mapping(path) if type(event) is yaml.MappingStartEvent else self._sequence(path)
        value = libyaml.scalar(event)
        if value is event.value:
            if event.implicit[0] and value in SPECIAL:
                raise NotPlain
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
                    raise NotPlain
                self.document.twice.append((below, line))
            lines[below] = line
            found[name] = self.value(self.get(), below)
        return found

    def _key(self, event: Any) -> str:
        if type(event) is not yaml.ScalarEvent or event.anchor is not None or event.tag is not None:
            raise NotPlain
        name: str = event.value
        if event.implicit[0] and (name == "<<" or str(libyaml.scalar(event)) != name or name in WORDS):
            raise NotPlain
        return name

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while type(event := self.get()) is not yaml.SequenceEndEvent:
            below = (*path, len(items))
            self.document.lines[below] = event.start_mark.line + 1
            items.append(self.value(event, below))
        return items
