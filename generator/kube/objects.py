"""Kubernetes objects read from YAML streams, each with the place it came from.

An unreadable document is an error; a document that is not a Kubernetes object is counted and left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator import go_yaml
from generator.catalogue.message import Message, say
from generator.errors import Coded, InvalidInput, Problem, UnreadableFile
from generator.io import yaml_reader

# Searched in a text after a line break: to search for its first character takes a quarter of the time of `^`.
_SEPARATOR = re.compile(r"\n(?:---(?=[ \t\n]|\Z)|\.\.\.[ \t]*(?=\n|\Z))")
_FIRST = re.compile(r"^(?!#)[^\n]*\S", re.MULTILINE)
_NOTHING = re.compile(r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z)|%[^\n]*\n)*")

Identity = tuple[str, str, str, str]
# An item of a document, its text ("" for an item of a List), and why it is not a Kubernetes object.
Item = tuple[Any, str, Message | None]


@dataclass(frozen=True, eq=False)
class Object:
    """A Kubernetes object: its data, its chart if known, and where it was read.

    Two objects with the same `text` are the same; `text` is "" for an item of a List.
    """

    data: dict[str, Any]
    file: str = ""
    number: int = 0
    line: int = 0
    chart: str = ""
    text: str = ""

    # Plain properties where they are quicker than the lock of cached_property.
    @property
    def kind(self) -> str:
        """Return the kind."""
        return str(self.data["kind"])

    @cached_property
    def group(self) -> str:
        """Return the group of apiVersion, "" for the core."""
        return str(self.data["apiVersion"]).rpartition("/")[0]

    @property
    def is_kubernetes(self) -> bool:
        """Return whether the API server has the type itself; CRDs with a group of Kubernetes count too."""
        return "." not in self.group or self.group.endswith(".k8s.io")

    @property
    def metadata(self) -> dict[str, Any]:
        """Return the metadata, a map."""
        found = self.data.get("metadata")
        return found if isinstance(found, dict) else {}

    @cached_property
    def name(self) -> str:
        """Return the name, or generateName if the API server makes the name."""
        return str(self.metadata.get("name") or self.metadata.get("generateName") or "")

    @cached_property
    def namespace(self) -> str:
        """Return the namespace, "" if there is none."""
        return str(self.metadata.get("namespace") or "")

    @cached_property
    def identity(self) -> Identity:
        """Return group, kind, namespace and name, which identify an object."""
        # Every object of a stream is asked for it: the properties would take twice as long.
        data, metadata = self.data, self.data.get("metadata")
        names: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
        name = names.get("name") or names.get("generateName") or ""
        group = str(data["apiVersion"]).rpartition("/")[0]
        return group, str(data["kind"]), str(names.get("namespace") or ""), str(name)

    @property
    def title(self) -> str:
        """Return the kind and name: `ConfigMap kubeedge/cloudcore`."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    @property
    def kept(self) -> bool:
        """Return whether Helm leaves it in the cluster when it is no longer part of the release."""
        annotations = self.metadata.get("annotations")
        return isinstance(annotations, dict) and annotations.get("helm.sh/resource-policy") == "keep"

    def label(self, name: str) -> str:
        """Return a label, "" if there is none."""
        labels = self.metadata.get("labels")
        return str(labels.get(name) or "") if isinstance(labels, dict) else ""


@dataclass(frozen=True)
class Skipped(Coded):
    """A document that is not a Kubernetes object, and the reason; `kind` is the kind of document if known."""

    file: str
    number: int
    line: int
    message: Message
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: document {self.number}: {self.what} [{self.code}]"


@dataclass
class Collection:
    """The objects of one side in order, and the documents that are not objects."""

    objects: list[Object] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    # A cache of parsed documents by text: most documents of two sides are the same.
    known: dict[str, list[Item]] = field(default_factory=dict)

    def add(self, one: Object | Skipped) -> None:
        """Add an object, or a document that is left out."""
        if isinstance(one, Object):
            self.objects.append(one)
        else:
            self.skipped.append(one)


@dataclass(frozen=True)
class Part:
    """The text of one document, its number in the stream from 1, and its first line."""

    text: str
    number: int
    line: int


def parts(text: str) -> Iterator[Part]:
    """Split a YAML stream into the texts of its documents; a part with only comments is not a document."""
    # Convert Windows line ends, and remove the byte order marks of joined files.
    text = text.replace("\r\n", "\n").replace("\n\ufeff", "\n")
    begin, line, number = 0, 1, 0
    ends = [(match.start(), match.end() - 1) for match in _SEPARATOR.finditer(f"\n{text}")]
    for end, after in [*ends, (len(text), len(text))]:
        part = text[begin:end]
        if not _NOTHING.fullmatch(part):
            number += 1
            yield Part(part, number, line)
        line += text.count("\n", begin, after)
        begin = after


# Reads a document that is not a Kubernetes object, from its value, its text ("" for an item of a List) and
# what is known about it.
Other = Callable[[Any, str, Skipped], Object | Skipped]


def read_stream(text: str, file: str, found: Collection, other: Other = lambda *args: args[2]) -> None:
    """Read every object of a stream into `found`; raise InvalidInput with every unreadable document.

    `other` can make an object from a document that is not a Kubernetes object.
    """
    problems: list[Problem] = []
    for part in parts(text):
        try:
            _read_part(part, file, found, other)
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)


def _read_part(part: Part, file: str, found: Collection, other: Other) -> None:
    items = found.known.get(part.text)
    if items is None:
        items = found.known[part.text] = list(_items(_loaded(part, file), part.text))
    line = _first_line(part)
    for item, text, message in items:
        if message:
            found.add(other(item, text, Skipped(file, part.number, line, message)))
        else:
            found.add(Object(item, file, part.number, line, text=text))


def _loaded(part: Part, file: str) -> Any:
    """Return the value of a document, with text for every key; raise UnreadableFile."""
    try:
        return go_yaml.load_plain(part.text)
    except go_yaml.NotPlain:
        pass
    try:
        data = go_yaml.load(part.text)
    except (ValueError, RecursionError, TypeError):
        raise _unreadable(part, file) from None
    return _as_go_reads(data, part, file)


def _as_go_reads(data: Any, part: Part, file: str) -> Any:
    """Return a document with text for every key; raise UnreadableFile if aliases expand too far."""
    limit = go_yaml.MAX_NODES + len(part.text)
    stack, number, named = [data], 0, True
    while stack:
        number += 1
        value = stack.pop()
        if isinstance(value, dict):
            named = named and all(isinstance(name, str) for name in value)
            stack += value.values()
        elif isinstance(value, list):
            stack += value
        if number > limit:
            raise UnreadableFile(file, say("too-many-aliases", limit=go_yaml.MAX_NODES), _first_line(part))
    return data if named else _named(data)


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        return {name if isinstance(name, str) else _key(name): _named(child) for name, child in value.items()}
    return [_named(item) for item in value] if isinstance(value, list) else value


def _key(name: Any) -> str:
    return str(name).lower() if isinstance(name, bool) else "null" if name is None else str(name)


def _first_line(part: Part) -> int:
    """Return the line of the first key of a document."""
    found = _FIRST.search(part.text)
    return part.line + (part.text.count("\n", 0, found.start()) if found else 0)


def _items(data: Any, text: str) -> Iterator[Item]:
    """Yield the items of a List, or the document itself; nothing for an empty document."""
    if isinstance(data, dict) and str(data.get("kind", "")).endswith("List"):
        items = data.get("items")
        if isinstance(items, list):
            yield from ((item, "", _not_an_object(item)) for item in items)
            return
    if data is not None:
        yield data, text, _not_an_object(data)


def _not_an_object(item: Any) -> Message | None:
    """Return why a document is not a Kubernetes object, None if it is one."""
    if not isinstance(item, dict):
        return say("not-an-object", "list" if isinstance(item, list) else "")
    missing = [
        name for name in ("apiVersion", "kind") if not isinstance(item.get(name), str) or not item[name]
    ]
    if missing:
        return say("not-an-object", "fields", missing=" and no ".join(missing))
    metadata = item.get("metadata")
    name = (metadata.get("name") or metadata.get("generateName")) if isinstance(metadata, dict) else None
    if not name or isinstance(name, dict | list):
        return say("not-an-object", "name", kind=item["kind"])
    return None


def _unreadable(part: Part, file: str) -> UnreadableFile:
    """Read the document again, with positions, to find what is wrong and on which line."""
    try:
        list(yaml_reader.read_all("\n" * (part.line - 1) + part.text, file))
    except UnreadableFile as error:
        return UnreadableFile(file, error.problems[0].message, error.line or part.line)
    return UnreadableFile(file, say("not-yaml", reason="cannot be read"), part.line)
