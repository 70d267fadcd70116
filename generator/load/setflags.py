"""The grammar of Helm's --set, --set-string, --set-json and --set-file, applied onto values.

Helm's own parser is not to be had from Python in the form that writes into existing values
(`list[1]=x` onto a list from a file), so this follows helm.sh/helm/v4/pkg/strvals; a property test
holds it to the real parser.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from generator.model.paths import Path

_MAX_INDEX = 65536
_MAX_DEPTH = 30


class SetFlagError(ValueError):
    """A flag that Helm would not take either; says why in one sentence."""


def apply(values: dict[str, Any], expression: str, kind: str, read_file: Callable[[str], str]) -> list[Path]:
    """Apply one flag's text onto `values`, in place; return the paths that it assigned.

    `kind` is set, set-string, set-json or set-file; `read_file` returns the text of a path given
    to --set-file. Raises SetFlagError.
    """
    if kind == "set-json" and expression.lstrip().startswith("{"):
        assigned: list[Path] = []
        _merge(values, _json_map(expression), (), assigned)
        return assigned
    parser = _Parser(expression, kind, read_file)
    parser.parse(values)
    return parser.assigned


def _json_map(expression: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads(expression)
    except ValueError as error:
        raise SetFlagError(f"not JSON: {error}") from None
    return loaded


def _merge(values: dict[str, Any], other: dict[str, Any], at: Path, assigned: list[Path]) -> None:
    for name, value in other.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            _merge(values[name], value, (*at, name), assigned)
        else:
            values[name] = value
            assigned.append((*at, name))


def typed(text: str) -> Any:
    """Return what --set makes of a bare value."""
    lower = text.lower()
    if lower in ("true", "false"):
        return lower == "true"
    if lower == "null":
        return None
    if text == "0":
        return 0
    if re.fullmatch(r"[-+]?[0-9]+", text) and not text.startswith("0"):
        number = int(text)
        if -(2**63) <= number < 2**63:
            return number
    return text


class _Parser:
    """A cursor over the text of one flag."""

    def __init__(self, text: str, kind: str, read_file: Callable[[str], str]) -> None:
        self.text, self.at = text, 0
        self.kind, self.read_file = kind, read_file
        self.assigned: list[Path] = []

    def parse(self, values: dict[str, Any]) -> None:
        while self.at < len(self.text):
            self._key(values, ())

    def _until(self, stops: str) -> tuple[str, str]:
        """Read up to one of `stops` (taken off, returned second; "" at the end); a backslash escapes."""
        taken = []
        while self.at < len(self.text):
            letter = self.text[self.at]
            self.at += 1
            if letter == "\\" and self.at < len(self.text):
                taken.append(self.text[self.at])
                self.at += 1
            elif letter in stops:
                return "".join(taken), letter
            else:
                taken.append(letter)
        return "".join(taken), ""

    def _key(self, values: dict[str, Any], above: Path) -> None:
        name, stop = self._until("=[,.")
        if stop == "":
            if name:
                raise SetFlagError(f"key {name} has no value")
        elif stop == ",":
            raise SetFlagError(f"key {name} has no value (cannot end with ,)")
        elif not name:
            raise SetFlagError("a key is empty")
        elif stop == "=":
            self.assigned.append((*above, name))
            values[name] = self._value()
        elif stop == ".":
            if len(above) >= _MAX_DEPTH:
                raise SetFlagError(f"nested deeper than {_MAX_DEPTH} keys")
            inner = values.get(name)
            inner = inner if isinstance(inner, dict) else {}
            before = len(inner)
            self._key(inner, (*above, name))
            if not inner and not before:
                raise SetFlagError(f"key map {name} has no value")
            values[name] = inner
        else:
            current = values.get(name)
            items = list(current) if isinstance(current, list) else []
            values[name] = self._item(items, self._index(), (*above, name))

    def _index(self) -> int:
        digits, stop = self._until("]")
        if stop != "]" or not digits.isdigit():
            raise SetFlagError(f"bad index [{digits}")
        if int(digits) > _MAX_INDEX:
            raise SetFlagError(f"index {digits} is larger than {_MAX_INDEX}")
        return int(digits)

    def _item(self, items: list[Any], index: int, above: Path) -> list[Any]:
        extra, stop = self._until("[.=")
        if extra or stop == "":
            raise SetFlagError(f"unexpected text after [{index}]")
        current = items[index] if index < len(items) else None
        if stop == "=":
            self.assigned.append((*above, index))
            value = self._value()
        elif stop == "[":
            inner = list(current) if isinstance(current, list) else []
            value = self._item(inner, self._index(), (*above, index))
        else:
            value = current if isinstance(current, dict) else {}
            self._key(value, (*above, index))
        items += [None] * (index + 1 - len(items))
        items[index] = value
        return items

    def _value(self) -> Any:
        if self.kind == "set-json":
            return self._json()
        if self.kind != "set-file" and self.text[self.at : self.at + 1] == "{":
            self.at += 1
            return self._list()
        text, _ = self._until(",")
        if self.kind == "set-file":
            return self.read_file(text)
        return text if self.kind == "set-string" else typed(text)

    def _list(self) -> list[Any]:
        items: list[Any] = []
        while True:
            text, stop = self._until(",}")
            if stop == "":
                raise SetFlagError("list must terminate with '}'")
            if text or stop == "," or items:
                items.append(text if self.kind == "set-string" else typed(text))
            if stop == "}":
                if self.text[self.at : self.at + 1] == ",":
                    self.at += 1
                return items

    def _json(self) -> Any:
        try:
            value, end = json.JSONDecoder().raw_decode(self.text, self._skip_space())
        except ValueError as error:
            raise SetFlagError(f"not JSON: {error}") from None
        self.at = end
        self.at = self._skip_space()
        if self.at < len(self.text):
            if self.text[self.at] != ",":
                raise SetFlagError("unexpected text after the JSON value")
            self.at += 1
        return value

    def _skip_space(self) -> int:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at
