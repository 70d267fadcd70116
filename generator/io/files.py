"""Reads the files that a user names; `generator.io.write` writes files."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any, BinaryIO
from weakref import WeakKeyDictionary

from generator.catalogue.message import say
from generator.errors import UnreadableFile

# Much larger than any file of values, configs or manifests. The limit matters for devices, which never end.
LARGEST = 64 * 1024 * 1024
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
    stat.S_IFIFO: "a named pipe",
}
# The content of standard input by stream: several functions need it, but it can be read only once.
_came_in: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()


def read_text(name: str) -> str:
    """Return the text of a file, or of standard input for `-`; raise UnreadableFile."""
    if not name:
        raise UnreadableFile("-f", say("file-not-named"))
    data = _standard_input() if name == "-" else read_bytes(name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(name, say("not-utf8"), line) from None


def read_bytes(name: str | Path, *, largest: int = LARGEST, pipes: bool = True) -> bytes:
    """Return the content of a regular file or pipe, at most `largest` bytes; raise UnreadableFile.

    Without `pipes`, a named pipe is rejected, because reading waits until something writes to it.
    `<(command)` is not a named pipe.
    """
    source = str(name)
    try:
        # Checked before opening: opening a named pipe waits for a writer.
        _check_kind(Path(name), pipes)
        with Path(name).open("rb") as file:
            return _bounded(file, source, largest)
    except FileNotFoundError:
        raise UnreadableFile(source, say("file-missing")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(source, say("file-unreadable", reason=reason)) from None


def kind_of(mode: int) -> str:
    """Return the kind of a file from its mode, "" for a regular file."""
    return _KINDS.get(stat.S_IFMT(mode), "")


def is_there(path: Path) -> bool:
    """Return whether a path exists; raise UnreadableFile if the system cannot tell."""
    return _mode(path) is not None


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder; raise UnreadableFile if the system cannot tell."""
    return stat.S_ISDIR(_mode(path) or 0)


def names_in(folder: Path) -> list[str]:
    """Return the sorted names in a folder, [] if the folder does not exist; raise UnreadableFile."""
    try:
        return sorted(path.name for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UnreadableFile(str(folder), say("file-unreadable", reason=error.strerror)) from None


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableFile(str(path), say("file-unreadable", reason=error.strerror)) from None


def _check_kind(path: Path, pipes: bool) -> None:
    found = path.stat()
    piped = stat.S_ISFIFO(found.st_mode) and (pipes or not stat.S_ISFIFO(path.lstat().st_mode))
    empty = stat.S_ISCHR(found.st_mode) and found.st_rdev == Path(os.devnull).stat().st_rdev
    kind = kind_of(found.st_mode)
    if kind and not piped and not empty:
        raise UnreadableFile(str(path), say("not-a-file", kind=kind))


def _bounded(stream: BinaryIO, source: str, largest: int) -> bytes:
    data = stream.read(largest + 1)
    if len(data) > largest:
        raise UnreadableFile(source, say("file-too-large", limit=f"{largest // 1024 // 1024} MiB"))
    return data


def _standard_input() -> bytes:
    stream = sys.stdin
    if stream not in _came_in:
        _came_in[stream] = _bounded(stream.buffer, "-", LARGEST)
    return _came_in[stream]
