"""The exceptions of this package, and the form of a problem: `where: key: what (fix) [code]`.

`generator.cli` prints them and ends the process with their exit code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from generator.catalogue.message import Message
from generator.language import translated
from generator.secrets.safe_text import safe

# Marks a part of a text by its role, such as `warning`; the command line turns roles into colours.
Paint = Callable[[str, str], str]


def unpainted(_: str, text: str) -> str:
    """Return a text without colours."""
    return text


class Coded:
    """A value with a message; the message shows no secret."""

    message: Message

    @property
    def code(self) -> str:
        """Return the stable code, which `generator explain` describes."""
        return self.message.code

    @property
    def what(self) -> str:
        """Return the sentence that says what is wrong."""
        return safe(self.message.what)

    @property
    def fix(self) -> str:
        """Return the sentence that says what to do, "" if there is none."""
        return safe(self.message.fix)

    @property
    def sentence(self) -> str:
        """Return what is wrong, and the fix in brackets if there is one."""
        if not self.fix:
            return self.what
        return translated("words", "{what} ({fix})").format(what=self.what, fix=self.fix)


@dataclass(frozen=True)
class Problem(Coded):
    """A problem of the input, or a warning about it; shows no secret.

    `where` is `file:line`, a flag such as `--set`, or the name of the layer that set the key. `key` is the
    dotted path as the user typed it, "" if the problem is not about a key.
    """

    where: str
    key: str
    message: Message

    def __post_init__(self) -> None:
        for name in ("where", "key"):
            object.__setattr__(self, name, safe(getattr(self, name)))

    def __str__(self) -> str:
        return self.text()

    def text(self, paint: Paint = unpainted) -> str:
        """Return the problem as one line."""
        head = "".join(f"{part}: " for part in (self.where, self.key) if part)
        # The code has the colour of the severity; text from the input cannot contain colours.
        code = f" {paint(self.message.severity, f'[{self.code}]')}"
        return one_line(f"{head}{self.sentence}") + code


def count(number: int, noun: str) -> str:
    """Write a number of things: `1 problem`, `2 problems`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def one_line(text: str) -> str:
    """Write line breaks and control characters, which a key or value may hold, as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class GeneratorError(Exception):
    """Base of all errors of this package that a user can cause; the exit code is 1."""

    exit_code = 1


class InvalidInput(GeneratorError):
    """Every problem of the input, in the order of the files, and the warnings about it.

    `end` is the last line after the number of problems. The command line sets it: it knows what the command
    would have written.
    """

    end = "found"

    def __init__(self, problems: Iterable[Problem], warnings: Iterable[Problem] = ()) -> None:
        self.problems: Sequence[Problem] = tuple(dict.fromkeys(problems))
        self.warnings: Sequence[Problem] = tuple(dict.fromkeys(warnings))
        super().__init__(self.problems)

    def __str__(self) -> str:
        warnings = (f"warning: {warning}" for warning in self.warnings)
        return "\n".join([*warnings, *map(str, self.problems), self.conclusion])

    @property
    def conclusion(self) -> str:
        """Return the last line: `2 problems found.`, or `2 problems; nothing was written.`."""
        number = len(self.problems)
        problems = translated("words", "1 problem" if number == 1 else "{number} problems")
        end = translated("words", "{problems} found." if self.end == "found" else "{problems}; {end}.")
        return end.format(problems=problems.format(number=number), end=translated("words", self.end))


class NothingChecked(InvalidInput):
    """No file has anything to check; each problem says why. Exit code 2."""

    exit_code = 2
    conclusion = "nothing was checked."


class UnreadableFile(InvalidInput):
    """A file is missing, not a file, not UTF-8, or not YAML."""

    def __init__(self, path: str, message: Message, line: int | None = None, *, key: str = "") -> None:
        self.path, self.line = path, line
        super().__init__([Problem(f"{path}:{line}" if line else path, key, message)])


class CannotCompare(InvalidInput):
    """`generator diff` found nothing to compare, which is not the same as no difference. Exit code 2."""

    exit_code = 2
    conclusion = "nothing was compared."


class UnwritableOutput(GeneratorError):
    """A file or folder cannot be written; nothing was left half-written. Exit code 3."""

    exit_code = 3

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(path, reason)

    def __str__(self) -> str:
        return f"{self.path}: cannot be written: {self.reason}"


class NotFixable(InvalidInput):
    """Files cannot be rewritten by `generator check --fix`; nothing was written."""

    # Not 1: exit code 1 means findings, and the report lists those.
    exit_code = 3


class UnfinishedWrite(GeneratorError):
    """A run was interrupted while it wrote the files of a folder, so they cannot be used. Exit code 2."""

    exit_code = 2

    def __init__(self, folder: str, command: str) -> None:
        self.folder, self.command = folder, command
        super().__init__(folder, command)

    def __str__(self) -> str:
        return one_line(
            f"{self.folder}: `{self.command}` was interrupted while it wrote these files "
            "(run it again; it first finishes or reverts them)"
        )


class WouldOverwrite(GeneratorError):
    """Other keys or CAs exist already; nothing was written."""

    def __init__(self, paths: Iterable[str], fix: str) -> None:
        self.paths, self.fix = tuple(paths), fix
        super().__init__(self.paths, fix)

    def __str__(self) -> str:
        lines = [f"{path}: exists already with other content" for path in self.paths]
        return "\n".join([*lines, f"nothing was written ({self.fix})."])


class UnknownOldRelease(GeneratorError):
    """No file or option names the release that runs before an upgrade. Exit code 2."""

    exit_code = 2

    def __str__(self) -> str:
        return (
            "cannot check the upgrade: no file names the KubeEdge release that runs now"
            " (set it with --kubeedge-version)"
        )


class NodesFirst(GeneratorError):
    """edgecore must restart on the edge nodes before the next releases change; they were not changed."""

    def __init__(self, nodes: Iterable[str]) -> None:
        self.nodes = tuple(nodes)
        super().__init__(self.nodes)

    def __str__(self) -> str:
        return (
            f"change the edge nodes first: {', '.join(self.nodes)}; nothing was changed "
            "(restart edgecore there with its new edgecore.yaml, then run again with --nodes-done)"
        )


class ToolError(GeneratorError):
    """Base of failures of other programs: Helm, git, kubectl or the cluster. Exit code 3.

    With `away`, the API server did not answer, and the same command may succeed later. `stderr` is the error
    output of the program.
    """

    exit_code = 3

    def __init__(self, what: str, fix: str = "", *, away: bool = False, stderr: str = "") -> None:
        self.what, self.fix, self.away, self.stderr = what, fix, away, stderr
        super().__init__(what, fix)

    def __str__(self) -> str:
        return f"{self.what} ({self.fix})" if self.fix else self.what


class ClusterError(ToolError):
    """kubectl is missing or failed, or the cluster did not do what was requested."""


class HelmError(ToolError):
    """Helm is missing, too old, or failed."""


class Interrupted(ToolError):
    """The user stopped a change of the cluster; the text says what was changed."""


class GitError(ToolError):
    """git is missing, or the repository does not have the commit."""


class Drift(GeneratorError):
    """Generated files differ from what would be written."""

    def __init__(self, paths: Iterable[str], command: str) -> None:
        self.paths, self.command = tuple(paths), command
        super().__init__(self.paths, command)

    def __str__(self) -> str:
        lines = [f"{path}: differs from what would be written" for path in self.paths]
        return "\n".join([*lines, f"run `{self.command}` and commit the result."])
