"""The host of an address, as rules compare it and profiles refer to it.

charts/common/templates/_profile.tpl has the same as common.hostOf.
"""

from __future__ import annotations

import re
from typing import Any


def host(address: Any) -> str:
    """Return the host of a URL, of `host:port` or of a plain host, in a normalised form."""
    text = re.sub(r"^[a-z]+://", "", str(address))
    text = re.sub(r"^(\[.*\]|[^:]*):[0-9]+/?\Z", r"\1", text).strip("[]").lower()
    return "127.0.0.1" if text == "localhost" else text
