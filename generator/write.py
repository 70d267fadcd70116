"""Writes files: atomically, all or nothing, saying of each what was done."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
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

    Nothing is written unless every file can be: all are first written beside their places, then
    renamed. Raises UnwritableOutput.
    """
    names = sorted(files)
    plan = [Written(folder / name, _action(folder / name, files[name].text)) for name in names]
    if dry_run:
        return plan
    staged: list[tuple[Path, Path]] = []
    made: list[Path] = []
    try:
        for step, name in zip(plan, names, strict=True):
            if step.action != "identical":
                made += _make_folder(step.path.parent)
                staged.append((_stage(step.path, files[name]), step.path))
        for temporary, path in staged:
            temporary.replace(path)
    except OSError as error:
        _undo(staged, made)
        raise UnwritableOutput(str(error.filename or folder), error.strerror or str(error)) from None
    return plan


def _undo(staged: list[tuple[Path, Path]], made: list[Path]) -> None:
    for temporary, _ in staged:
        temporary.unlink(missing_ok=True)
    for folder in reversed(made):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _action(path: Path, text: str) -> str:
    try:
        return "identical" if path.read_bytes() == text.encode() else "overwrite"
    except FileNotFoundError:
        return "create"
    except OSError as error:
        raise UnwritableOutput(str(path), error.strerror or str(error)) from None


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones, outermost first."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return list(reversed(missing))


def _stage(path: Path, file: File) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(file.text)
    staged = Path(name)
    staged.chmod(file.mode)
    return staged
