"""What the files are: each YAML document recognised, also a config inside a ConfigMap."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from generator import go_yaml
from generator.errors import InvalidInput, Problem, UnreadableFile
from generator.files import read_text
from generator.model import paths
from generator.model.site import SHARED_KEYS

CONFIGS = ("cloudcore", "edgecore", "edgemesh-agent", "edgemesh-gateway")
VALUES = ("site", "cloudcore-values", "edgemesh-values", "gateway-values")
KINDS = (*CONFIGS, *VALUES)
TITLES = {
    "cloudcore": "cloudcore.yaml",
    "edgecore": "edgecore.yaml",
    "edgemesh-agent": "edgemesh-agent.yaml",
    "edgemesh-gateway": "edgemesh-gateway.yaml",
    "site": "a site file of this project",
    "cloudcore-values": "values of the upstream cloudcore chart",
    "edgemesh-values": "values of the upstream edgemesh chart",
    "gateway-values": "values of the upstream edgemesh-gateway chart",
}
_KIND_OF = {
    "CloudCore": "cloudcore",
    "EdgeCore": "edgecore",
    "EdgeMeshAgent": "edgemesh-agent",
    "EdgeMeshGateway": "edgemesh-gateway",
}
# Sections that only one program has.
_MODULES = {
    "edgecore": ("edged", "edgeHub", "metaManager", "eventBus", "deviceTwin", "serviceBus", "edgeStream"),
    "cloudcore": ("cloudHub", "edgeController", "dynamicController", "cloudStream", "syncController"),
    "edgemesh-gateway": ("edgeGateway",),
    "edgemesh-agent": ("edgeProxy", "edgeDNS", "edgeTunnel", "edgeCNI"),
}
_CLOUD_VALUES = {"cloudCore", "iptablesManager", "controllerManager", "admission", "mosquitto", "appVersion"}
_MESH_VALUES = {"agent", "spiderpool", "global"}
_GATEWAY_VALUES = {"nodeName", "relayNodes", "psk", "metaServerSecret"}
_HEADER = re.compile(r"^(USER-SUPPLIED|COMPUTED) VALUES:[ \t]*$", re.MULTILINE)
# What `helm get values` prints of a release that was given none.
_NO_VALUES = re.compile(r"\A(#\n)?(null|\{\})\s*\Z")


@dataclass(eq=False)
class Source:
    """One config or values document: where it stands, what it is, and what is in it.

    `inside` is the key of the ConfigMap that holds it ("" for a file of its own), `holder` where its
    data stands in the document, `offset` the number of lines of the file before its first.
    """

    file: str
    kind: str
    document: go_yaml.Document
    number: int = 0
    inside: str = ""
    offset: int = 0
    name: str = ""
    holder: paths.Path = ()

    @property
    def value(self) -> dict[str, Any]:
        """Return the document, a map."""
        value: dict[str, Any] = self.document.value
        return value

    @property
    def title(self) -> str:
        """Say what the document is, in words."""
        api = str(self.value.get("apiVersion", "")).rpartition("/")[2]
        version = f" ({api})" if self.kind == "edgecore" and api else ""
        where = f", in ConfigMap {self.name}" if self.inside else ""
        return f"{TITLES[self.kind]}{version}{where}"

    def line(self, path: paths.Path) -> int:
        """Return the line of a key in the outer file."""
        return self.offset + self.document.line(path)


@dataclass(eq=False)
class Object:
    """A Kubernetes object of a stream or of a List in it, and where it stands."""

    file: str
    document: go_yaml.Document
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
    """All sources of some files, and the documents that are none, counted by file."""

    sources: list[Source] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    objects: list[Object] = field(default_factory=list)


def read_sources(files: list[str], kind: str | None = None) -> Reading:
    """Read files, each once, and recognise what they are; `kind` says it instead. Raises InvalidInput."""
    reading = Reading()
    problems: list[Problem] = []
    once = {name if name == "-" else os.path.realpath(name): name for name in reversed(files)}
    for name in reversed(once.values()):
        try:
            _read_file(name, kind, reading)
        except InvalidInput as error:
            problems += error.problems
    if problems:
        raise InvalidInput(problems)
    return reading


def _read_file(name: str, kind: str | None, reading: Reading) -> None:
    # `helm get values` puts a line before the values that is no value.
    text = _HEADER.sub("#", read_text(name), count=1)
    lines = text.split("\n")
    known = len(reading.sources)
    for number, document in enumerate(go_yaml.read_all(text, name, tolerant=True)):
        found = list(_sources(name, document, number, kind, lines))
        reading.sources += found
        reading.objects += _objects(name, document)
        if not found and document.value not in (None, {}):
            reading.others[name] = reading.others.get(name, 0) + 1
    if len(reading.sources) == known and not reading.others.get(name) and not _NO_VALUES.search(text):
        raise UnreadableFile(name, "is empty")


def _sources(
    name: str, document: go_yaml.Document, number: int, kind: str | None, lines: list[str]
) -> Iterator[Source]:
    value = document.value
    if not isinstance(value, dict):
        return
    if value.get("kind") == "ConfigMap" and isinstance(value.get("data"), dict):
        yield from _embedded(name, document, number, ("data",), lines)
    elif value.get("kind") == "ConfigMapList" or (
        value.get("kind") == "List" and isinstance(value.get("items"), list)
    ):
        for at, item in enumerate(value["items"]):
            if isinstance(item, dict) and isinstance(item.get("data"), dict):
                yield from _embedded(name, document, number, ("items", at, "data"), lines)
    else:
        found = kind or recognise(value)
        if found:
            yield Source(name, found, document, number)


def _objects(name: str, document: go_yaml.Document) -> Iterator[Object]:
    value = document.value
    if not isinstance(value, dict) or not isinstance(value.get("kind"), str):
        return
    items = value.get("items")
    if not isinstance(items, list):
        yield Object(name, document)
        return
    for number, item in enumerate(items):
        if isinstance(item, dict):
            yield Object(name, document, ("items", number))


def _embedded(
    name: str, document: go_yaml.Document, number: int, at: paths.Path, lines: list[str]
) -> Iterator[Source]:
    data = paths.at(document.value, at)
    holder = paths.at(document.value, at[:-1])
    title = str(paths.first(holder, "metadata.name") or "?")
    for key, text in data.items():
        if not isinstance(text, str) or ":" not in text:
            continue
        line = document.line((*at, key))
        # Only a literal block keeps the lines of the text apart.
        literal = re.search(r":\s*\|[-+0-9]*\s*(#.*)?$", lines[line - 1]) if line <= len(lines) else None
        try:
            inner = next(go_yaml.read_all(text, f"{name}: {key}", tolerant=True), None)
        except UnreadableFile as error:
            found = error.problems[0]
            inside = re.search(r":(\d+)$", found.where)
            at_line = line + int(inside[1]) if inside and literal else line
            raise UnreadableFile(name, f"{key}: {found.what}", at_line, found.fix) from None
        kind = recognise(inner.value) if inner and isinstance(inner.value, dict) else None
        if inner and kind in CONFIGS:
            if not literal:
                inner.lines, inner.begin = {}, 0
            yield Source(name, kind, inner, number, key, line, title, at)


def recognise(value: dict[str, Any]) -> str | None:
    """Say what a document is, by its kind, or else by the sections that only one program has."""
    named = _KIND_OF.get(str(value.get("kind")))
    if named:
        return named
    if "kind" in value and "metadata" in value:
        return None
    modules = value.get("modules")
    if isinstance(modules, dict) and not {"psk", "relayNodes", "nodeName", "image"} & set(value):
        for component, names in _MODULES.items():
            if any(name in modules for name in names):
                return component
    return _values_kind(value)


def _values_kind(value: dict[str, Any]) -> str | None:
    top = set(value)
    own = {*SHARED_KEYS, "edgeCore", "gateway", "edgeAPIs", "crds", "tests"} - {
        "nameOverride",
        "fullnameOverride",
    }
    if top & own or (top & _CLOUD_VALUES and top & _MESH_VALUES):
        return "site"
    if top & _CLOUD_VALUES:
        return "cloudcore-values"
    if top & (_MESH_VALUES - {"global"}):
        return "edgemesh-values"
    modules = value.get("modules")
    if top & _GATEWAY_VALUES or (isinstance(modules, dict) and "edgeGateway" in modules):
        return "gateway-values"
    if top & {"featureGates", "commonConfig"}:
        return "cloudcore"
    return None
