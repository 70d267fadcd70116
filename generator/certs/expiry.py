"""Finds when the certificates in a live Secret expire."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from generator.certs import pem
from generator.certs.ca import can_sign
from generator.errors import InvalidInput


@dataclass(frozen=True)
class Expiry:
    """When one certificate expires: `secret` is namespace/name, `key` the key in it."""

    secret: str
    key: str
    subject: str
    ends: datetime
    is_ca: bool = False

    def days(self, now: datetime) -> int:
        """Return how many whole days are left; less than 0 after the certificate expired."""
        return (self.ends - now).days

    def due(self, now: datetime, days: int) -> bool:
        """Return whether the certificate has expired or expires within some days."""
        return self.ends <= now + timedelta(days=days)


def expiries(secret: dict[str, Any]) -> Iterator[Expiry]:
    """Yield every certificate of a Secret, in PEM or DER (as cloudcore stores its own); never a key."""
    metadata = secret.get("metadata") or {}
    place = f"{metadata.get('namespace', '')}/{metadata.get('name', '')}"
    for key, value in sorted((secret.get("data") or {}).items()):
        for one in certificates_in(value):
            yield Expiry(place, key, one.subject.rfc4514_string(), one.not_valid_after_utc, can_sign(one))


def certificates_in(value: Any) -> list[x509.Certificate]:
    """Return the certificates in a value of a Secret, in PEM or DER; [] for keys and other data."""
    try:
        data = base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        return []
    try:
        if data.startswith(b"-----BEGIN") or b"-----BEGIN CERTIFICATE-----" in data:
            return pem.certificates(data, "") if b"CERTIFICATE" in data else []
        return [x509.load_der_x509_certificate(data)] if data[:1] == b"\x30" else []
    except (ValueError, UnsupportedAlgorithm, InvalidInput):
        return []
