"""Writes YAML that every parser reads the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from generator.go_yaml.scalars import WORDS
from generator.patterns import pattern

# PyYAML writes a long key in two lines.
_LONGEST = 100
_WORD = pattern(
    r"""[A-Za-z_/][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)*
    |[0-9]+([KMG]i|%)            # 100Mi, 15%
    |([0-9]+(h|m|s|ms))+         # 1m0s
    |([0-9]+\.){3}[0-9]+(:[0-9]+)?  # 127.0.0.1:10550""",
    re.VERBOSE,
)
_DIGITS = pattern("[0-9]*")
_FRACTION = pattern(r"[0-9]+\.[0-9]+")


class _NotSimple(Exception):
    """A value is not made of maps, lists, words and numbers only."""


def dump(value: Any) -> str:
    """Write a value as block YAML that every parser reads the same way; keys keep their order."""
    try:
        return "".join(f"{line}\n" for line in _lines(value, ""))
    except _NotSimple:
        # Imported when used: yaml takes 15 ms.
        text: str = import_module("generator.go_yaml.dumper").dump(value)
        return text


def _lines(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for name, child in value.items():
            if isinstance(child, dict | list):
                yield f"{indent}{_word(name)}:"
                yield from _lines(child, f"{indent}  " if isinstance(child, dict) else indent)
            else:
                yield f"{indent}{_word(name)}: {_word(child)}"
    elif isinstance(value, list) and value:
        yield from (f"{indent}- {_word(item)}" for item in value)
    else:
        raise _NotSimple


def _word(value: Any) -> str:
    """Return a word, number or boolean as YAML."""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int:
        return str(value)
    if type(value) is float and _FRACTION.fullmatch(str(value)):
        return str(value)
    if type(value) is str and len(value) <= _LONGEST:
        if _DIGITS.fullmatch(value):
            return f'"{value}"'
        if value not in WORDS and _WORD.fullmatch(value):
            return value
    raise _NotSimple
