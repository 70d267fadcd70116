"""What a check can find, and the edits that put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from generator import paths
from generator.catalogue.message import Message
from generator.check.sources import Source
from generator.errors import Paint, Plain, unpainted
from generator.secrets.safe_text import safe

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Edit:
    """A mechanical change of one document: give the key at `path` another place, or quotes.

    `to` is the new place, `value` what stands there; without `to` the value becomes the text `text`.
    """

    path: paths.Path
    to: paths.Path | None = None
    text: str = ""
    value: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Finding:
    """One thing found: what, where, and the edit that is safe to make, if there is one.

    `level` is the severity of the code, unless this place makes it milder. `ends` says that the program does
    not start with it. `groups` are the node groups it holds for, where it holds for several.
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

    @property
    def code(self) -> str:
        """Return the stable code, which `generator explain` describes."""
        return self.message.code

    @property
    def what(self) -> str:
        """Say what is wrong."""
        return safe(self.message.what)

    @property
    def fix(self) -> str:
        """Say what to do, "" where that is open."""
        return safe(self.message.fix)

    def __str__(self) -> str:
        return self.text()

    def text(self, paint: Paint = unpainted) -> str:
        """Return the finding as one line."""
        mark = f"{paint('warning', 'warning:')} " if self.level == "warning" else ""
        fix = f" ({self.fix})" if self.fix else ""
        key = f"{self.key}: " if self.key else ""
        code = paint(self.level, f"[{self.code}]")
        return f"{self.file}:{self.line}: {mark}{key}{self.what}{fix}{of_groups(self.groups)} {code}"

    def as_dict(self) -> Mapping[str, Any]:
        """Return the finding as plain data, as `--format json` prints it."""
        return {
            "ruleId": self.code,
            "level": self.level,
            "file": self.file,
            "line": self.line,
            "key": self.key,
            "message": self.what,
            "wayOut": self.fix,
            "fixable": self.edit is not None,
            "groups": list(self.groups),
        }


def of_groups(groups: tuple[str, ...]) -> str:
    """Name the node groups that a line holds for, "" where it is about one place alone."""
    return f" [node groups {', '.join(groups)}]" if groups else ""


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
    wanted: Level = level or ("error" if message.severity == "error" else "warning")
    return Finding(message, wanted, source.file, source.line(path), paths.text(path), source, edit, ends)


def plain_at(
    source: Source,
    path: paths.Path,
    rule: str,
    what: str,
    fix: str = "",
    level: Level = "error",
    *,
    edit: Edit | None = None,
    ends: bool = False,
) -> Finding:
    """Make a finding of sentences; every call is to become `at(source, path, say(code, ...))`."""
    return at(source, path, Plain(rule, (("fix", fix), ("what", what))), level, edit=edit, ends=ends)


def plain_finding(
    rule: str,
    level: Level,
    file: str,
    line: int,
    key: str,
    what: str,
    fix: str = "",
    *rest: Any,
    **named: Any,
) -> Finding:
    """Make a finding of sentences; every call is to become `Finding(say(code, ...), ...)`."""
    return Finding(Plain(rule, (("fix", fix), ("what", what))), level, file, line, key, *rest, **named)
