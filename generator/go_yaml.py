"""Loads and dumps YAML with the rules of Go programs; `generator.io.yaml_reader` adds positions.

Helm and the KubeEdge programs parse YAML with sigs.k8s.io/yaml. It reads `1e3`, `0o17`, `on` and `0123`
differently from PyYAML. This project reads and writes all YAML with this module, so that each value keeps its
meaning. The module converts between text and Python values, and does not access files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from generator.patterns import pattern

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
PLAIN = "plain"
_MERGE = "tag:yaml.org,2002:merge"
TAGS = (PLAIN, *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq")))

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
_FALSE = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
WORDS = _NULL | _TRUE | _FALSE
_NUMBERS = "+-.0123456789"
_INTEGER = pattern(r"[-+]?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)")
# strconv.ParseInt accepts a sign after the 0b prefix.
_SIGNED_BINARY = pattern(r"0b[-+][01]+")
_FLOAT = pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BETWEEN = pattern(r"(?<=[0-9])_(?=[0-9])")
SPECIAL = {".nan", ".NaN", ".NAN"} | {s + i for s in ("", "+", "-") for i in (".inf", ".Inf", ".INF")}
# The number of digits of 2**64.
_MAX_DIGITS = 20
# The limits for a file: the number of nodes after aliases are expanded, and the number of nested levels.
MAX_NODES = 200_000
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


def resolve(text: str) -> Any:
    """Return the value of a plain (unquoted) scalar by the rules of Go."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] in _NUMBERS and text not in SPECIAL:
        plain = _BETWEEN.sub("", text) if text[0] == "." else text.replace("_", "")
        integer = _integer(plain)
        if integer is not None:
            return integer
        if _FLOAT.fullmatch(plain):
            value = float(plain)
            if value in (float("inf"), float("-inf")):
                return text
            return int(value) if value.is_integer() and abs(value) < 2**63 else value
    return text


def _integer(plain: str) -> int | None:
    """Return a plain scalar as an integer, None if it is not an integer of at most 64 bits."""
    if _SIGNED_BINARY.fullmatch(plain):
        value = int(plain.removeprefix("0b"), base=2)
    elif _INTEGER.fullmatch(plain):
        digits = plain.lstrip("+-").lower()
        # More digits do not fit into 64 bits, and Python refuses to convert very long numbers.
        if len(digits) > _MAX_DIGITS and digits[0] != "0":
            return None
        octal = digits.startswith("0") and digits.isdigit()
        value = int(digits, 8 if octal else 0)
        value = -value if plain.startswith("-") else value
    else:
        return None
    return value if -(2**63) <= value < 2**64 else None


def load(text: str) -> Any:
    """Return the value of a document that a program wrote; raise ValueError if it is not YAML."""
    try:
        return load_plain(text)
    except NotPlain:
        pass
    try:
        return yaml.load(text, _AnyLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


class NotPlain(Exception):
    """A document has a rare part that PyYAML itself must read, or a mistake."""


def load_plain(text: str) -> Any:
    """Return the value of a document four times as fast as load().

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
    if event.implicit[0] and (value in WORDS or value[0] in _NUMBERS):
        return resolve(value)
    return value


class _GoDumper(_SafeDumper):  # type: ignore[misc]
    """Quotes every string that another YAML parser could read as a different type."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _represent_string(dumper: Any, value: str) -> Any:
    style = None
    if "\n" in value and not re.search(r"[ \t]\n|^\s|[^\n\x20-\x7e\x85\xa0-\uffff]", value):
        style = "|"
    elif resolve(value) != value or _OTHER_READERS.fullmatch(value):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


# Plain text that some parser (YAML 1.1, YAML 1.2, Go, PyYAML) reads as a number, a date or a special symbol.
_OTHER_READERS = pattern(
    r"""[-+]?0[xob][0-9a-f_]+                                # 0x1f, 0o17, 0b11
    |[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(e[-+]?[0-9]+)?  # 1, 1.5, 1e3, 1_000
    |[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?           # 1:30
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*                       # 2020-01-01
    |[-+]?\.(inf|nan)|[=~]|<<""",
    re.IGNORECASE | re.VERBOSE,
)
_GoDumper.add_representer(str, _represent_string)


def dump(value: Any) -> str:
    """Write a value as block YAML that every parser reads the same way; keys keep their order."""
    text: str = yaml.dump(value, Dumper=_GoDumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text
