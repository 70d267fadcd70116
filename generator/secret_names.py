"""Which keys hold secrets, told by their names; misspelt ones too, which a user sees in a diff as well."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

_NAME = re.compile(r"(?i)pas+w|pwd|token|psk")
_NAMES = ("token", "mqttpassword", "password", "psk")
# What is called so, or nearly so, and is none: the value says which, how or how many, not what.
_NO_SECRETS = {
    "automountServiceAccountToken", "serviceAccountToken", "tokenRequests", "passwordKey", "tokenKey", "qps",
}  # fmt: skip
# Names that say of a secret where it is, how long it lasts, who works on it or what it is called.
_ABOUT = re.compile(
    r"(?i)(duration|seconds|timeout|period|ttl|workers"
    r"|names?|files?|path|dir|type|kind|ref|issuers?|audiences?)$"
)


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Say of a key's name whether its value is a secret."""
    if name in _NO_SECRETS or _ABOUT.search(name):
        return False
    return _NAME.search(name) is not None or bool(difflib.get_close_matches(name.lower(), _NAMES, 1, 0.66))
