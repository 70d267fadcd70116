"""The YAML files of a folder, for the commands that take files."""

from __future__ import annotations

import os
from pathlib import Path

from generator.catalogue.message import say
from generator.errors import UnreadableFile, one_line

ENDINGS = (".yaml", ".yml", ".json")


def files_in(name: str) -> list[str]:
    """Return the YAML and JSON files in a folder and its subfolders, sorted; the name itself if it is a file.

    Raise UnreadableFile for a folder without such files, or with one that is a named pipe.
    """
    if name == "-" or not _is_folder(name):
        return [name]
    found: list[str] = []
    for folder, _, files in os.walk(name, onerror=_raise):
        found += [str(Path(folder, file)) for file in files if file.endswith(ENDINGS)]
    if not found:
        raise UnreadableFile(one_line(name), say("no-yaml-file", endings=ENDINGS))
    for file in found:
        _reject_pipe(file)
    return sorted(found)


def _is_folder(name: str) -> bool:
    """Return whether a name is that of a folder; raise UnreadableFile if it cannot be read."""
    try:
        _reject_pipe(name)
        return Path(name).is_dir()
    except (OSError, ValueError) as error:
        raise UnreadableFile(one_line(name), say("file-unreadable", reason=_reason(error))) from None


def _reject_pipe(name: str) -> None:
    """Reject a named pipe, which could block forever; shells make /dev/fd/63 for <(command)."""
    if Path(name).is_fifo() and not name.startswith(("/dev/", "/proc/")):
        raise UnreadableFile(one_line(name), say("not-a-file", "pipe", kind="a named pipe"))


def _raise(error: OSError) -> None:
    raise UnreadableFile(one_line(str(error.filename)), say("file-unreadable", reason=_reason(error)))


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
