"""YAML as Go programs read it: one reader with positions, one quick reader, one dumper.

Helm and the KubeEdge programs parse YAML with sigs.k8s.io/yaml, which takes `1e3`, `0o17`, `on` or
`0123` for something else than PyYAML does. Everything this project reads or writes goes through
here, so that a value means the same before and after. Text in, Python values out; no file access.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.characters import ends_key_with_full_width_colon, hint
from generator.errors import UnreadableFile

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_PLAIN = "plain"
_MERGE = "tag:yaml.org,2002:merge"
_TAGS = (_PLAIN, *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "map", "seq")))

_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}
_FALSE = {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}
_INTEGER = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)")
# strconv.ParseInt takes what follows Go's own 0b prefix, sign included.
_SIGNED_BINARY = re.compile(r"0b[-+][01]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_BETWEEN = re.compile(r"(?<=[0-9])_(?=[0-9])")
_SPECIAL = {".nan", ".NaN", ".NAN"} | {s + i for s in ("", "+", "-") for i in (".inf", ".Inf", ".INF")}
# The digits of 2**64.
_MAX_DIGITS = 20
# A file may not unfold through aliases to more nodes than this, nor be nested deeper.
MAX_NODES = 200_000
MAX_DEPTH = 100

Path = tuple[str | int, ...]


@dataclass
class Document:
    """One YAML document: its value, and the line of every key and list item."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)
    begin: int = 1
    # Filled by a tolerant reading only: keys given again, and the text of unquoted values that are
    # no strings.
    twice: list[tuple[Path, int]] = field(default_factory=list)
    texts: dict[Path, str] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Return the line of `path`, or that of the nearest key above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, self.begin)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Marks plain scalars, so that Go's rules and not PyYAML's decide what they are."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        if kind is yaml.ScalarNode and implicit[0]:
            return _PLAIN
        return super().resolve(kind, value, implicit)

    # Called around every node that is composed: libyaml's own recursion ends the process.
    def descend_resolver(self, parent: Any, index: Any) -> None:
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > MAX_DEPTH:
            raise RecursionError
        super().descend_resolver(parent, index)

    def ascend_resolver(self) -> None:
        self.depth -= 1
        super().ascend_resolver()


_Loader.add_constructor(_PLAIN, lambda loader, node: resolve(node.value))


class _QuickLoader(_Loader):
    """Makes values without positions; a merge key is PyYAML's own there."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        merges = kind is yaml.ScalarNode and implicit[0] and value == "<<"
        return _MERGE if merges else super().resolve(kind, value, implicit)


_QuickLoader.add_constructor(_MERGE, lambda loader, node: node.value)


def resolve(text: str) -> Any:
    """Return what Go's YAML makes of a plain (unquoted) scalar."""
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if text[0] in "+-.0123456789" and text not in _SPECIAL:
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
    """Return an integer that fits into 64 bits, else None."""
    if _SIGNED_BINARY.fullmatch(plain):
        value = int(plain.removeprefix("0b"), base=2)
    elif _INTEGER.fullmatch(plain):
        digits = plain.lstrip("+-").lower()
        # Longer ones do not fit, and Python refuses to convert the longest.
        if len(digits) > _MAX_DIGITS and digits[0] != "0":
            return None
        octal = digits.startswith("0") and digits.isdigit()
        value = int(digits, 8 if octal else 0)
        value = -value if plain.startswith("-") else value
    else:
        return None
    return value if -(2**63) <= value < 2**64 else None


def read(text: str, source: str) -> Document:
    """Read a file of exactly one document; raise UnreadableFile with the line of a syntax error."""
    documents = list(read_all(text, source))
    while len(documents) > 1 and documents[-1].value is None:
        documents.pop()
    if len(documents) > 1:
        raise UnreadableFile(source, "holds several documents", fix="one values file is one document")
    return documents[0] if documents else Document(None)


def read_all(text: str, source: str, *, tolerant: bool = False) -> Iterator[Document]:
    """Read every document of a text with the positions of its keys.

    `tolerant` lets a key be given twice, as the programs do: the last one wins, the Document tells.
    """
    try:
        for node in yaml.compose_all(text, _Loader):
            reader = _Reader(source, tolerant, MAX_NODES + len(text))
            reader.document.value = reader.value(node, ())
            reader.document.begin = node.start_mark.line + 1 if tolerant else 1
            yield reader.document
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, source, text) from None
    except yaml.YAMLError as error:
        raise UnreadableFile(source, f"not YAML: {str(error).splitlines()[0]}") from None
    except RecursionError:
        raise UnreadableFile(source, "nested too deeply") from None


def _syntax_error(error: yaml.MarkedYAMLError, source: str, text: str) -> UnreadableFile:
    begin, mark = error.context_mark, error.problem_mark or error.context_mark
    known = _known_mistake(text.split("\n"), mark.line, mark.column) if mark else None
    if known:
        at, what, fix, code = known
        return UnreadableFile(source, f"not YAML: {what}", at, fix, code=code)
    # An open bracket is only missed at the end of the file: say where it stands.
    fix = ""
    if begin and mark and begin.line != mark.line:
        fix = f"{error.context} that begins on line {begin.line + 1}"
    line = mark.line + 1 if mark else None
    return UnreadableFile(source, f"not YAML: {error.problem or error.context}", line, fix)


def _known_mistake(lines: list[str], at: int, column: int) -> tuple[int, str, str, str] | None:
    """Return the line of a mistake that many make, what it is, the fix and its code; None for any other."""
    # A key without its colon is only missed on the next line that holds something.
    above = next((n for n in range(min(at, len(lines)) - 1, -1, -1) if lines[n].strip()), at)
    for number in (at, above):
        if number < len(lines) and ends_key_with_full_width_colon(lines[number]):
            return number + 1, "no colon follows the key", hint("："), "full-width-colon"
    character = lines[at][column : column + 1] if at < len(lines) else ""
    if character == "\t" and not lines[at][:column].strip():
        return at + 1, "a tab cannot indent a line", "indent with spaces", "tab-indentation"
    if character in ("@", "`"):
        what = f"text cannot begin with {character}"
        return at + 1, what, "put it in quotes", "reserved-character"
    return None


class _Reader:
    """Turns composed nodes into values, noting lines, refusing duplicates and alias bombs."""

    def __init__(self, source: str, tolerant: bool, limit: int) -> None:
        self.source, self.tolerant, self.limit = source, tolerant, limit
        self.document = Document(None)
        self.nodes = 0
        self.open: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.nodes += 1
        if self.nodes > self.limit:
            raise UnreadableFile(self.source, f"unfolds to more than {MAX_NODES} values through aliases")
        self._check_tag(node)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if id(node) in self.open:
            raise self._error(node, "an alias contains itself")
        if len(self.open) > MAX_DEPTH:
            raise RecursionError
        self.open.add(id(node))
        value = (
            self._mapping(node, path) if isinstance(node, yaml.MappingNode) else self._sequence(node, path)
        )
        self.open.discard(id(node))
        return value

    def _error(self, node: yaml.Node, what: str, fix: str = "") -> UnreadableFile:
        return UnreadableFile(self.source, what, node.start_mark.line + 1, fix)

    def _check_tag(self, node: yaml.Node) -> None:
        if node.tag not in _TAGS:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._error(node, f"the tag {tag} is not understood", "write the plain value")

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag == _PLAIN and node.value in _SPECIAL:
            raise self._error(node, f"no value can be {node.value}", "put it in quotes if it is text")
        value = resolve(node.value) if node.tag == _PLAIN else node.value
        if self.tolerant and not isinstance(value, str):
            self.document.texts[path] = node.value
        return value

    def _key(self, node: yaml.Node) -> str:
        """Return a key's name; Go would turn `on` into `true` and 0x1f into `31` without a word."""
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, "a key must be text, not a list or a map")
        name = str(node.value)
        value = resolve(name) if node.tag == _PLAIN else name
        if value is None or isinstance(value, bool) or str(value) != name:
            raise self._error(node, f"the key {name or '(empty)'} is not text for YAML", "put it in quotes")
        return name

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            name = self._key(key_node)
            if name == "<<" and key_node.tag == _PLAIN:
                merged.update(self._merge(value_node, path))
                continue
            below = (*path, name)
            line = key_node.start_mark.line + 1
            if name in found:
                if not self.tolerant:
                    raise self._error(key_node, f"{'.'.join(map(str, below))} is given twice")
                self.document.twice.append((below, line))
            self.document.lines[below] = line
            found[name] = self.value(value_node, below)
        return {**merged, **found}

    def _merge(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Any] = {}
        for part in reversed(parts):
            if not isinstance(part, yaml.MappingNode):
                raise self._error(part, "<< takes a map or a list of maps")
            merged.update(self.value(part, path))
        return merged

    def _sequence(self, node: yaml.Node, path: Path) -> list[Any]:
        items = []
        for at, item in enumerate(node.value):
            below = (*path, at)
            self.document.lines[below] = item.start_mark.line + 1
            items.append(self.value(item, below))
        return items


def load(text: str) -> Any:
    """Return the value of one document that a program wrote; raise ValueError if it is not YAML."""
    try:
        return yaml.load(text, _QuickLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


class _GoDumper(_SafeDumper):  # type: ignore[misc]
    """Quotes every string that a YAML reader of another kind could take for something else."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _represent_string(dumper: Any, value: str) -> Any:
    style = None
    if "\n" in value and not re.search(r"[ \t]\n|^\s|[^\n\x20-\x7e\x85\xa0-\uffff]", value):
        style = "|"
    elif resolve(value) != value or _OTHER_READERS.fullmatch(value):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


# Plain text that some reader (YAML 1.1, YAML 1.2, Go, PyYAML) takes for a number, date or mark.
_OTHER_READERS = re.compile(
    r"""[-+]?0[xob][0-9a-f_]+                                # 0x1f, 0o17, 0b11
    |[-+]?([0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(e[-+]?[0-9]+)?  # 1, 1.5, 1e3, 1_000
    |[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?           # 1:30
    |[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*                       # 2020-01-01
    |[-+]?\.(inf|nan)|[=~]|<<""",
    re.IGNORECASE | re.VERBOSE,
)
_GoDumper.add_representer(str, _represent_string)


def dump(value: Any) -> str:
    """Write a value as block YAML, keys in their order, safe for every reader."""
    text: str = yaml.dump(value, Dumper=_GoDumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text
