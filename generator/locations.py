"""Paths of the charts and the values of the project, in a checkout or in an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from generator import go_yaml

_PACKAGE = Path(__file__).parent
# A wheel contains charts/ and values/ inside the package; in a checkout they are next to the package.
ROOT = _PACKAGE / "_share" if (_PACKAGE / "_share").is_dir() else _PACKAGE.parent
CHARTS = ROOT / "charts"
VALUES = ROOT / "values"


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the project's own tables below values/, for example `rules.yaml`."""
    loaded: dict[str, Any] = go_yaml.load((VALUES / name).read_text("utf-8"))
    return loaded
