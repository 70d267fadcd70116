"""Writes files: atomically, all or nothing, saying of each what was done."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.errors import UnwritableOutput, WouldOverwrite


@dataclass(frozen=True)
class File:
    """What a file is to hold, and its mode."""

    text: str
    mode: int = 0o644


@dataclass(frozen=True)
class Written:
    """One file and what was done to it: create, identical, overwrite or remove."""

    path: Path
    action: str

    def __str__(self) -> str:
        return f"{self.action:>9}  {self.path}"


def write_files(
    folder: Path, files: Mapping[str, File], *, dry_run: bool = False, keep: Collection[str] = ()
) -> list[Written]:
    """Write `files` (path below `folder` -> file); say what was, or would be, done.

    All files or none: each is first written beside its place, then all are renamed; when one cannot
    be, or the run is interrupted, the others get back what they held. Those named in `keep` are made
    or left alone, never changed. Raises UnwritableOutput, WouldOverwrite.
    """
    names = sorted(files)
    plan = [Written(folder / name, _action(folder / name, files[name])) for name in names]
    lost = [str(folder / name) for name in sorted(keep) if _holds_other(folder / name, files[name])]
    if lost:
        raise WouldOverwrite(lost, "--force replaces them")
    if dry_run:
        return plan
    staged: list[tuple[Path, Path]] = []
    kept: list[tuple[Path | None, Path]] = []
    copies: list[Path | None] = []
    made: list[Path] = []
    try:
        for step, name in zip(plan, names, strict=True):
            if step.action != "identical":
                _make_folder(step.path.parent, made)
                staged.append((_stage(step.path, files[name]), step.path))
        for temporary, path in staged:
            copy = _keep(path)
            copies.append(copy)
            temporary.replace(path)
            kept.append((copy, path))
    except OSError as error:
        _undo(staged, kept, copies, made)
        raise UnwritableOutput(str(error.filename or folder), error.strerror or str(error)) from None
    except BaseException:
        _undo(staged, kept, copies, made)
        raise
    for spare in filter(None, copies):
        spare.unlink()
    return plan


def remove_files(folder: Path, names: Iterable[str], *, dry_run: bool = False) -> list[Written]:
    """Remove files below `folder`, and the folders that are empty then; raise UnwritableOutput."""
    there = [folder / name for name in names if (folder / name).is_file()]
    try:
        for path in [] if dry_run else there:
            path.unlink()
            for parent in path.parents:
                if parent == folder or any(parent.iterdir()):
                    break
                parent.rmdir()
    except OSError as error:
        raise UnwritableOutput(str(error.filename or folder), error.strerror or str(error)) from None
    return [Written(path, "remove") for path in there]


def _holds_other(path: Path, file: File) -> bool:
    return path.exists() and path.read_bytes() != file.text.encode()


def _undo(
    staged: list[tuple[Path, Path]],
    kept: list[tuple[Path | None, Path]],
    copies: list[Path | None],
    made: list[Path],
) -> None:
    for copy, path in kept:
        with suppress(OSError):
            copy.replace(path) if copy else path.unlink()
    for spare in (*filter(None, copies), *(temporary for temporary, _ in staged)):
        spare.unlink(missing_ok=True)
    for folder in reversed(made):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _action(path: Path, file: File) -> str:
    try:
        same = path.read_bytes() == file.text.encode()
        # A private file that others can read by now is written anew.
        open_to_others = path.stat().st_mode & 0o077 and not file.mode & 0o077
        return "identical" if same and not open_to_others else "overwrite"
    except FileNotFoundError:
        return "create"
    except OSError as error:
        raise UnwritableOutput(str(path), error.strerror or str(error)) from None


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, adding the new ones to `made`, outermost first."""
    for parent in reversed((folder, *folder.parents)):
        if not parent.exists():
            parent.mkdir()
            made.append(parent)


def _beside(path: Path) -> Path:
    """Make an empty private file in the folder of `path`."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    return Path(name)


def _stage(path: Path, file: File) -> Path:
    temporary = _beside(path)
    try:
        temporary.write_bytes(file.text.encode())
        temporary.chmod(file.mode)
    except OSError:
        temporary.unlink()
        raise
    return temporary


def _keep(path: Path) -> Path | None:
    """Copy what is at a path beside it; None where there is nothing."""
    return Path(shutil.copy2(path, _beside(path))) if path.exists() else None
