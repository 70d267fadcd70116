"""Finds calls of `keadm join` and `keadm config-update` in shell scripts and other text."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

_CALL = re.compile(r"\bkeadm\s+(join|config-update)\b")
_ENDS = re.compile(r"[;&|()<>]+")


@dataclass(frozen=True)
class Setting:
    """The text of one --set, or one entry of a ConfigUpdateJob: `key=value`, or several."""

    line: int
    text: str


@dataclass
class Command:
    """One call of keadm, with its options that set fields of edgecore.yaml."""

    file: str
    line: int
    verb: str
    settings: list[Setting] = field(default_factory=list)
    release: str = ""
    # True if a quote is not closed.
    broken: bool = False


def commands_in(text: str, file: str) -> Iterator[Command]:
    """Yield the calls of keadm in a text that have a --set."""
    if "keadm" not in text:
        return
    for number, line in _logical_lines(text):
        call = _CALL.search(line)
        if not call or line.lstrip().startswith("#") or "--set" not in line[call.start() :]:
            continue
        command = Command(file, number, call[1])
        try:
            _read(command, line[call.start() :], text.split("\n"))
        except ValueError:
            command.broken = True
        yield command


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines joined at backslashes, with the number of the first one."""
    begun, parts = 1, [""]
    for number, line in enumerate(text.split("\n"), 1):
        begun = begun if parts[:-1] else number
        parts[-1] = line.rstrip("\r")
        if parts[-1].endswith("\\"):
            parts[-1] = parts[-1][:-1]
            parts.append("")
            continue
        yield begun, " ".join(parts)
        parts = [""]


def _read(command: Command, call: str, lines: list[str]) -> None:
    lexer = shlex.shlex(call, posix=True, punctuation_chars=";&|()<>")
    lexer.whitespace_split, lexer.commenters = True, "#"
    words = iter(lexer)
    for word in words:
        if _ENDS.fullmatch(word):
            return
        name, equals, value = word.partition("=")
        if name in ("--set", "--kubeedge-version"):
            value = value if equals else next(words, "")
        if name == "--set":
            command.settings.append(Setting(_line(command.line, value, lines), value))
        elif name == "--kubeedge-version":
            command.release = value


def _line(first: int, value: str, lines: list[str]) -> int:
    """Return the line of a --set, searched from the first line of its call on."""
    key = value.partition("=")[0]
    return next((n for n in range(first, len(lines) + 1) if key and key in lines[n - 1]), first)
