"""Describes certificates and keys, and what they can be used for in this system."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from generator.catalogue.message import Message, say
from generator.certs import chain, pem
from generator.certs.ca import can_sign, minute
from generator.certs.material import secret_data, secrets_in
from generator.errors import InvalidInput, Problem, UnreadableFile
from generator.io.files import is_folder, is_there, names_in
from generator.io.write import need_finished

_TIMEOUT = 10.0  # seconds, for a server that does not answer


@dataclass(frozen=True)
class Sight:
    """A certificate or key: `source` names the file, the key of a Secret, or the server."""

    source: str
    kind: str
    subject: str = ""
    issuer: str = ""
    issued_by: str = ""
    addresses: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""
    days_left: int = 0
    fingerprint: str = ""
    key: str = ""
    good_for: tuple[Message, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the known facts as plain data."""
        data = asdict(replace(self, good_for=()))
        data["good_for"] = "; ".join(message.what for message in self.good_for)
        data["ruleId"] = [message.code for message in self.good_for]
        return {name: value for name, value in data.items() if value not in ("", (), [])}


def inspect(target: str, now: datetime) -> list[Sight]:
    """Return the certificates and keys of a file, a Secret manifest or HOST:PORT; raise InvalidInput."""
    found: list[Sight] = []
    for source, data in sources(target):
        found += _sights(source, data, now)
    return found


def sources(target: str) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of a target: a file, the *.crt of a folder, the keys of a Secret, a server."""
    path = Path(target)
    if is_folder(path):
        need_finished(path)
        there = [path / name for name in names_in(path) if name.endswith(".crt")]
        if not there:
            raise UnreadableFile(target, say("no-certificate-files", files="*.crt"))
        yield from ((str(file), pem.read_bytes(file)) for file in there)
    elif is_there(path) or not _is_address(target):
        yield from _file(target)
    else:
        yield target, _served(target)


def _file(target: str) -> Iterator[tuple[str, bytes]]:
    data = pem.read_bytes(target)
    if Path(target).suffix not in (".yaml", ".yml"):
        yield target, data
        return
    for secret in secrets_in(data, target):
        name = (secret.get("metadata") or {}).get("name", "")
        for key, value in sorted(secret_data(secret, target).items()):
            if pem.blocks(value):
                yield f"{target}: {name}: {key}", value


def _is_address(target: str) -> bool:
    try:
        parts = urlsplit(f"//{target}")
        return bool(parts.hostname and parts.port) and not parts.path
    except ValueError:
        return False


def _served(target: str) -> bytes:
    """Return the certificate of a server; the connection is not trusted and sends nothing."""
    parts = urlsplit(f"//{target}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with (
            socket.create_connection((parts.hostname or "", parts.port or 0), _TIMEOUT) as connection,
            context.wrap_socket(connection, server_hostname=parts.hostname) as server,
        ):
            shown = server.getpeercert(binary_form=True)
    except (OSError, ValueError) as error:
        tls = isinstance(error, ssl.SSLError)
        message = say("server-without-tls") if tls else say("server-unreachable", reason=str(error))
        raise InvalidInput([Problem(target, "", message)]) from None
    return shown or b""


def _sights(source: str, data: bytes, now: datetime) -> Iterator[Sight]:
    found = pem.blocks(data)
    if found and not any(block.label == "CERTIFICATE" for block in found):
        yield from (_key(source, block) for block in found)
        return
    certificates = pem.certificates(data, source)
    for number, one in enumerate(certificates):
        name = f"{source} ({number + 1} of {len(certificates)})" if len(certificates) > 1 else source
        yield _sight(name, one, certificates, now)
    yield from (_key(source, block) for block in found if block.is_key)


def _sight(source: str, one: x509.Certificate, others: list[x509.Certificate], now: datetime) -> Sight:
    signer = next((other for other in others if other != one and chain.issued(one, other)), None)
    itself = chain.issued(one, one) or (one.issuer == one.subject and not can_sign(one))
    issued_by = "itself" if itself else "a CA in the same file" if signer else "a CA that is not in this file"
    return Sight(
        source=source,
        kind="CA" if can_sign(one) else "certificate",
        subject=one.subject.rfc4514_string(),
        issuer=one.issuer.rfc4514_string(),
        issued_by=issued_by,
        addresses=tuple(chain.addresses(one)),
        dns=tuple(chain.dns_names(one)),
        uses=tuple(chain.use_names(one)),
        begins=f"{one.not_valid_before_utc:%Y-%m-%d %H:%M:%S} UTC",
        ends=f"{one.not_valid_after_utc:%Y-%m-%d %H:%M:%S} UTC",
        days_left=(one.not_valid_after_utc - now).days,
        fingerprint=one.fingerprint(hashes.SHA256()).hex(":").upper(),
        key=_key_words(one.public_key()),
        good_for=good_for(one, now),
    )


def brief(data: bytes) -> str:
    """Describe the certificate of a PEM block in one line; the line does not depend on the time."""
    try:
        one = x509.load_pem_x509_certificate(data)
    except (ValueError, UnsupportedAlgorithm):
        return "<a certificate that cannot be read>"
    names = ", ".join([*chain.addresses(one), *chain.dns_names(one)])
    valid = f"valid {one.not_valid_before_utc:%Y-%m-%d %H:%M} to {one.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
    digest = one.fingerprint(hashes.SHA256()).hex()[:16]
    parts = [
        f"certificate {one.subject.rfc4514_string() or 'without a subject'}",
        f"issued by {one.issuer.rfc4514_string() or 'an empty name'}",
        *([f"for {names}"] if names else []),
        valid,
        f"sha256 {digest}",
    ]
    return f"<{', '.join(parts)}>"


def _key(source: str, block: pem.Block) -> Sight:
    """Describe a key without showing it."""
    if not block.is_key:
        return Sight(source, block.label.lower(), good_for=(say("block-without-use"),))
    words = ""
    with suppress(InvalidInput):
        words = _key_words(pem.private_key(block.text, source).public_key())
    return Sight(source, "private key", key=words, good_for=(say("use-with-certificate"),))


def _key_words(key: object) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return "Ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else "of another kind"


def good_for(one: x509.Certificate, now: datetime) -> tuple[Message, ...]:
    """Return what a certificate can be used for in this system, or why it cannot be used."""
    early = chain.time_fault(one, now, one)
    if early:
        begins, ended = minute(one.not_valid_before_utc), minute(one.not_valid_after_utc)
        return (say(early.code, begins=begins, ended=ended),)
    if can_sign(one):
        return (say("use-as-ca"),)
    found = (*_as_server(one), *_as_client(one))
    return found or (say("use-elsewhere", uses=chain.use_text(one)),)


def _as_server(one: x509.Certificate) -> Iterator[Message]:
    if not chain.allows(one, "server"):
        return
    known = tuple(chain.addresses(one))
    named = tuple(chain.dns_names(one))
    if known:
        yield say("use-as-endpoint-server", hosts=known)
    elif named:
        yield say("use-as-other-server", hosts=named)
    else:
        yield say("server-without-names")


def _as_client(one: x509.Certificate) -> Iterator[Message]:
    if chain.allows(one, "client"):
        yield say("use-as-client")
