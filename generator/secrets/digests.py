"""Digests of secrets: the reader sees that a secret changed, but not the secret."""

from __future__ import annotations

import hashlib
import hmac

_DIGITS = 10


def key_of(text: str) -> bytes:
    """Return the key from a text that the user keeps secret."""
    return hashlib.sha256(text.encode()).digest()


def key_from(secrets: str) -> bytes:
    """Return a key that is derived from secrets; slow, so that guessing the secrets takes long."""
    plain = secrets.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(plain, salt=b"generator diff", n=2**14, r=8, p=1, dklen=32)


def digest(key: bytes, text: str) -> str:
    """Return the digest of a secret."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:_DIGITS]
