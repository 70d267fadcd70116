"""Applies Helm's flags --set, --set-string, --set-json and --set-file to values.

No Python package has a parser like Helm's that changes existing values, such as `list[1]=x` on a list from a
file. This parser follows helm.sh/helm/v4/pkg/strvals, and a property test compares both. It rejects flags
that Helm silently drops: an empty key, or `a[0]` without a value.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from generator.catalogue.message import Message, say
from generator.errors import UnreadableFile
from generator.paths import Path
from generator.secrets.names import is_secret

_MAX_INDEX = 65536
# Helm limits the number of dots in a key. We limit the nested levels, also inside JSON.
_MAX_DOTS = 30
_MAX_DEPTH = 100
# The number of digits of 2**64.
_MAX_DIGITS = 20


class SetFlagError(ValueError):
    """An invalid flag: the key that the parser reached, and what is wrong."""

    def __init__(self, path: Path, message: Message) -> None:
        self.path, self.message = path, message
        super().__init__(path, message)


def apply(values: dict[str, Any], expression: str, kind: str, read_file: Callable[[str], str]) -> list[Path]:
    """Apply the text of a flag to `values` in place; return the paths that it set.

    `kind` is set, set-string, set-json or set-file; `read_file` returns the text of a path given
    to --set-file. Raises SetFlagError.
    """
    if not _is_text(expression):
        # In the C locale, Python does not decode the bytes of the command line; this includes file names.
        expression, open_file = _decoded(expression), read_file
        read_file = lambda name: open_file(os.fsdecode(name.encode()))  # noqa: E731
    if kind == "set-json" and expression.lstrip().startswith("{"):
        assigned: list[Path] = []
        value, end = _json(expression, len(expression) - len(expression.lstrip()), ())
        if expression[end:].strip():
            raise SetFlagError((), say("set-json", "rest"))
        _merge(values, value, (), assigned)
        return assigned
    parser = _Parser(expression, kind, read_file)
    parser.parse(values)
    return parser.assigned


def _decoded(text: str) -> str:
    try:
        return os.fsencode(text).decode()
    except UnicodeError:
        raise SetFlagError((), say("not-utf8", "flag")) from None


def _is_text(text: str) -> bool:
    # Surrogates come from invalid UTF-8 on the command line, and from incomplete pairs in JSON.
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _merge(values: dict[str, Any], other: dict[str, Any], at: Path, assigned: list[Path]) -> None:
    for name, value in other.items():
        if isinstance(value, dict) and isinstance(values.get(name), dict):
            _merge(values[name], value, (*at, name), assigned)
        else:
            values[name] = value
            assigned.append((*at, name))


def typed(text: str) -> Any:
    """Return the value that --set reads in a text without quotes."""
    lower = text.lower()
    if lower in ("true", "false"):
        return lower == "true"
    if lower == "null":
        return None
    if text == "0":
        return 0
    if re.fullmatch(r"[-+]?[0-9]+", text) and not text.startswith("0"):
        # More digits do not fit into 64 bits, and Python refuses to convert very long numbers.
        digits = text.lstrip("+-0")[: _MAX_DIGITS + 1] or "0"
        number = -int(digits) if text.startswith("-") else int(digits)
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
        """Return the text up to one of `stops`, and that stop ("" at the end); a backslash escapes a stop."""
        taken: list[str] = []
        while self.at < len(self.text):
            letter = self.text[self.at]
            self.at += 1
            if letter in stops:
                return "".join(taken), letter
            if letter == "\\":
                letter = self.text[self.at : self.at + 1]
                self.at += 1
            taken.append(letter)
        return "".join(taken), ""

    def _key(self, values: dict[str, Any], above: Path) -> None:
        name, stop = self._until("=[,.")
        path = (*above, name)
        self._check_key(path, stop)
        current = values.get(name)
        if stop == "=":
            self.assigned.append(path)
            values[name] = self._value(path)
        elif stop == ".":
            if name in values and not isinstance(current, dict):
                raise SetFlagError(path, say("set-not-a-map"))
            inner = current if isinstance(current, dict) else {}
            self._key(inner, path)
            values[name] = inner
        else:
            if name in values and not isinstance(current, list):
                raise SetFlagError(path, say("set-not-a-list"))
            values[name] = self._item(list(current or ()), path)

    def _check_key(self, path: Path, stop: str) -> None:
        """Raise SetFlagError for a key that is empty, without a value, or nested too deeply."""
        above = path[:-1]
        if not path[-1]:
            raise SetFlagError(above, say("set-empty-key"))
        if stop in ("", ",") and self.assigned and not above:
            # The text after the comma is probably the rest of a value, and may be a secret: do not show it.
            raise SetFlagError(self.assigned[-1], say("set-comma"))
        if stop in ("", ","):
            raise SetFlagError(path, say("set-no-value"))
        if sum(isinstance(part, str) for part in path) > _MAX_DOTS + 1 or len(path) > _MAX_DEPTH:
            raise SetFlagError(path[:1], say("too-deep"))

    def _item(self, items: list[Any], above: Path) -> list[Any]:
        """Set one item of a list, with the cursor after its `[`; return the list."""
        index = self._index(above)
        path = (*above, index)
        extra, stop = self._until("[.=")
        if extra or stop == "":
            raise SetFlagError(path, say("set-index", "rest") if extra else say("set-no-value"))
        if len(path) > _MAX_DEPTH:
            raise SetFlagError(path[:1], say("too-deep"))
        current = items[index] if index < len(items) else None
        if stop == "=":
            self.assigned.append(path)
            value = self._value(path)
        elif stop == "[":
            if current is not None and not isinstance(current, list):
                raise SetFlagError(path, say("set-not-a-list"))
            value = self._item(list(current or ()), path)
        else:
            value = current if isinstance(current, dict) else {}
            self._key(value, path)
        items += [None] * (index + 1 - len(items))
        items[index] = value
        return items

    def _index(self, above: Path) -> int:
        digits, stop = self._until("]")
        if not stop:
            raise SetFlagError(above, say("set-index", "open"))
        if not re.fullmatch(r"\+?[0-9]{1,9}", digits):
            raise SetFlagError(above, say("set-index", high=_MAX_INDEX))
        if int(digits) > _MAX_INDEX:
            raise SetFlagError(above, say("set-index", "large", index=digits, high=_MAX_INDEX))
        return int(digits)

    def _value(self, path: Path) -> Any:
        if self.kind == "set-json":
            return self._json(path)
        if self.text[self.at : self.at + 1] == "{":
            self.at += 1
            return self._list(path)
        text, _ = self._until(",")
        return self._typed(text, path)

    def _typed(self, text: str, path: Path) -> Any:
        if self.kind == "set-file":
            if not text:
                raise SetFlagError(path, say("set-file-without-name"))
            return self._file(text, path)
        return text if self.kind == "set-string" else typed(text)

    def _file(self, name: str, path: Path) -> str:
        """Read a file; an error for a secret key does not show the file name, which may be the secret."""
        try:
            return self.read_file(name)
        except UnreadableFile as error:
            secret = any(isinstance(part, str) and is_secret(part, single=True) for part in path)
            found = error.problems[0].message.with_fields(file="the file" if secret else name)
            raise SetFlagError(path, replace(found, variant="set-file") if secret else found) from None

    def _list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while True:
            text, stop = self._until(",}")
            if stop == "":
                raise SetFlagError(path, say("set-open-list"))
            items.append(self._typed(text, path))
            if stop == "}":
                if self.text[self.at : self.at + 1] == ",":
                    self.at += 1
                return items

    def _json(self, path: Path) -> Any:
        value = None
        self._skip_space()
        if self.text[self.at : self.at + 1] not in ("", ","):
            value, self.at = _json(self.text, self.at, path)
            self._skip_space()
        if self.at < len(self.text):
            if self.text[self.at] != ",":
                raise SetFlagError(path, say("set-json", "rest"))
            self.at += 1
        return value

    def _skip_space(self) -> None:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1


# --- JSON ----------------------------------------------------------------------------------


def _json(text: str, at: int, path: Path) -> tuple[Any, int]:
    """Decode one JSON value as Go does; return the value and the position of its end."""
    try:
        value, end = _DECODER.raw_decode(text, at)
        if _depth(value) > _MAX_DEPTH:
            raise RecursionError
    except RecursionError:
        raise SetFlagError(path, say("too-deep")) from None
    except ValueError as error:
        raise SetFlagError(path, say("set-json", reason=str(error))) from None
    if not _is_text(json.dumps(value, ensure_ascii=False)):
        raise SetFlagError(path, say("set-json", reason="half of a surrogate pair"))
    return value, end


def _depth(value: Any) -> int:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, children), default=0)


# Go reads a very long integer as a float.
def _integer(text: str) -> int | float:
    return int(text) if len(text) <= _MAX_DIGITS else _finite(text)


def _finite(text: str) -> int | float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return int(number) if number.is_integer() and abs(number) < 2**63 else number


def _no_constant(text: str) -> Any:
    raise ValueError(f"{text} is not a value")


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_finite, parse_constant=_no_constant)
