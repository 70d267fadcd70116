"""The tables of the project: rules, impacts of changes, roles, odd shapes of values, images of keadm.

This package has only data. `generator charts` writes JSON into generated/, for what takes long to read or to
build from its source.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from generator import go_yaml

_FOLDER = Path(__file__).parent
_PACKAGE = _FOLDER.parent


@cache
def load(name: str) -> dict[str, Any]:
    """Return a table by its file name, for example `rules.yaml`; callers must not change it."""
    found: dict[str, Any] | None = generated(name)
    return parsed(name) if found is None else found


def pairs(name: str) -> list[dict[str, str]]:
    """Parse a table of translations, for example `zh/help.yaml`: English texts, each with its translation."""
    found: list[dict[str, str]] = go_yaml.load((_FOLDER / name).read_text("utf-8"))
    return found


def parsed(name: str) -> dict[str, Any]:
    """Parse the YAML of a table."""
    found: dict[str, Any] = go_yaml.load((_FOLDER / name).read_text("utf-8"))
    return found


def generated(name: str) -> Any:
    """Return a new copy of the data in generated/<name>.json.

    Return None if there is no such file, or if its sources have changed since it was written.
    """
    try:
        found = json.loads((_FOLDER / "generated" / f"{name}.json").read_bytes())
        return found["data"] if found["checksum"] == _checksum(found["sources"]) else None
    except FileNotFoundError:
        return None


def as_generated(data: Any, sources: Iterable[str]) -> str:
    """Write data as a file of generated/; `sources` are the files of the package that it is made from."""
    names = list(sources)
    found = {"sources": names, "checksum": _checksum(names), "data": data}
    return json.dumps(found, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"


def _checksum(sources: Iterable[str]) -> int:
    checksum = 0
    for name in sources:
        checksum = zlib.crc32((_PACKAGE / name).read_bytes(), checksum)
    return checksum
