"""Writes a set of files completely or not at all, even if the run is killed, and reports each file."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from generator.errors import UnfinishedWrite, UnreadableFile, UnwritableOutput, WouldOverwrite
from generator.io import journal
from generator.io.files import kind_of, read_bytes

CREATE, IDENTICAL, OVERWRITE, REMOVE = "create", "identical", "overwrite", "remove"
FINISHED, REVERTED = "finished", "reverted"


@dataclass(frozen=True)
class File:
    """The wanted content and mode of a file; `data` instead of `text` for a file that is not text."""

    text: str = ""
    mode: int = 0o644
    data: bytes = b""

    @property
    def content(self) -> bytes:
        """Return the bytes of the file."""
        return self.data or self.text.encode()


@dataclass(frozen=True)
class Written:
    """A file and the action on it: create, identical, overwrite or remove.

    Can also be a folder that an interrupted run of `command` was writing to, with finished or reverted.
    """

    path: Path
    action: str
    command: str = ""

    def __str__(self) -> str:
        if self.action in (FINISHED, REVERTED):
            return f"{self.action:>9}  {self.path}: what `{self.command}` wrote when it was interrupted"
        return f"{self.action:>9}  {self.path}"


def write_files(
    folder: Path,
    files: Mapping[str, File],
    *,
    remove: Iterable[str] = (),
    keep: Collection[str] = (),
    dry_run: bool = False,
    command: str = "generator",
    fix: str = "--force replaces them",
) -> list[Written]:
    """Write `files` (path below `folder` -> file) and remove others; return the actions.

    If a file cannot be written, or the run is interrupted, no file changes. First, the change of a killed
    run is finished or reverted, and reported. Files in `keep` are created, but never changed: if one would
    change, WouldOverwrite shows `fix`. If this run is killed, later runs report `command` as unfinished.
    Raises UnwritableOutput, WouldOverwrite, and UnfinishedWrite with `dry_run`.
    """
    if dry_run:
        need_finished(folder)
        with _reported(folder):
            return [*_plan(folder, files, remove, keep, fix).values()]
    with _reported(folder), _made(folder), journal.claimed(folder):
        recovered = _recover(folder)
        plan = _plan(folder, files, remove, keep, fix)
        steps = [
            journal.JournalStep(name, step.action != REMOVE, step.action != CREATE)
            for name, step in plan.items()
            if step.action != IDENTICAL
        ]
        if steps:
            begun = journal.Journal.begin(folder, command, tuple(steps))
            begun.run(lambda name: (files[name].content, files[name].mode))
        return [*recovered, *plan.values()]


def recover(folder: Path) -> list[Written]:
    """Finish or revert the change of an interrupted run in a folder; raise UnwritableOutput."""
    with _reported(folder):
        if not _exists(folder):
            return []
        with journal.claimed(folder):
            return _recover(folder)


def need_finished(folder: Path) -> None:
    """Raise UnfinishedWrite if an interrupted run changed only a part of the files in a folder."""
    found = journal.pending(folder)
    if found and found[0] != journal.STAGE:
        raise UnfinishedWrite(str(folder), found[1].command if found[1] else "generator")


def _recover(folder: Path) -> list[Written]:
    found = journal.pending(folder)
    if found is None:
        return []
    state, begun = found
    if begun is None:
        (folder / state).unlink()
        return [Written(folder, REVERTED, "generator")]
    begun.resume(state)
    return [Written(folder, FINISHED if state == journal.FINISH else REVERTED, begun.command)]


@contextmanager
def _reported(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnwritableOutput(str(error.filename or folder), reason) from None


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Create a folder and its missing parents; at the end, remove those that are empty."""
    missing = [one for one in (folder, *folder.parents) if not _exists(one)]
    try:
        for one in reversed(missing):
            one.mkdir()
        yield
    finally:
        for one in missing:
            with suppress(OSError):
                if not any(one.iterdir()):
                    one.rmdir()


def _plan(
    folder: Path, files: Mapping[str, File], remove: Iterable[str], keep: Collection[str], fix: str
) -> dict[str, Written]:
    """Return the action for each file, by its path below the folder."""
    found = {name: _look(folder / name, files[name]) for name in sorted(files)}
    lost = [str(folder / name) for name in sorted(keep) if found[name][1]]
    if lost:
        raise WouldOverwrite(lost, fix)
    gone = {name: folder / name for name in remove if name not in files}
    return {
        **{name: Written(folder / name, action) for name, (action, _) in found.items()},
        **{
            name: Written(path, REMOVE)
            for name, path in gone.items()
            if os.path.lexists(path) and not path.is_dir()
        },
    }


def _look(path: Path, file: File) -> tuple[str, bool]:
    """Return the action for a file, and whether the action replaces other content."""
    try:
        if not _exists(path):
            return CREATE, False
        mode = path.stat().st_mode
    except FileNotFoundError:
        return OVERWRITE, True  # a link to a missing file
    except OSError as error:
        raise UnwritableOutput(str(path), error.strerror or str(error)) from None
    if kind_of(mode):
        raise UnwritableOutput(str(path), f"it is {kind_of(mode)}, not a file")
    wanted = file.content
    try:
        same = path.stat().st_size == len(wanted) and read_bytes(path, pipes=False) == wanted
    except UnreadableFile as error:
        raise UnwritableOutput(str(path), error.problems[0].what) from None
    # A private file that other users can read is written again with the right mode.
    open_to_others = mode & 0o077 and not file.mode & 0o077
    return (IDENTICAL if same and not open_to_others else OVERWRITE), not same


def _exists(path: Path) -> bool:
    """Return whether a path exists; a link to a missing file exists too."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True
