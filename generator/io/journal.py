"""Changes a set of files completely or not at all; after an interruption, the next run reads the journal.

While files are written, the journal is in the output folder. The name of the journal is the state of the
change:

    .generator.stage   new files are being written next to the old ones; the next run removes the new files
    .generator.finish  the new files are complete and replace the old ones; the next run continues
    .generator.undo    a new file could not be moved; the next run restores the old files

One rename changes the state, and each step can be repeated. So a kill at any moment loses nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from generator.catalogue.message import say
from generator.errors import InvalidInput, UnreadableFile, UnwritableOutput
from generator.io.files import read_bytes

STAGE, FINISH, UNDO = ".generator.stage", ".generator.finish", ".generator.undo"


@dataclass(frozen=True)
class JournalStep:
    """One file of a change: its `name` below the folder, whether it is written or removed, if it existed."""

    name: str
    write: bool
    there: bool


@dataclass(frozen=True)
class Journal:
    """A change of files below `folder` by `command`; `mark` is part of the names of its temporary files.

    `folders` are the folders that the change creates, outermost first.
    """

    folder: Path
    command: str
    mark: str
    steps: tuple[JournalStep, ...]
    folders: tuple[str, ...]

    @classmethod
    def begin(cls, folder: Path, command: str, steps: tuple[JournalStep, ...]) -> Journal:
        """Write the journal of a change, before any other file changes."""
        written_to = {PurePosixPath(step.name).parent for step in steps if step.write}
        wanted = {one for parent in written_to for one in (parent, *parent.parents)}
        missing = sorted(str(parent) for parent in wanted if not (folder / parent).exists())
        journal = cls(folder, command, secrets.token_hex(4), steps, tuple(missing))
        data = {**asdict(journal), "folder": "."}
        (folder / STAGE).write_text(json.dumps(data, indent=1) + "\n", "utf-8")
        return journal

    def run(self, content: Callable[[str], tuple[bytes, int]]) -> None:
        """Make the change completely or not at all; `content` returns the bytes and mode of a file."""
        try:
            self._stage(content)
            (self.folder / STAGE).replace(self.folder / FINISH)
            self._move()
        except BaseException:
            # If this fails too, the journal stays and the next run tries again.
            with suppress(OSError):
                self._give_up()
            raise
        self._clear(FINISH)

    def resume(self, state: str) -> None:
        """Finish or revert the change of an interrupted run, depending on its state."""
        if state == FINISH:
            self._move()
        elif state == UNDO:
            self._restore()
        self._clear(state)

    def _stage(self, content: Callable[[str], tuple[bytes, int]]) -> None:
        for name in self.folders:
            (self.folder / name).mkdir()
        for number, step in enumerate(self.steps):
            if step.write:
                _write(self._beside(number, "new"), *content(step.name))
            if step.there:
                _keep(self._targets[number], self._beside(number, "old"))

    def _move(self) -> None:
        for number, step in enumerate(self.steps):
            target, new = self._targets[number], self._beside(number, "new")
            if not step.write:
                target.unlink(missing_ok=True)
            elif new.exists():
                new.replace(target)

    def _give_up(self) -> None:
        state = UNDO if (self.folder / FINISH).exists() else STAGE
        if state == UNDO:
            (self.folder / FINISH).replace(self.folder / UNDO)
        self.resume(state)

    def _restore(self) -> None:
        for number, step in enumerate(self.steps):
            target, old = self._targets[number], self._beside(number, "old")
            if step.there and os.path.lexists(old):
                old.replace(target)
            elif not step.there:
                target.unlink(missing_ok=True)

    def _clear(self, state: str) -> None:
        """Remove the temporary files, and the journal last."""
        for number, step in enumerate(self.steps):
            for kind in (("new",) if step.write else ()) + (("old",) if step.there else ()):
                with suppress(NotADirectoryError):
                    self._beside(number, kind).unlink(missing_ok=True)
        removed = [str(PurePosixPath(step.name).parent) for step in self.steps if not step.write]
        for name in removed if state == FINISH else reversed(self.folders):
            _drop_empty(self.folder / name, self.folder)
        (self.folder / state).unlink(missing_ok=True)

    @cached_property
    def _targets(self) -> list[Path]:
        return [self.folder / step.name for step in self.steps]

    def _beside(self, number: int, kind: str) -> Path:
        # In the folder of the file, which can be a link to another disk. Short, because names are limited.
        return self._targets[number].with_name(f".generator-{self.mark}-{number}.{kind}")


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Lock a folder against other runs; raise UnwritableOutput if another run is writing to it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise UnwritableOutput(str(folder), "another run of generator is writing to it") from None
    except OSError:
        pass  # Some network file systems have no locks; the journal works without them.
    try:
        yield
    finally:
        os.close(handle)


def pending(folder: Path) -> tuple[str, Journal | None] | None:
    """Return the state and the journal of an interrupted run in a folder; None if no run was interrupted.

    If the journal is None, the run was interrupted before it wrote any other file. Raises UnreadableFile.
    """
    for state in (FINISH, UNDO, STAGE):
        path = folder / state
        if os.path.lexists(path):
            return state, _read(path, state)
    return None


def _read(path: Path, state: str) -> Journal | None:
    try:
        data = json.loads(read_bytes(path, pipes=False))
        steps = tuple(JournalStep(**step) for step in data.pop("steps"))
        data |= {"folder": path.parent, "steps": steps, "folders": tuple(data["folders"])}
        journal = Journal(**data)
        inside = all(map(_is_below, (*(step.name for step in steps), *journal.folders, f"x{journal.mark}")))
    except (InvalidInput, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        inside = False
    if inside:
        return journal
    if state == STAGE:
        return None
    raise UnreadableFile(str(path), say("bad-journal"))


def _is_below(name: Any) -> bool:
    # Somebody else may have made the folder and its journal. It must not change files outside the folder.
    return ".." not in PurePosixPath(name).parts and not PurePosixPath(name).is_absolute()


def _write(path: Path, data: bytes, mode: int) -> None:
    # It may be a private key: nobody else may read it before it has its final mode.
    path.touch(0o600, exist_ok=False)
    path.write_bytes(data)
    path.chmod(mode)


def _keep(path: Path, copy: Path) -> None:
    """Keep a file under a second name; owner and mode are kept if the file system supports links."""
    try:
        os.link(path, copy, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        shutil.copy2(path, copy, follow_symlinks=False)


def _drop_empty(folder: Path, top: Path) -> None:
    """Remove an empty folder below `top`, and its parents if they become empty."""
    for one in (folder, *folder.parents):
        if one == top or not one.is_dir() or any(one.iterdir()):
            return
        one.rmdir()
