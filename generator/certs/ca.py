"""Makes keys, CAs and the certificates that they sign. It uses no files; callers pass the current time.

Every certificate begins a little before `now`, because the clocks of edge nodes may be slow, and ends no
later than the CA that signed it.
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

from generator.catalogue.message import say
from generator.certs import pem
from generator.certs.names import Names
from generator.certs.pem import Key
from generator.errors import InvalidInput, Problem

KEY_TYPES = ("p-256", "p-384", "rsa-2048", "rsa-4096")
CA_DAYS, LEAF_DAYS = 3650, 365
SKEW = timedelta(hours=1)
USES = {"server": ExtendedKeyUsageOID.SERVER_AUTH, "client": ExtendedKeyUsageOID.CLIENT_AUTH}


@dataclass(frozen=True)
class CA:
    """A CA that can sign: its certificate and its key."""

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
    """Make a self-signed CA without a path length, because in a rotation the old CA signs the new one."""
    key = make_key(kind)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    # Each CA needs its own name: OpenSSL finds the issuer by name, and would try the wrong CA.
    subject = _name(f"{name} {own.digest.hex()[:8]}")
    built = _builder(subject, subject, own, key.public_key(), now, now + timedelta(days=days))
    return CA(_as_ca(built, own).sign(key, _digest(key)), key)


def cross_sign(old: CA, new: x509.Certificate, now: datetime) -> x509.Certificate:
    """Sign a new CA with an old one: programs that trust the old CA then accept certificates of the new."""
    end = min(old.certificate.not_valid_after_utc, new.not_valid_after_utc)
    built = _builder(new.subject, old.certificate.subject, key_id(new), new.public_key(), now, end)
    return _as_ca(built, key_id(old.certificate)).sign(old.key, _digest(old.key))


def sign(
    ca: CA, key: Key, names: Names, use: str, now: datetime, *, days: int = LEAF_DAYS
) -> x509.Certificate:
    """Sign a leaf for `use` server or client."""
    end = min(now + timedelta(days=days), ca.certificate.not_valid_after_utc)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    issuer = ca.certificate
    built = _builder(_name(names.common), issuer.subject, own, key.public_key(), now, end)
    built = built.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    built = built.add_extension(_key_usage(encipher=isinstance(key, rsa.RSAPrivateKey)), critical=True)
    built = built.add_extension(x509.ExtendedKeyUsage([USES[use]]), critical=False)
    alternatives = general_names(names.ips, names.dns)
    if alternatives:
        built = built.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    built = built.add_extension(_issued_by(key_id(issuer)), critical=False)
    return built.sign(ca.key, _digest(ca.key))


def request(key: Key, names: Names) -> x509.CertificateSigningRequest:
    """Make the request for a client certificate, for Kubernetes to sign."""
    built = x509.CertificateSigningRequestBuilder().subject_name(_name(names.common))
    return built.sign(key, _digest(key))


def check_ca(ca: CA, cert: str, key: str, now: datetime) -> None:
    """Raise InvalidInput for a CA that cannot sign now, or whose files do not belong together."""
    found = ca.certificate
    problems = []
    if not pem.matches(ca.key, found):
        problems.append(Problem(key, "", say("key-of-other-certificate", certificate=cert)))
    if not can_sign(found):
        problems.append(Problem(cert, "", say("not-a-ca")))
    if now >= found.not_valid_after_utc:
        problems.append(Problem(cert, "", say("ca-expired", ended=minute(found.not_valid_after_utc))))
    if now < found.not_valid_before_utc:
        begins = minute(found.not_valid_before_utc)
        problems.append(Problem(cert, "", say("ca-not-yet-valid", begins=begins)))
    if problems:
        raise InvalidInput(problems)


def minute(time: datetime) -> str:
    """Write a time in the form that messages use."""
    return f"{time:%Y-%m-%d %H:%M}"


def can_sign(certificate: x509.Certificate) -> bool:
    """Return whether a certificate is a CA that may sign others."""
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
    # RFC 5280 allows 64 characters. Longer names may become equal; their keys still differ.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def key_id(certificate: x509.Certificate) -> x509.SubjectKeyIdentifier:
    """Return the subject key identifier of a certificate, or that of its public key."""
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


def _as_ca(built: x509.CertificateBuilder, signer: x509.SubjectKeyIdentifier) -> x509.CertificateBuilder:
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
