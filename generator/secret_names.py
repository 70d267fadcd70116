"""Which keys hold secrets, told by their names; misspelt ones too, which a user sees in a diff as well."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

_NAME = re.compile(r"(?i)pas+w|pwd|token|psk")
_NAMES = ("token", "mqttpassword", "password", "psk")


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Say of a key's name whether its value is a secret."""
    return _NAME.search(name) is not None or bool(difflib.get_close_matches(name.lower(), _NAMES, 1, 0.66))
