"""What a check can find, and the edits that put it right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from generator import paths
from generator.check.sources import Source
from generator.secrets.messages import safe

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
    """One thing found: where, what, the fix, and the edit that is safe to make, if there is one.

    `ends` says that the program does not start with it. `groups` are the node groups it holds for, where
    it holds for several.
    """

    rule: str
    level: Level
    file: str
    line: int
    key: str
    what: str
    fix: str = ""
    source: Source | None = None
    edit: Edit | None = None
    ends: bool = field(default=False, compare=False)
    groups: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("key", "what", "fix"):
            object.__setattr__(self, name, safe(getattr(self, name)))

    def __str__(self) -> str:
        mark = "warning: " if self.level == "warning" else ""
        tail = f" ({self.fix})" if self.fix else ""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {mark}{key}{self.what}{tail}{of_groups(self.groups)}"

    def as_dict(self) -> Mapping[str, Any]:
        """Return the finding as plain data, as `--format json` prints it."""
        return {
            "rule": self.rule,
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
    rule: str,
    what: str,
    fix: str = "",
    level: Level = "error",
    *,
    edit: Edit | None = None,
    ends: bool = False,
) -> Finding:
    """Make a finding about a key of a source."""
    key = paths.text(path)
    return Finding(rule, level, source.file, source.line(path), key, what, fix, source, edit, ends)
