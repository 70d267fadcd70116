"""What a check finds, and the edits that fix it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from generator import paths
from generator.catalogue.message import Message
from generator.check.sources import Source
from generator.errors import Coded, Paint, unpainted
from generator.secrets.safe_text import safe

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Edit:
    """A change of one document: move the key at `path`, or put its value in quotes.

    `to` is the new place and `value` the new value; without `to` the value becomes the text `text`.
    """

    path: paths.Path
    to: paths.Path | None = None
    text: str = ""
    value: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Finding(Coded):
    """One thing found: what, where, and the edit that fixes it, if there is one.

    `level` is mostly the severity of the code. `ends` is true if the program does not start with it.
    `groups` names the node groups, if the finding concerns several. `line` is 0 for a file as a whole.
    """

    message: Message
    level: Level
    file: str
    line: int
    key: str
    source: Source | None = None
    edit: Edit | None = None
    ends: bool = field(default=False, compare=False)
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", safe(self.key))

    def __str__(self) -> str:
        return self.text()

    def text(self, paint: Paint = unpainted) -> str:
        """Return the finding as one line."""
        mark = f"{paint('warning', 'warning:')} " if self.level == "warning" else ""
        key = f"{self.key}: " if self.key else ""
        code = paint(self.level, f"[{self.code}]")
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {mark}{key}{self.sentence}{of_groups(self.groups)} {code}"

    def as_dict(self) -> Mapping[str, Any]:
        """Return the finding as plain data, as `--format json` prints it."""
        return {
            "ruleId": self.code,
            "level": self.level,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "message": self.what,
            "fix": self.fix,
            "fixable": self.edit is not None,
            "groups": list(self.groups),
        }


def of_groups(groups: tuple[str, ...]) -> str:
    """Return the node groups of a line in brackets, "" if it concerns one place only."""
    return f" [node groups {', '.join(groups)}]" if groups else ""


def finding(message: Message, file: str, line: int, key: str, level: Level | None = None) -> Finding:
    """Make a finding about a place; its level is the severity of the code, unless given."""
    return Finding(message, level or _level(message), file, line, key)


def at(
    source: Source,
    path: paths.Path,
    message: Message,
    level: Level | None = None,
    *,
    edit: Edit | None = None,
    ends: bool = False,
) -> Finding:
    """Make a finding about a key of a source."""
    key, line = paths.text(path), source.line(path)
    return Finding(message, level or _level(message), source.file, line, key, source, edit, ends)


def _level(message: Message) -> Level:
    return "error" if message.severity == "error" else "warning"
