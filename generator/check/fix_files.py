"""Writes a fixed file: first the backup, then the new file in one step."""

from __future__ import annotations

import codecs
import glob
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from generator.check.fixes import Fixed
from generator.errors import UnwritableOutput
from generator.io.folders import files_below


def write_fix(step: Fixed) -> None:
    """Write a fixed file and its backup; both keep owner, mode and BOM. Raises UnwritableOutput."""
    backup = Path(step.backup)
    # A link stays a link: its target is written.
    path = Path(os.path.realpath(step.file))
    staged: list[Path] = []
    try:
        before = path.read_bytes()
        bom = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
        for content in (before, bom + step.text.encode()):
            _stage(path, content, staged)
        staged[0].replace(backup)
        staged[0] = backup
        staged[1].replace(path)
    except OSError as error:
        _remove(staged)
        raise UnwritableOutput(str(error.filename or path), error.strerror or str(error)) from None
    except BaseException:
        _remove(staged)
        raise


def recover_fixes(files: Iterable[str]) -> list[str]:
    """Remove temporary files of an interrupted run and return their names; the files themselves are whole."""
    removed = []
    # The check reports folders that cannot be read.
    for path in sorted({Path(os.path.realpath(file)) for file in files_below(files)[0]}):
        for left in sorted(path.parent.glob(f"{glob.escape(_prefix(path))}*")):
            left.unlink(missing_ok=True)
            removed.append(str(left))
    return removed


def _prefix(path: Path) -> str:
    return f".{path.name[:200]}.fix-"


def _stage(path: Path, content: bytes, staged: list[Path]) -> None:
    """Write a file beside a path, with the owner and mode of that path, and add it to `staged`."""
    handle, name = tempfile.mkstemp(prefix=_prefix(path), dir=path.parent)
    staged.append(Path(name))
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    was = path.stat()
    if (was.st_uid, was.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(name, was.st_uid, was.st_gid)
    # After the owner: a change of the owner drops the set-user-ID bit.
    Path(name).chmod(was.st_mode & 0o7777)


def _remove(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
