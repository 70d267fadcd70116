"""Writes files: atomically, all or nothing, saying of each what was done."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.errors import UnwritableOutput


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


def write_files(folder: Path, files: Mapping[str, File], *, dry_run: bool = False) -> list[Written]:
    """Write `files` (path below `folder` -> file); say what was, or would be, done.

    All files or none: each is first written beside its place, then all are renamed; when one cannot
    be, the others get back what they held. Raises UnwritableOutput.
    """
    names = sorted(files)
    plan = [Written(folder / name, _action(folder / name, files[name])) for name in names]
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
    for spare in filter(None, copies):
        spare.unlink()
    return plan


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
