"""Says what a certificate is, and what it is good for in this system."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from generator.certs import chain, pem
from generator.certs.ca import signs
from generator.certs.material import secret_data, secrets_in
from generator.errors import InvalidInput, UnreadableFile, plain
from generator.io.files import is_folder, is_there, names_in
from generator.io.write import need_finished

_TIMEOUT = 10.0  # seconds, for a server that does not answer


@dataclass(frozen=True)
class Sight:
    """One certificate or key as it is: `source` names the file, the key of a Secret, or the server."""

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
    good_for: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return what is known as plain data."""
        return {name: value for name, value in asdict(self).items() if value not in ("", ())}


def inspect(target: str, now: datetime) -> list[Sight]:
    """Look at a file, a Secret manifest or HOST:PORT; raise InvalidInput."""
    found: list[Sight] = []
    for source, data in sources(target):
        found += _look(source, data, now)
    return found


def sources(target: str) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of what a target holds: a file, a folder's *.crt, a Secret's keys, a server."""
    path = Path(target)
    if is_folder(path):
        need_finished(path)
        there = [path / name for name in names_in(path) if name.endswith(".crt")]
        if not there:
            raise UnreadableFile(target, "holds no *.crt")
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
    """Return the certificate that a server shows; it is looked at, not trusted."""
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
        what = "speaks no TLS" if isinstance(error, ssl.SSLError) else f"cannot be reached: {error}"
        raise InvalidInput([plain(target, "", what)]) from None
    return shown or b""


def _look(source: str, data: bytes, now: datetime) -> Iterator[Sight]:
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
    itself = chain.issued(one, one) or (one.issuer == one.subject and not signs(one))
    return Sight(
        source=source,
        kind="certificate authority" if signs(one) else "certificate",
        subject=one.subject.rfc4514_string(),
        issuer=one.issuer.rfc4514_string(),
        issued_by="itself" if itself else "one in the same file" if signer else "one that is not here",
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
    """Say in one line which certificate a PEM block holds; the same whenever it is asked."""
    try:
        one = x509.load_pem_x509_certificate(data)
    except (ValueError, UnsupportedAlgorithm):
        return "<a certificate that cannot be read>"
    names = ", ".join([*chain.addresses(one), *chain.dns_names(one)])
    valid = f"valid {one.not_valid_before_utc:%Y-%m-%d %H:%M} to {one.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
    digest = one.fingerprint(hashes.SHA256()).hex()[:16]
    parts = [
        f"certificate {one.subject.rfc4514_string() or 'without a subject'}",
        f"issued by {one.issuer.rfc4514_string() or 'nobody'}",
        *([f"for {names}"] if names else []),
        valid,
        f"sha256 {digest}",
    ]
    return f"<{', '.join(parts)}>"


def _key(source: str, block: pem.Block) -> Sight:
    """Describe a key without showing it."""
    if not block.is_key:
        return Sight(
            source, block.label.lower(), good_for="nothing here; up to 1.16 it hides what follows it"
        )
    words = ""
    with suppress(InvalidInput):
        words = _key_words(pem.private_key(block.text, source).public_key())
    return Sight(source, "private key", key=words, good_for="its certificate; it is not shown")


def _key_words(key: object) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {key.curve.name}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    return "Ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else "of another kind"


def good_for(one: x509.Certificate, now: datetime) -> str:
    """Return a sentence on what a certificate is good for in this system."""
    if now > one.not_valid_after_utc:
        return f"nothing any more: it expired on {one.not_valid_after_utc:%Y-%m-%d}"
    if now < one.not_valid_before_utc:
        return f"nothing yet: it begins on {one.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
    if signs(one):
        return "rootCA.crt or streamCA.crt: who trusts it trusts what it signed"
    found = [*_as_server(one), *_as_client(one)]
    return "; ".join(found) or f"neither end of the endpoint: it is for {' and '.join(chain.use_names(one))}"


def _as_server(one: x509.Certificate) -> Iterator[str]:
    if not chain.allows(one, "server"):
        return
    known = chain.addresses(one)
    if known:
        yield f"server.crt of edgecore 1.12 to 1.16 (newer ones make their own), at {', '.join(known)}"
    elif chain.dns_names(one):
        named = ", ".join(chain.dns_names(one))
        yield f"a server at {named}; not the endpoint, which is reached by its address"
    else:
        yield "no server that a client verifies: it has no subject alternative names"


def _as_client(one: x509.Certificate) -> Iterator[str]:
    if chain.allows(one, "client"):
        yield "the pair that edgemesh-agent shows with mtls, if edgecore trusts its issuer"
