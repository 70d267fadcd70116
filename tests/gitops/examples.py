"""The examples of docs/gitops.md: their commands, and the objects in their files."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator import go_yaml
from generator.locations import ROOT

PAGE = (ROOT / "docs/gitops.md").read_text("utf-8")
FOLDER = ROOT / "ci/gitops"
TOOLS = ("argocd", "flux")


def commands() -> list[list[str]]:
    """Return the arguments of each command of the page that writes an example."""
    blocks = re.findall(r"^```sh\ngenerator (.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [shlex.split(block.replace("\\\n", " ")) for block in blocks]


def files(folder: Path) -> dict[str, str]:
    """Return the text of each file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }


def objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects in a file."""
    yield from (go_yaml.load(part) for part in re.split(r"^---\n", text, flags=re.MULTILINE) if part)


def objects_of_page() -> list[dict[str, Any]]:
    """Return the objects that the page shows."""
    blocks = re.findall(r"^( *)```yaml\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
    return [go_yaml.load(re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)) for indent, text in blocks]
