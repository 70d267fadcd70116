"""Reads YAML in the form in which programs write it, line by line.

That takes a third of the time of libyaml's events, and needs no import of yaml. Each line is a key, a list
item or both, with its value on the same line, below it or as a literal block. NotPlain is raised for
everything else, mistakes too: then libyaml reads the text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from generator.go_yaml.scalars import WORDS, resolve
from generator.patterns import pattern

_KEY = r"[A-Za-z_][A-Za-z0-9_./-]{0,127}"
_QUOTED = r""" "[^"\\\t]*" | '[^'\t]*' """
# In brackets.
_ITEM = rf"(?: {_QUOTED} | (?:[A-Za-z0-9_./]|-(?=[A-Za-z0-9-]))(?:[A-Za-z0-9_./\ -]*[A-Za-z0-9_./-])?)"
# Plain text ends at " #", and cannot have ": ". "|\0" and a number stand for a block.
_LINE = pattern(
    rf"""(?P<indent>\ *)
    (?:\#[^\0]*
    |(?P<dash>-\ (?=\S))?
    (?:(?P<key>{_KEY}):(?:\ (?=\S)|$))?
    (?P<value>(?<=[:-]\ )(?:
        (?:[^\s!"\#%&'*,:>?@\[\]`{{|}}-]|-(?=\S))[^\0\t:\#]*(?:(?::(?=\S)|(?<!\ )\#)[^\0\t:\#]*)*(?<!\ )
        |{_QUOTED}
        |\[(?:{_ITEM}(?:,\ ?{_ITEM})*)?\]
        |\{{(?:{_KEY}:\ {_ITEM}(?:,\ {_KEY}:\ {_ITEM})*)?\}}
        |\|\0[0-9]+
    ))?)""",
    re.VERBOSE,
)
_ITEMS = pattern(_ITEM, re.VERBOSE)
_ENTRIES = pattern(rf"({_KEY}):\ ({_ITEM})", re.VERBOSE)
# The lines of a block have the indentation of its first line, or are empty.
_BLOCK = pattern(
    r"(?P<mark>[:-] \|)(?P<strip>-?)\n(?P<indent> +)(?=\S)(?P<text>.*(?:\n(?P=indent).*|\n(?=\n))*)"
)
# Control characters, and characters that end a line for libyaml, but not here.
_UNUSUAL = pattern("[\x01-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_NOT_TEXT = WORDS - {""}
# Deeper documents are for libyaml, which knows the limit.
_MAX_DEPTH = 50
# Most lines of manifests occur again.
_MOST_KEPT = 8192

# The column, the dash of a list item, the key, the value and its form: "" as it is, ":" below the line,
# "{" a map, "[" a list, "|" the number of a block.
_Line = tuple[int, str, str, Any, str]


class NotPlain(Exception):
    """A document has a rare part that a slower reader must read, or a mistake."""


def load(text: str) -> dict[str, Any]:
    """Return the map that a document holds; raise NotPlain."""
    if "\0" in text:
        raise NotPlain
    lines, blocks = _without_blocks(text) if " |" in text else (text.split("\n"), [])
    nest = _Nest()
    here, column, opened = nest.here, 0, ""
    for line in map(_line, lines):
        if line is None:
            continue
        at, dash, key, value, form = line
        if opened or dash or at != column:
            here, column = nest.move(at, dash, key, opened)
            opened = ""
        if form == ":":
            opened = key
            continue
        if form:
            value = _made(form, value, blocks, max(at, column))
        if key:
            here[key] = value
        else:
            here.append(value)
    return nest.end(opened)


def _without_blocks(text: str) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the lines of a text with numbers for the blocks, and the indentation and text of each block."""
    blocks: list[tuple[int, str]] = []

    def keep(match: re.Match[str]) -> str:
        if match.end() == len(text) or _UNUSUAL.search(match["text"]):
            raise NotPlain
        indent, end = match["indent"], "" if match["strip"] else "\n"
        blocks.append((len(indent), match["text"].replace(f"\n{indent}", "\n").rstrip("\n") + end))
        return f"{match['mark']}\0{len(blocks) - 1}"

    return _BLOCK.sub(keep, text).split("\n"), blocks


@lru_cache(maxsize=_MOST_KEPT)
def _line(text: str) -> _Line | None:
    """Read a line; return None for an empty line or a comment; raise NotPlain."""
    match = _LINE.fullmatch(text)
    if match is None or _UNUSUAL.search(text):
        raise NotPlain
    indent, dash, key, value = match.groups(default="")
    if key in _NOT_TEXT:
        raise NotPlain
    if not (dash or key):
        return None
    return len(indent), dash, key, *_value(value)


def _value(text: str) -> tuple[Any, str]:
    """Return a value and its form."""
    if not text:
        return None, ":"
    if text[0] == "[":
        return [_single(item) for item in _ITEMS.findall(text)], "["
    if text[0] == "{":
        entries = _ENTRIES.findall(text)
        if any(key in _NOT_TEXT for key, _ in entries):
            raise NotPlain
        return {key: _single(item) for key, item in entries}, "{"
    if text[0] == "|":
        return int(text[2:]), "|"
    return _single(text), ""


def _single(text: str) -> Any:
    """Return the value of quoted or plain text."""
    if text[0] in "\"'":
        return text[1:-1]
    return resolve(text)


def _made(form: str, value: Any, blocks: list[tuple[int, str]], column: int) -> Any:
    """Return the value of a line that is not there as it is."""
    if form != "|":
        return value.copy()
    indent, text = blocks[value]
    if indent <= column:
        raise NotPlain
    return text


def _opened(at: int, dash: str, column: int) -> Any:
    """Return the list, map or null that is the value of a key at a column, by the place of the next line."""
    if dash:
        return [] if at >= column else None
    return {} if at > column else None


class _Nest:
    """The map or list that a line belongs to, its column, and those around it."""

    def __init__(self) -> None:
        self._top: dict[str, Any] = {}
        self.here: Any = self._top
        self._column = 0
        self._around: list[tuple[int, Any]] = []

    def move(self, at: int, dash: str, key: str, opened: str) -> tuple[Any, int]:
        """Return the map or list of a line that begins at a column, and where its keys or items begin.

        `opened` is the key of the line before if its value is below it.
        """
        here, column = self.here, self._column
        if opened:
            found = here[opened] = _opened(at, dash, column)
            if found is not None:
                self._around.append((column, here))
                here, column = found, at
        while at < column or (at == column and not dash and type(here) is list):
            column, here = self._around.pop()
        if at != column or (dash and type(here) is dict) or len(self._around) > _MAX_DEPTH:
            raise NotPlain
        if dash and key:
            self._around.append((column, here))
            here.append({})
            here, column = here[-1], at + 2
        self.here, self._column = here, column
        return here, column if key else -1

    def end(self, opened: str) -> dict[str, Any]:
        """Return the whole map; raise NotPlain if it is empty."""
        if opened:
            self.here[opened] = None
        if not self._top:
            raise NotPlain
        return self._top
