"""The names of a certificate; independent of cryptography, which takes long to import."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """The names of a leaf certificate."""

    common: str
    ips: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
