"""The YAML files of a folder, for the commands that take files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from generator.catalogue.message import say
from generator.errors import Problem, UnreadableFile, one_line

ENDINGS = (".yaml", ".yml", ".json")


def files_below(names: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """Return the files that names mean, as `files_in` does, and the problems of folders."""
    found: list[str] = []
    problems: list[Problem] = []
    for name in names:
        try:
            found += files_in(name)
        except UnreadableFile as error:
            problems += error.problems
    return found, problems


def files_in(name: str) -> list[str]:
    """Return the YAML and JSON files in a folder and its subfolders, sorted; the name itself if it is a file.

    Raise UnreadableFile for a folder without such files, or with one that is a named pipe.
    """
    if name == "-" or not _asked(name, Path.is_dir):
        return [name]
    found: list[str] = []
    for folder, _, files in os.walk(name, onerror=_raise):
        found += [str(Path(folder, file)) for file in files if file.endswith(ENDINGS)]
    if not found:
        raise UnreadableFile(one_line(name), say("no-yaml-file", endings=ENDINGS))
    for file in found:
        reject_pipe(file)
    return sorted(found)


def reject_pipe(name: str) -> None:
    """Reject a named pipe, which could block forever; shells make /dev/fd/63 for <(command)."""
    if _asked(name, Path.is_fifo) and not name.startswith(("/dev/", "/proc/")):
        raise UnreadableFile(one_line(name), say("not-a-file", "pipe", kind="a named pipe"))


def _asked(name: str, question: Callable[[Path], bool]) -> bool:
    try:
        return question(Path(name))
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from None


def _raise(error: OSError) -> None:
    raise _unreadable(str(error.filename), error)


def _unreadable(name: str, error: OSError | ValueError) -> UnreadableFile:
    reason = getattr(error, "strerror", None) or str(error)
    return UnreadableFile(one_line(name), say("file-unreadable", reason=reason))
