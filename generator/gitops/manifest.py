"""One file of objects: its place, its objects, and the comments at its top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from generator import go_yaml
from generator.errors import one_line

_WIDTH = 98


@dataclass(frozen=True)
class GitOpsManifest:
    """The path below the output folder, the objects, and what a reader must know about them.

    A `shared` file is the same for all sites.
    """

    path: str
    objects: tuple[dict[str, Any], ...]
    notes: tuple[str, ...] = ()
    shared: bool = False

    def text(self, head: Iterable[str]) -> str:
        """Return the file; `head` are the first lines of every file."""
        comments = [*head, *(line for note in self.notes for line in _wrapped(note))]
        body = "---\n".join(map(go_yaml.dump, self.objects))
        return "".join(f"# {one_line(line)}\n" for line in comments) + body


def _wrapped(note: str) -> Iterator[str]:
    """Yield the lines of a note as an item of a list."""
    lines = wrap(note, _WIDTH, break_long_words=False, break_on_hyphens=False)
    yield from (f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines))
