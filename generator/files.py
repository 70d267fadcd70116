"""Reads the text files that a user names; writing is generator.write's."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from generator.errors import UnreadableFile

# What came in on a standard input, which can be read only once and may be asked for by several sides.
_came_in: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()


def read_text(name: str) -> str:
    """Read a text file; raise UnreadableFile for what is missing, a folder, or not UTF-8."""
    if not name:
        raise UnreadableFile("-f", "names no file")
    try:
        data = _standard_input() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise UnreadableFile(name, "does not exist") from None
    except IsADirectoryError:
        raise UnreadableFile(name, "is a folder, not a file") from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(name, f"not UTF-8 (byte {error.start})") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableFile(name, f"cannot be read: {reason}") from None


def _standard_input() -> bytes:
    stream = sys.stdin
    if stream not in _came_in:
        _came_in[stream] = stream.buffer.read()
    return _came_in[stream]
