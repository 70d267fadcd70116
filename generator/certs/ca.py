"""Makes keys, authorities and the certificates they sign. No files; the time is given.

Every certificate begins a little before `now`, for edge nodes whose clock is behind, and none
outlives the authority that signed it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from generator.certs import pem
from generator.certs.pem import Key
from generator.errors import InvalidInput, plain

KEY_TYPES = ("p-256", "p-384", "rsa-2048", "rsa-4096")
CA_DAYS, LEAF_DAYS = 3650, 365
SKEW = timedelta(hours=1)
USES = {"server": ExtendedKeyUsageOID.SERVER_AUTH, "client": ExtendedKeyUsageOID.CLIENT_AUTH}


@dataclass(frozen=True)
class Names:
    """The names of a leaf certificate."""

    common: str
    ips: tuple[str, ...] = ()
    dns: tuple[str, ...] = ()


@dataclass(frozen=True)
class CA:
    """A certificate authority that can sign: its certificate, and its key."""

    certificate: x509.Certificate
    key: Key

    def __repr__(self) -> str:
        return f"CA({self.certificate.subject.rfc4514_string()})"


def make_key(kind: str = "p-256") -> Key:
    """Make a private key of one of KEY_TYPES."""
    if kind.startswith("rsa-"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(kind.removeprefix("rsa-")))
    return ec.generate_private_key(ec.SECP384R1() if kind == "p-384" else ec.SECP256R1())


def make_ca(name: str, now: datetime, *, kind: str = "p-256", days: int = CA_DAYS) -> CA:
    """Make an authority that signs itself.

    Without a limit on the length of chains: rotation has the old one sign the new one.
    """
    key = make_key(kind)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    # One that follows another must not bear its name: OpenSSL would try the wrong one.
    subject = _name(f"{name} {own.digest.hex()[:8]}")
    built = _builder(subject, subject, own, key.public_key(), now, now + timedelta(days=days))
    return CA(_authority(built, own).sign(key, _digest(key)), key)


def cross_sign(old: CA, new: x509.Certificate, now: datetime) -> x509.Certificate:
    """Let an old authority vouch for a new one: who trusts the old then accepts what the new signs."""
    end = min(old.certificate.not_valid_after_utc, new.not_valid_after_utc)
    built = _builder(new.subject, old.certificate.subject, key_id(new), new.public_key(), now, end)
    return _authority(built, key_id(old.certificate)).sign(old.key, _digest(old.key))


def sign(
    authority: CA, key: Key, names: Names, use: str, now: datetime, *, days: int = LEAF_DAYS
) -> x509.Certificate:
    """Sign a leaf for `use` server or client."""
    end = min(now + timedelta(days=days), authority.certificate.not_valid_after_utc)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer = authority.certificate
    built = _builder(_name(names.common), issuer.subject, own, key.public_key(), now, end)
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    built = built.add_extension(_key_usage(encipher=isinstance(key, rsa.RSAPrivateKey)), critical=True)
    built = built.add_extension(x509.ExtendedKeyUsage([USES[use]]), critical=False)
    alternatives = general_names(names.ips, names.dns)
    if alternatives:
        built = built.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    built = built.add_extension(_issued_by(key_id(issuer)), critical=False)
    return built.sign(authority.key, _digest(authority.key))


def request(key: Key, names: Names) -> x509.CertificateSigningRequest:
    """Make the request for a client certificate that Kubernetes is to sign."""
    built = x509.CertificateSigningRequestBuilder().subject_name(_name(names.common))
    return built.sign(key, _digest(key))


def check(authority: CA, source: str, now: datetime) -> None:
    """Raise InvalidInput for an authority that cannot sign now, or whose key is another's."""
    found = authority.certificate
    problems = []
    if not pem.matches(authority.key, found):
        problems.append(plain(source, "", "the private key does not belong to this certificate"))
    if not signs(found):
        problems.append(plain(source, "", "is no certificate authority"))
    if now >= found.not_valid_after_utc:
        problems.append(plain(source, "", f"expired on {found.not_valid_after_utc:%Y-%m-%d}"))
    if now < found.not_valid_before_utc:
        what = f"is not valid before {found.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
        problems.append(plain(source, "", what, "is this machine's clock right?"))
    if problems:
        raise InvalidInput(problems)


def signs(certificate: x509.Certificate) -> bool:
    """Say whether a certificate may sign others."""
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return basic.ca
    return basic.ca and usage.key_cert_sign


def general_names(ips: Iterable[str], dns: Iterable[str]) -> list[x509.GeneralName]:
    """Return subject alternative names, addresses first."""
    addresses = [x509.IPAddress(ipaddress.ip_address(ip)) for ip in ips]
    return [*addresses, *(x509.DNSName(name) for name in dns)]


def _name(common: str) -> x509.Name:
    # RFC 5280 allows 64 characters; what is told apart by more is told apart by its key.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def key_id(certificate: x509.Certificate) -> x509.SubjectKeyIdentifier:
    """Return the identifier of a certificate's key, as it states it itself."""
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key())


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    own: x509.SubjectKeyIdentifier,
    public: Any,
    now: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    start = now.replace(microsecond=0) - SKEW
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    built = built.serial_number(x509.random_serial_number())
    built = built.not_valid_before(start).not_valid_after(end.replace(microsecond=0))
    return built.add_extension(own, critical=False)


def _authority(built: x509.CertificateBuilder, signer: x509.SubjectKeyIdentifier) -> x509.CertificateBuilder:
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    built = built.add_extension(_key_usage(signs=True), critical=True)
    return built.add_extension(_issued_by(signer), critical=False)


def _issued_by(signer: x509.SubjectKeyIdentifier) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer)


def _key_usage(*, encipher: bool = False, signs: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=encipher,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _digest(key: Key) -> hashes.SHA256 | hashes.SHA384 | None:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return None
    large = isinstance(key, ec.EllipticCurvePrivateKey) and key.key_size > 256
    return hashes.SHA384() if large else hashes.SHA256()
