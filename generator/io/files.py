"""Reads the files that a user names; writing is generator.io.write's."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import Any, BinaryIO
from weakref import WeakKeyDictionary

from generator.errors import UnreadableFile

# Far more than any file of values, configs or manifests; a device never ends.
LARGEST = 64 * 1024 * 1024
_KINDS = {
    stat.S_IFDIR: "a folder, not a file",
    stat.S_IFCHR: "a device, not a file",
    stat.S_IFBLK: "a device, not a file",
    stat.S_IFSOCK: "a socket, not a file",
    stat.S_IFIFO: "a named pipe, not a file",
}
# What came in on a standard input, which can be read only once and may be asked for by several sides.
_came_in: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()


def read_text(name: str) -> str:
    """Read a text file; raise UnreadableFile for what is missing, a folder, or not UTF-8."""
    if not name:
        raise UnreadableFile("-f", "names no file")
    data = _standard_input() if name == "-" else read_bytes(name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(name, "not UTF-8", line, "save it as UTF-8", code="not-utf8") from None


def read_bytes(name: str | Path, *, largest: int = LARGEST, pipes: bool = True) -> bytes:
    """Return what is in a regular file or a pipe, at most `largest` bytes; raise UnreadableFile.

    Without `pipes`, a named pipe is refused: nobody may ever write to it. `<(command)` is none.
    """
    source = str(name)
    try:
        # Looked at before it is opened, for opening may already wait, for a writer for example.
        _check_kind(Path(name), pipes)
        with Path(name).open("rb") as file:
            return _bounded(file, source, largest)
    except FileNotFoundError:
        raise UnreadableFile(source, "does not exist") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFile(source, f"cannot be read: {reason}") from None


def kind_of(mode: int) -> str:
    """Name what is no regular file, from its mode; "" for a regular file."""
    return _KINDS.get(stat.S_IFMT(mode), "")


def is_there(path: Path) -> bool:
    """Say whether there is something at a path; raise UnreadableFile where that cannot be seen."""
    return _mode(path) is not None


def is_folder(path: Path) -> bool:
    """Say whether a folder is at a path; raise UnreadableFile where that cannot be seen."""
    return stat.S_ISDIR(_mode(path) or 0)


def names_in(folder: Path) -> list[str]:
    """Return the names in a folder, sorted, none if there is no folder; raise UnreadableFile."""
    try:
        return sorted(path.name for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise UnreadableFile(str(folder), f"cannot be read: {error.strerror}") from None


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableFile(str(path), f"cannot be read: {error.strerror}") from None


def _check_kind(path: Path, pipes: bool) -> None:
    found = path.stat()
    piped = stat.S_ISFIFO(found.st_mode) and (pipes or not stat.S_ISFIFO(path.lstat().st_mode))
    empty = stat.S_ISCHR(found.st_mode) and found.st_rdev == Path(os.devnull).stat().st_rdev
    kind = kind_of(found.st_mode)
    if kind and not piped and not empty:
        raise UnreadableFile(str(path), f"is {kind}")


def _bounded(stream: BinaryIO, source: str, largest: int) -> bytes:
    data = stream.read(largest + 1)
    if len(data) > largest:
        raise UnreadableFile(source, f"is larger than {largest // 1024 // 1024} MiB")
    return data


def _standard_input() -> bytes:
    stream = sys.stdin
    if stream not in _came_in:
        _came_in[stream] = _bounded(stream.buffer, "-", LARGEST)
    return _came_in[stream]
