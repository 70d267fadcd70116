"""The project's own tables: the rules, what changes mean, and the odd shapes of upstream's values.

Data only, read by PyYAML: go_yaml, which reads what users write, builds on the catalogue and so on this.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> dict[str, Any]:
    """Return the table of a name, for example `rules.yaml`; to be read only."""
    text = (Path(__file__).parent / name).read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, _Loader)
    return loaded
