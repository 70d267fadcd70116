"""Reads certificates and private keys from PEM, and writes them.

A key that cannot be read is named by its source and never quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from generator.errors import InvalidInput, UnreadableFile, plain
from generator.io import files

Key: TypeAlias = "ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey"
_KINDS = (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey, ed25519.Ed25519PrivateKey)
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
# A certificate file is a few kilobytes; a bundle of every public authority is half a megabyte.
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Block:
    """One PEM block: what it says it is, and its text."""

    label: str
    text: bytes

    @property
    def is_key(self) -> bool:
        """Say whether it holds a private key."""
        return self.label.endswith("PRIVATE KEY")


class BadKey(InvalidInput):
    """A private key cannot be read; `what` says why without quoting it."""

    def __init__(self, source: str, what: str, fix: str = "") -> None:
        self.what = what
        super().__init__([plain(source, "", what, fix)])


def read_bytes(path: str | Path) -> bytes:
    """Return what is in a file; raise UnreadableFile."""
    return files.read_bytes(path, largest=_LARGEST, pipes=False)


def blocks(data: bytes) -> list[Block]:
    """Return the PEM blocks of a text in their order."""
    return [Block(match[1].decode(), match[0]) for match in _BLOCK.finditer(data)]


def certificates(data: bytes, source: str) -> list[x509.Certificate]:
    """Return every certificate of a text, PEM or one in DER; raise UnreadableFile if there is none."""
    found = [block for block in blocks(data) if block.label == "CERTIFICATE"]
    try:
        if found:
            return [x509.load_pem_x509_certificate(block.text) for block in found]
        return [x509.load_der_x509_certificate(data)]
    except (ValueError, UnsupportedAlgorithm):
        what = "holds a certificate that cannot be read" if found else "holds no certificate"
        raise UnreadableFile(source, what) from None


def first_certificate(data: bytes) -> x509.Certificate | None:
    """Return the first PEM block, all that edgecore up to 1.16 reads, if it is a certificate."""
    for block in blocks(data)[:1]:
        try:
            return x509.load_pem_x509_certificate(block.text)
        except (ValueError, UnsupportedAlgorithm):
            return None
    return None


def private_key(data: bytes, source: str, password: bytes | None = None) -> Key:
    """Return the first private key of a text; raise BadKey."""
    found = next((block for block in blocks(data) if block.is_key), None)
    if found is None:
        raise BadKey(source, "holds no private key")
    try:
        key = serialization.load_pem_private_key(found.text, password)
    except TypeError:
        if password is None:
            raise BadKey(source, "the private key is encrypted", "give its password") from None
        raise BadKey(source, "the private key is not encrypted", "leave the password out") from None
    except ValueError:
        what = "wrong password for the private key" if password else "the private key cannot be read"
        raise BadKey(source, what) from None
    except UnsupportedAlgorithm:
        raise BadKey(source, "the private key is of a kind that is not supported") from None
    if not isinstance(key, _KINDS):
        raise BadKey(source, "the private key is of a kind that is not supported", "use ECDSA or RSA")
    return key


def matches(key: Key, certificate: x509.Certificate) -> bool:
    """Say whether a private key belongs to a certificate."""
    return public_bytes(key.public_key()) == public_bytes(certificate.public_key())


def public_bytes(key: object) -> bytes:
    """Return a public key in DER, to be compared."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found: bytes = key.public_bytes(serialization.Encoding.DER, form)  # type: ignore[attr-defined]
    return found


def certificate_text(*chain: x509.Certificate) -> str:
    """Write certificates as PEM, one after the other."""
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in chain)


def key_text(key: Key, password: bytes | None = None) -> str:
    """Write a private key as one PKCS #8 block: without parameters before it, which 1.16 cannot load."""
    cipher: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        cipher = serialization.BestAvailableEncryption(password)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, cipher).decode()
