"""Questions about the certificates in live Secrets and ConfigMaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cryptography import x509

from generator.certs import pem
from generator.certs.chain import host_fault, issued
from generator.certs.expiry import certificates_in
from generator.errors import InvalidInput


def uncovered(secret: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """Return the hosts that no certificate of a Secret contains, [] if it has no certificate."""
    found = _in(secret, (secret.get("data") or {}).keys())
    return [host for host in hosts if found and all(host_fault(one, host) for one in found)]


def trusts(secret: Mapping[str, Any], key: str, ca: str) -> bool:
    """Return whether a CA file in a Secret has one of the CAs in a PEM text; True if nothing is readable."""
    own, wanted = _in(secret, [key]), _from_text(ca)
    return (
        not own
        or not wanted
        or any(one.public_key() == other.public_key() for one in own for other in wanted)
    )


def signed(secret: Mapping[str, Any], key: str, ca: str) -> bool:
    """Return whether one of the CAs in a PEM text signed the first certificate of a key."""
    own, wanted = _in(secret, [key]), _from_text(ca)
    return not own or not wanted or any(issued(own[0], one) for one in wanted)


def expired(secret: Mapping[str, Any], key: str, now: datetime) -> datetime | None:
    """Return when the first certificate of a key expired, None if it has not."""
    own = _in(secret, [key])
    return own[0].not_valid_after_utc if own and own[0].not_valid_after_utc < now else None


def _in(secret: Mapping[str, Any], keys: Iterable[str]) -> list[x509.Certificate]:
    data = secret.get("data") or {}
    return [one for key in keys if key in data for one in certificates_in(data[key])]


def _from_text(text: str) -> list[x509.Certificate]:
    try:
        return pem.certificates(text.encode(), "")
    except (ValueError, InvalidInput):
        return []
