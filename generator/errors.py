"""Every way this package can fail, as exceptions that carry facts and say them in one sentence.

Owns the exception classes and the form of a problem (`where: key: what (way out)`).
Leaves printing and exit codes to `generator.cli`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from generator.catalogue.message import Message
from generator.secrets.safe_text import safe


@dataclass(frozen=True)
class Problem:
    """One thing wrong (or, as a warning, dangerous) in the input; its sentences hold no secret.

    `where` is `file:line`, a flag such as `--set`, or the name of the layer that set the key.
    `key` is the dotted path as the user typed it, or "" where no key is meant.
    """

    where: str
    key: str
    message: Message

    def __post_init__(self) -> None:
        for name in ("where", "key"):
            object.__setattr__(self, name, safe(getattr(self, name)))

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
        head = ": ".join(part for part in (self.where, self.key) if part)
        tail = (f" ({self.fix})" if self.fix else "") + (f" [{self.code}]" if self.code else "")
        return one_line(f"{head}: {self.what}{tail}" if head else f"{self.what}{tail}")


class Plain(Message):
    """A message that is not in the catalogue yet."""

    what = property(lambda self: self.get("what", ""))
    fix = property(lambda self: self.get("fix", ""))
    severity = property(lambda self: "error")


def plain(where: str, key: str, what: str, fix: str = "", *, code: str = "") -> Problem:
    """Make a problem of sentences; every call is to become `Problem(where, key, say(code, ...))`."""
    return Problem(where, key, Plain(code, (("fix", fix), ("what", what))))


def count(number: int, noun: str) -> str:
    """Write a number of things: `1 problem`, `2 problems`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def one_line(text: str) -> str:
    """Write line breaks and control characters, which a key or value may hold, as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class GeneratorError(Exception):
    """Base of all errors of this package that a user can cause."""

    exit_code = 1


class InvalidInput(GeneratorError):
    """Holds every problem found in the input, in the order of the files, and the warnings beside them."""

    def __init__(self, problems: Iterable[Problem], warnings: Iterable[Problem] = ()) -> None:
        self.problems: Sequence[Problem] = tuple(dict.fromkeys(problems))
        self.warnings: Sequence[Problem] = tuple(dict.fromkeys(warnings))
        super().__init__(self.problems)

    def __str__(self) -> str:
        number = count(len(self.problems), "problem")
        warnings = (f"warning: {warning}" for warning in self.warnings)
        return "\n".join([*warnings, *map(str, self.problems), f"{number}; nothing was written."])


class NothingChecked(InvalidInput):
    """No file holds anything that can be checked; says of each why."""

    exit_code = 2

    def __str__(self) -> str:
        return "\n".join([*map(str, self.problems), "nothing was checked."])


class UnreadableFile(InvalidInput):
    """A file is missing, a folder, not UTF-8, or not YAML."""

    def __init__(
        self, path: str, message: Message | str, line: int | None = None, fix: str = "", *, code: str = ""
    ) -> None:
        self.path, self.line = path, line
        where = f"{path}:{line}" if line else path
        if isinstance(message, str):  # transitional, as plain() is
            message = Plain(code, (("fix", fix), ("what", message)))
        super().__init__([Problem(where, "", message)])


class CannotCompare(InvalidInput):
    """There is nothing that `generator diff` could compare; it is never the same as no difference."""

    exit_code = 2

    def __str__(self) -> str:
        return "\n".join([*map(str, self.problems), "nothing was compared."])


class UnwritableOutput(GeneratorError):
    """A file or folder cannot be written; nothing of it was left behind."""

    # Not 1: nothing was found.
    exit_code = 3

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(path, reason)

    def __str__(self) -> str:
        return f"{self.path}: cannot be written: {self.reason}"


class UnfinishedWrite(GeneratorError):
    """Files in a folder are partly those of a run that was interrupted, so they cannot be judged."""

    exit_code = 2

    def __init__(self, folder: str, command: str) -> None:
        self.folder, self.command = folder, command
        super().__init__(folder, command)

    def __str__(self) -> str:
        return one_line(
            f"{self.folder}: `{self.command}` was interrupted while it wrote these files "
            "(run it again: it finishes or reverts them first)"
        )


class WouldOverwrite(GeneratorError):
    """Keys or authorities are there already, and others; nothing was written."""

    def __init__(self, paths: Iterable[str], fix: str) -> None:
        self.paths, self.fix = tuple(paths), fix
        super().__init__(self.paths, fix)

    def __str__(self) -> str:
        lines = [f"{path}: is there already, and is never overwritten unasked" for path in self.paths]
        return "\n".join([*lines, f"nothing was written ({self.fix})."])


class UnknownOldRelease(GeneratorError):
    """An upgrade starts from a release that neither a file nor an option names."""

    exit_code = 2

    def __str__(self) -> str:
        return (
            "no file names the KubeEdge release that it is for, so what an upgrade changes is unknown"
            " (add --kubeedge-version with the release that runs now)"
        )


class NodesFirst(GeneratorError):
    """The rest is right only after edgecore was restarted on the edge nodes; nothing was changed."""

    def __init__(self, nodes: Iterable[str]) -> None:
        self.nodes = tuple(nodes)
        super().__init__(self.nodes)

    def __str__(self) -> str:
        return (
            f"the edge nodes come first: {', '.join(self.nodes)}; nothing was changed "
            "(restart edgecore there with its new edgecore.yaml, then use --nodes-done)"
        )


class ToolError(GeneratorError):
    """Base of failures outside of this package: Helm, git, kubectl or the cluster.

    `away` says that the API server did not answer: the same command may succeed later.
    """

    exit_code = 3

    def __init__(self, what: str, fix: str = "", *, away: bool = False) -> None:
        self.what, self.fix, self.away = what, fix, away
        super().__init__(what, fix)

    def __str__(self) -> str:
        return f"{self.what} ({self.fix})" if self.fix else self.what


class ClusterError(ToolError):
    """kubectl is missing or failed, or the cluster did not do what was asked of it."""


class HelmError(ToolError):
    """Helm itself failed: not installed, too old, or it refused a chart that passed our checks."""


class Interrupted(ToolError):
    """The user broke off what was going on in the cluster; says how it was left."""


class GitError(ToolError):
    """git is missing, or the repository does not have what was asked for."""


class Drift(GeneratorError):
    """What is on disk differs from what would be written."""

    def __init__(self, paths: Iterable[str], command: str) -> None:
        self.paths, self.command = tuple(paths), command
        super().__init__(self.paths, command)

    def __str__(self) -> str:
        lines = [f"{path}: differs from what would be written" for path in self.paths]
        return "\n".join([*lines, f"run `{self.command}` and commit the result."])
