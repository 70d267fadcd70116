"""Reads YAML with libyaml, as Go reads it; the dumper is in `writing`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from generator.go_yaml.lines import NotPlain
from generator.go_yaml.scalars import NUMBERS, WORDS, resolve

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAIN = "plain"
_MERGE = "tag:yaml.org,2002:merge"
TAGS = (PLAIN, *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq")))
# The limit for nested levels.
MAX_DEPTH = 100


class Loader(_SafeLoader):  # type: ignore[misc]
    """Marks plain scalars, so that the rules of Go decide their types, not those of PyYAML."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        if kind is yaml.ScalarNode and implicit[0]:
            return PLAIN
        return super().resolve(kind, value, implicit)

    # PyYAML calls this for every node. Without the limit, deep recursion in libyaml crashes the process.
    def descend_resolver(self, parent: Any, index: Any) -> None:
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > MAX_DEPTH:
            raise RecursionError
        super().descend_resolver(parent, index)

    def ascend_resolver(self) -> None:
        self.depth -= 1
        super().ascend_resolver()


Loader.add_constructor(PLAIN, lambda loader, node: resolve(node.value))


class _AnyLoader(Loader):
    """Makes values without positions; PyYAML itself handles merge keys."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        merges = kind is yaml.ScalarNode and implicit[0] and value == "<<"
        return _MERGE if merges else super().resolve(kind, value, implicit)


_AnyLoader.add_constructor(_MERGE, lambda loader, node: node.value)


def load(text: str) -> Any:
    """Return the value of a document that a program wrote; raise ValueError if it is not YAML."""
    try:
        return yaml.load(text, _AnyLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


def load_plain(text: str) -> Any:
    """Return the value of a document that has no rare parts, four times as fast as load().

    Raises NotPlain for anchors, tags, merge keys, keys that are not text, and documents that are not YAML.
    """
    try:
        return _plain_document(Loader(text).get_event)
    except yaml.YAMLError as error:
        raise NotPlain from error


def _plain_document(get: Callable[[], Any]) -> Any:
    get()  # The start of the stream.
    if type(get()) is not yaml.DocumentStartEvent:
        raise NotPlain
    value = _plain(get(), get, 1)
    get()  # The end of the document.
    if type(get()) is not yaml.StreamEndEvent:
        raise NotPlain
    return value


# Looked up for every event.
_SCALAR, _MAP_END, _LIST_END = yaml.ScalarEvent, yaml.MappingEndEvent, yaml.SequenceEndEvent


def _plain(event: Any, get: Callable[[], Any], depth: int) -> Any:
    kind = type(event)
    if kind is _SCALAR:
        return scalar(event)
    if event.anchor is not None or event.tag is not None or depth >= MAX_DEPTH:
        raise NotPlain
    if kind is yaml.SequenceStartEvent:
        items = []
        while type(event := get()) is not _LIST_END:
            items.append(_plain(event, get, depth + 1))
        return items
    found = {}
    while type(event := get()) is not _MAP_END:
        if type(event) is not _SCALAR or (event.value == "<<" and event.implicit[0]):
            raise NotPlain
        name = scalar(event)
        if type(name) is not str:
            raise NotPlain
        value = get()
        found[name] = scalar(value) if type(value) is _SCALAR else _plain(value, get, depth + 1)
    return found


def scalar(event: Any) -> Any:
    """Return the value of a scalar event; only a plain (unquoted) one can be other than text."""
    if event.anchor is not None or event.tag is not None:
        raise NotPlain
    value = event.value
    if event.implicit[0] and (value in WORDS or value[0] in NUMBERS):
        return resolve(value)
    return value
