"""Reads files and recognises each YAML document, also a config inside a ConfigMap."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.check.commands import Command, commands_in
from generator.check.held import Text, objects_in, parsed
from generator.check.holders import held
from generator.check.kinds import KINDS, TITLES, is_job, is_object, recognise, rendered_for
from generator.components import COMPONENTS
from generator.errors import InvalidInput, Problem, UnreadableFile
from generator.io import yaml_reader
from generator.io.files import read_text
from generator.io.folders import ENDINGS, files_below
from generator.io.similar import Similar
from generator.io.yaml_document import YamlDocument, share_document
from generator.progress import Progress, no_progress

__all__ = [
    "KINDS",
    "TITLES",
    "ObjectInFile",
    "Reading",
    "Source",
    "read_sources",
    "recognise",
]

_HEADER = re.compile(r"^(USER-SUPPLIED|COMPUTED) VALUES:[ \t]*$", re.MULTILINE)
# `helm get values` prints this for a release without values; `render` writes it too.
_NO_VALUES = re.compile(r"\A(#.*\n)*(null|\{\})\s*\Z")


@dataclass(eq=False)
class Source:
    """One config or values document: its place, its kind, and its content.

    `inside` is the key of the ConfigMap that holds it ("" for a file of its own), `holder` the path of
    the data in the document, `offset` the number of lines of the file before its first line. Values in
    another object have its name as `name`; `written` maps keys to their names in that object. Values that
    `generator render` wrote for one chart have it as `chart`.
    """

    file: str
    kind: str
    document: YamlDocument
    number: int = 0
    inside: str = ""
    offset: int = 0
    name: str = ""
    holder: paths.Path = ()
    written: Mapping[str, str] = field(default_factory=dict)
    chart: str = ""

    @property
    def value(self) -> dict[str, Any]:
        """Return the document, a map."""
        value: dict[str, Any] = self.document.value
        return value

    @property
    def title(self) -> str:
        """Return a description of the document for the report."""
        api = str(self.value.get("apiVersion", "")).rpartition("/")[2]
        version = f" ({api})" if self.kind == "edgecore" and api else ""
        holder = f"ConfigMap {self.name}" if self.inside else self.name
        where = f", in {holder}" if holder else ""
        return f"{TITLES[self.kind]}{version}{where}"

    def line(self, path: paths.Path) -> int:
        """Return the line of a key in the outer file."""
        return self.offset + self.document.line(path)

    def key_in_file(self, key: str) -> str:
        """Return a key as it is in the file."""
        new = max((new for new in self.written if f"{key}.".startswith(f"{new}.")), key=len, default=None)
        return self.written[new] + key.removeprefix(new) if new else key


@dataclass(eq=False)
class ObjectInFile:
    """A Kubernetes object of a stream or of a List in it, and its place."""

    file: str
    document: YamlDocument
    at: paths.Path = ()

    @property
    def value(self) -> dict[str, Any]:
        """Return the object, a map."""
        value: dict[str, Any] = paths.at(self.document.value, self.at)
        return value

    def line(self, path: paths.Path) -> int:
        """Return the line of a key of the object."""
        return self.document.line((*self.at, *path))


@dataclass
class Reading:
    """The result of reading files.

    `sources` are configs and values, `commands` are calls of keadm that set fields, `objects` are all
    Kubernetes objects, and `holders` are the objects that contain values. `others` counts, by file, the
    objects without configs and values. `unknown` are documents of unknown kinds. `unread` are keys that
    cannot be read. `foreign` are keys of other programs beside values. `ended` are configs of programs that
    no longer exist. `unreadable` are problems of files that cannot be read.
    """

    sources: list[Source] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    objects: list[ObjectInFile] = field(default_factory=list)
    holders: list[ObjectInFile] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    unknown: list[Problem] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)
    foreign: list[Problem] = field(default_factory=list)
    ended: list[Problem] = field(default_factory=list)
    unreadable: list[Problem] = field(default_factory=list)
    # The first edgecore.yaml. Most others have the same values and lines, which are kept in memory once.
    first: YamlDocument | None = field(default=None, repr=False)
    # Each edgecore.yaml that another one can be similar to, so that the other one is not parsed.
    similar: Similar = field(default_factory=Similar, repr=False)


def read_sources(
    files: list[str],
    kind: str | None = None,
    texts: Mapping[str, str] | None = None,
    progress: Progress = no_progress,
) -> Reading:
    """Read files, and those in folders, each once, and recognise their kinds, unless `kind` is given.

    `texts` has texts to use instead of the content of files. Files that cannot be read are in
    `unreadable` of the result.
    """
    reading = Reading()
    found, reading.unreadable = files_below(files)
    once = {name if name == "-" else os.path.realpath(name): name for name in reversed(found)}
    for number, name in enumerate(reversed(once.values()), 1):
        progress("reading files", number, len(once))
        try:
            text = (texts or {}).get(name)
            _read_file(name, read_text(name) if text is None else text, kind, reading)
        except InvalidInput as error:
            reading.unreadable += error.problems
    return reading


def _read_file(name: str, text: str, kind: str | None, reading: Reading) -> None:
    text = _without_title(text)
    commands = list(commands_in(text, name)) if kind is None else []
    lines = text.split("\n")
    similar = reading.similar.read(lines)
    try:
        documents = [similar] if similar else list(yaml_reader.read_all(text, name, tolerant=True))
    except UnreadableFile:
        if not commands and text.startswith("#!"):
            reading.unknown.append(_script(name))
            return
        if not commands:
            raise
        documents = []
    unknown = []
    for number, document in enumerate(documents):
        problem = _read_document(Text(name, lines, document), number, kind, reading)
        unknown += [problem] if problem else []
    if not similar:
        _remember(text, lines, documents, reading)
    reading.commands += commands
    # A text with calls of keadm is a script, and YAML only by chance.
    reading.unknown += [] if commands else unknown
    empty = all(document.value in (None, {}) for document in documents)
    if empty and not commands and not _NO_VALUES.search(text):
        raise UnreadableFile(name, say("empty-file"))


def _without_title(text: str) -> str:
    """Make a comment of the title line that `helm get values` prints before the values."""
    return _HEADER.sub("#", text, count=1) if "VALUES:" in text else text


def _read_document(text: Text, number: int, kind: str | None, reading: Reading) -> Problem | None:
    """Add the content of one document; return a problem for an unknown document."""
    value = text.document.value
    objects = list(_objects(text.file, text.document))
    reading.objects += objects
    if value in (None, {}):
        return None
    ended = len(reading.ended)
    found = list(_sources(text, number, kind, reading))
    whole = [ObjectInFile(text.file, text.document)] if isinstance(value, dict) and not found else []
    for item in objects or whole:
        found += _held(text, number, item, reading)
        _note_ended(item.value, text.where(item.at), "", reading)
    reading.sources += found
    if len(found) == 1 and _is_edgecore(text.document, reading):
        reading.first = reading.first or text.document
        share_document(text.document, reading.first)
    if found or ended < len(reading.ended):
        return None
    if objects and all(is_job(item.value) for item in objects):
        return None
    if objects:
        reading.others[text.file] = reading.others.get(text.file, 0) + 1
        return None
    return _unknown(text)


def _remember(text: str, lines: list[str], documents: list[YamlDocument], reading: Reading) -> None:
    """Let later files be similar to a file with nothing but one edgecore.yaml."""
    if len(documents) == 1 and _is_edgecore(documents[0], reading):
        reading.similar.add(text, lines, documents[0])


def _is_edgecore(document: YamlDocument, reading: Reading) -> bool:
    """Return whether the last source is this document, an edgecore.yaml."""
    last = reading.sources[-1] if reading.sources else None
    return last is not None and last.kind == "edgecore" and last.document is document


def _script(name: str) -> Problem:
    return Problem(f"{name}:1", "", say("unknown-document", "script"))


def _unknown(text: Text) -> Problem:
    value = text.document.value
    keys = list(map(str, value))[:3] if isinstance(value, dict) else None
    return Problem(text.where(()), "", say("unknown-document", "" if keys else "single", keys=keys))


def _held(text: Text, number: int, item: ObjectInFile, reading: Reading) -> Iterator[Source]:
    """Yield the values inside an object."""
    inside = held(text, item.at)
    reading.unread += inside.unread
    reading.foreign += inside.foreign
    reading.holders += [item] if inside.values else []
    for kind, document, title, written in inside.values:
        yield Source(text.file, kind, document, number, name=title, holder=item.at, written=written)


def _note_ended(value: Any, where: str, inside: str, reading: Reading) -> None:
    """Note the config of EdgeMesh's server."""
    if not isinstance(value, dict) or value.get("kind") != "EdgeMeshServer":
        return
    reading.ended.append(Problem(where, inside, say("edgemesh-server-ended", "config")))


def _sources(text: Text, number: int, kind: str | None, reading: Reading) -> Iterator[Source]:
    value = text.document.value
    if not isinstance(value, dict):
        return
    if value.get("kind") != "ConfigMap" and not isinstance(value.get("items"), list):
        found = kind or recognise(value)
        if found:
            chart = rendered_for(text.lines[0]) if found == "site" else ""
            yield Source(text.file, found, text.document, number, chart=chart)
        return
    for at in objects_in(text.document):
        if isinstance(paths.at(value, (*at, "data")), dict):
            yield from _embedded(text, number, (*at, "data"), reading)


def _objects(name: str, document: YamlDocument) -> Iterator[ObjectInFile]:
    if is_object(document.value):
        yield from (ObjectInFile(name, document, at) for at in objects_in(document))


def _embedded(text: Text, number: int, at: paths.Path, reading: Reading) -> Iterator[Source]:
    data = paths.at(text.document.value, at)
    title = str(paths.first(paths.at(text.document.value, at[:-1]), "metadata.name") or "?")
    for key, content in data.items():
        # The script of the rollout has the defaults of edgecore under another name.
        if not isinstance(content, str) or ":" not in content or not str(key).endswith(ENDINGS):
            continue
        inner = parsed(text, (*at, key))
        kind = recognise(inner.value) if isinstance(inner.value, dict) else None
        line = text.document.line((*at, key))
        if kind in COMPONENTS:
            inner.lines = {path: number - line for path, number in inner.lines.items()}
            inner.begin -= line
            yield Source(text.file, str(kind), inner, number, str(key), line, title, at)
        else:
            _note_ended(inner.value, f"{text.file}:{line}", str(key), reading)
