"""Changes a set of files completely or not at all; after an interruption, the next run reads the journal.

While a set is written, the journal lies in the output folder, and its name is the state of the change:

    .generator.stage   the new files are written beside the old ones; the next run removes them
    .generator.finish  they are complete and move into place; the next run goes on
    .generator.undo    one of them could not be moved; the next run puts the old files back

One rename changes the state, and each step may be repeated, so a kill at any moment loses nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from generator.catalogue.message import say
from generator.errors import InvalidInput, UnreadableFile, UnwritableOutput
from generator.io.files import read_bytes

STAGE, FINISH, UNDO = ".generator.stage", ".generator.finish", ".generator.undo"


@dataclass(frozen=True)
class JournalStep:
    """One file of a set: `name` below the folder, whether it is written or removed, whether it existed."""

    name: str
    write: bool
    there: bool


@dataclass(frozen=True)
class Journal:
    """A change of files below `folder`, by `command`; `mark` is in the names of its temporary files.

    `folders` are made for it, outermost first.
    """

    folder: Path
    command: str
    mark: str
    steps: tuple[JournalStep, ...]
    folders: tuple[str, ...]

    @classmethod
    def begin(cls, folder: Path, command: str, steps: tuple[JournalStep, ...]) -> Journal:
        """Write the journal of a change that is about to begin."""
        wanted = {parent for step in steps if step.write for parent in PurePosixPath(step.name).parents}
        missing = sorted(str(parent) for parent in wanted if not (folder / parent).exists())
        journal = cls(folder, command, secrets.token_hex(4), steps, tuple(missing))
        data = {**asdict(journal), "folder": "."}
        (folder / STAGE).write_text(json.dumps(data, indent=1) + "\n", "utf-8")
        return journal

    def run(self, texts: Mapping[str, tuple[bytes, int]]) -> None:
        """Make the change, whole or not at all; `texts` are the content and mode of each file to write."""
        try:
            self._stage(texts)
            (self.folder / STAGE).replace(self.folder / FINISH)
            self._move()
        except BaseException:
            # Where even this fails, the journal stays and the next run tries again.
            with suppress(OSError):
                self._give_up()
            raise
        self._clear(FINISH)

    def resume(self, state: str) -> None:
        """Finish or revert the change of a run that was interrupted in a state."""
        if state == FINISH:
            self._move()
        elif state == UNDO:
            self._restore()
        self._clear(state)

    def _stage(self, texts: Mapping[str, tuple[bytes, int]]) -> None:
        for name in self.folders:
            (self.folder / name).mkdir()
        for number, step in enumerate(self.steps):
            if step.write:
                _write(self._beside(number, "new"), *texts[step.name])
            if step.there:
                _keep(self.folder / step.name, self._beside(number, "old"))

    def _move(self) -> None:
        for number, step in enumerate(self.steps):
            target, new = self.folder / step.name, self._beside(number, "new")
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
            target, old = self.folder / step.name, self._beside(number, "old")
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

    def _beside(self, number: int, kind: str) -> Path:
        # In the file's own folder, which may be a link to another disk; short, for the name may be long.
        parent = (self.folder / self.steps[number].name).parent
        return parent / f".generator-{self.mark}-{number}.{kind}"


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep other runs from writing to a folder meanwhile; raise UnwritableOutput if one does already."""
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
    """Return the state in which a run was interrupted in a folder, and its journal; None if none was.

    Without a journal, the run was interrupted before it wrote any other file. Raises UnreadableFile.
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
    # The folder, and so the journal, may be from somebody else: it must change nothing outside the folder.
    return ".." not in PurePosixPath(name).parts and not PurePosixPath(name).is_absolute()


def _write(path: Path, data: bytes, mode: int) -> None:
    # Nobody else can read it before it has its mode: it may be a private key.
    path.touch(0o600, exist_ok=False)
    path.write_bytes(data)
    path.chmod(mode)


def _keep(path: Path, copy: Path) -> None:
    """Keep what is at a path under a second name: with owner and mode, where the file system has links."""
    try:
        os.link(path, copy, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        shutil.copy2(path, copy, follow_symlinks=False)


def _drop_empty(folder: Path, top: Path) -> None:
    """Remove a folder below `top`, and those above it, as far as they are empty."""
    for one in (folder, *folder.parents):
        if one == top or not one.is_dir() or any(one.iterdir()):
            return
        one.rmdir()
