"""The tables of the project: rules, impacts of changes, and odd shapes of upstream's values.

This package has only data, and reads it with PyYAML; generator.go_yaml reads the files of users.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> dict[str, Any]:
    """Return a table by its file name, for example `rules.yaml`; callers must not change it."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, _Loader)
    return loaded
