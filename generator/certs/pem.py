"""Reads certificates and private keys from PEM, and writes them.

An error about a key names its file and never quotes the key.
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

from generator.catalogue.message import Message, say
from generator.errors import InvalidInput, Problem, UnreadableFile
from generator.io import files

Key: TypeAlias = "ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey"
_KINDS = (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey, ed25519.Ed25519PrivateKey)
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
# A certificate file is a few kilobytes; a bundle of all public CAs is half a megabyte.
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Block:
    """One PEM block: its label and its text."""

    label: str
    text: bytes

    @property
    def is_key(self) -> bool:
        """Return whether the block is a private key."""
        return self.label.endswith("PRIVATE KEY")


class BadKey(InvalidInput):
    """A private key cannot be read; the message gives the reason and no part of the key."""

    def __init__(self, source: str, message: Message) -> None:
        self.message = message
        super().__init__([Problem(source, "", message)])


def read_bytes(path: str | Path) -> bytes:
    """Return the content of a file; raise UnreadableFile."""
    return files.read_bytes(path, largest=_LARGEST, pipes=False)


def blocks(data: bytes) -> list[Block]:
    """Return the PEM blocks of a text in their order."""
    return [Block(match[1].decode(), match[0]) for match in _BLOCK.finditer(data)]


def certificates(data: bytes, source: str) -> list[x509.Certificate]:
    """Return all certificates of a text (PEM, or one in DER); raise UnreadableFile if it has none."""
    found = [block for block in blocks(data) if block.label == "CERTIFICATE"]
    try:
        if found:
            return [x509.load_pem_x509_certificate(block.text) for block in found]
        return [x509.load_der_x509_certificate(data)]
    except (ValueError, UnsupportedAlgorithm):
        code = "certificate-unreadable" if found else "no-certificate"
        raise UnreadableFile(source, say(code)) from None


def first_certificate(data: bytes) -> x509.Certificate | None:
    """Return the first PEM block if it is a certificate; edgecore up to 1.16 reads no other block."""
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
        raise BadKey(source, say("no-private-key"))
    try:
        key = serialization.load_pem_private_key(found.text, password)
    except TypeError:
        code = "key-encrypted" if password is None else "key-not-encrypted"
        raise BadKey(source, say(code)) from None
    except ValueError:
        raise BadKey(source, say("wrong-password" if password else "key-unreadable")) from None
    except UnsupportedAlgorithm:
        raise BadKey(source, say("key-type-unsupported")) from None
    if not isinstance(key, _KINDS):
        raise BadKey(source, say("key-type-unsupported"))
    return key


def matches(key: Key, certificate: x509.Certificate) -> bool:
    """Return whether a private key belongs to a certificate."""
    return public_bytes(key.public_key()) == public_bytes(certificate.public_key())


def public_bytes(key: object) -> bytes:
    """Return a public key in DER, for comparisons."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    found: bytes = key.public_bytes(serialization.Encoding.DER, form)  # type: ignore[attr-defined]
    return found


def certificate_text(*chain: x509.Certificate) -> str:
    """Write certificates as PEM, one after the other."""
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in chain)


def key_text(key: Key, password: bytes | None = None) -> str:
    """Write a private key as one PKCS #8 block, without EC parameters before it: 1.16 cannot load those."""
    cipher: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        cipher = serialization.BestAvailableEncryption(password)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, cipher).decode()
