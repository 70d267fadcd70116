"""Accepts or rejects a certificate as Go's crypto/x509 does.

Checks in the order of Go: time, host, chain, use. `None` means accepted.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from generator.certs import program_logs
from generator.certs.ca import USES

Chain = tuple[x509.Certificate, ...]
_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
# The longest chain to search: real chains are shorter, and the search must end for any input.
_DEEPEST = 8


@dataclass(frozen=True)
class Fault:
    """Why a Go program rejects a certificate: the code, the line that it logs, the certificate at fault."""

    code: str
    log: str
    certificate: x509.Certificate
    host: str = ""
    variant: str = ""


def fault(
    leaf: x509.Certificate,
    others: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    use: str,
    now: datetime,
    host: str | None = None,
) -> Fault | None:
    """Return why a Go program rejects a certificate, None if it accepts it.

    The peer also sends `others`; `roots` are the trusted CAs; `use` is server or client; `host` is the host
    of the URL.
    """
    early = time_fault(leaf, now, leaf)
    if early:
        return early
    if unknown_critical(leaf):
        return Fault("critical-extension", program_logs.CRITICAL, leaf)
    named = host_fault(leaf, host) if host else None
    return named or chain_fault(leaf, others, roots, use, now)


def time_fault(one: x509.Certificate, now: datetime, leaf: x509.Certificate) -> Fault | None:
    """Return the fault of a certificate in the chain of a leaf that is not valid at a time."""
    if in_time(one, now):
        return None
    owner = "certificate" if one == leaf else "ca"
    state = "expired" if now > one.not_valid_after_utc else "not-yet-valid"
    return Fault(f"{owner}-{state}", program_logs.EXPIRED, one)


def chain_fault(
    leaf: x509.Certificate,
    others: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    use: str,
    now: datetime,
) -> Fault | None:
    """Return what is wrong with the chains from a certificate to a root, None if one chain is right."""
    found = Fault("ca-unknown", program_logs.UNKNOWN, leaf)
    for chain in _chains((leaf,), others, roots):
        wrong = _fault_of(chain, use, now)
        if wrong is None:
            return None
        found = wrong
    return found


def _fault_of(chain: Chain, use: str, now: datetime) -> Fault | None:
    leaf = chain[0]
    for one in chain:
        wrong = time_fault(one, now, leaf)
        if wrong:
            return wrong
    if not _short_enough(chain):
        return Fault("chain-too-long", program_logs.LONG_CHAIN, leaf)
    for one in chain:
        if not allows(one, use):
            return Fault("wrong-use", program_logs.USAGE, one, variant="" if one == leaf else "ca")
    return None


def _chains(
    begun: Chain, others: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
) -> Iterator[Chain]:
    last = begun[-1]
    if last in roots:
        yield begun
        return
    if len(begun) == _DEEPEST:
        return
    for root in roots:
        if issued(last, root):
            yield (*begun, root)
    for other in others:
        if other not in begun and other not in roots and issued(last, other):
            yield from _chains((*begun, other), others, roots)


def issued(child: x509.Certificate, parent: x509.Certificate) -> bool:
    """Return whether a certificate may sign others and has signed this one."""
    if child.issuer != parent.subject or not _may_sign(parent):
        return False
    if isinstance(child.signature_hash_algorithm, (hashes.SHA1, hashes.MD5)):
        return False
    try:
        child.verify_directly_issued_by(parent)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        return False
    return True


def _may_sign(certificate: x509.Certificate) -> bool:
    basic = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    if basic is None:
        # Certificates of version 1 have no extensions.
        return certificate.version == x509.Version.v1
    return basic.ca and (usage is None or usage.key_cert_sign)


def _short_enough(chain: Chain) -> bool:
    for between, one in enumerate(chain[1:]):
        basic = _extension(one, x509.BasicConstraints)
        if basic is not None and basic.path_length is not None and between > basic.path_length:
            return False
    return True


def in_time(certificate: x509.Certificate, now: datetime) -> bool:
    """Return whether a certificate is valid at a time."""
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def uses(certificate: x509.Certificate) -> list[x509.ObjectIdentifier] | None:
    """Return the extended key usages of a certificate, None if it has none."""
    found = _extension(certificate, x509.ExtendedKeyUsage)
    return None if found is None else list(found)


def use_names(certificate: x509.Certificate) -> list[str]:
    """Return the names of the extended key usages of a certificate."""
    words = {oid: f"{use} auth" for use, oid in USES.items()}
    return [words.get(oid, oid.dotted_string) for oid in uses(certificate) or ()]


def use_text(certificate: x509.Certificate) -> str:
    """Return the extended key usages of a certificate as text."""
    return " and ".join(use_names(certificate))


def allows(certificate: x509.Certificate, use: str) -> bool:
    """Return whether a certificate is for a use; without extended key usages it is for all."""
    found = uses(certificate)
    return found is None or USES[use] in found or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in found


def addresses(certificate: x509.Certificate) -> list[str]:
    """Return the IP addresses among the names of a certificate."""
    names = _extension(certificate, x509.SubjectAlternativeName)
    return [] if names is None else [str(ip) for ip in names.get_values_for_type(x509.IPAddress)]


def dns_names(certificate: x509.Certificate) -> list[str]:
    """Return the DNS names among the names of a certificate."""
    names = _extension(certificate, x509.SubjectAlternativeName)
    return [] if names is None else list(names.get_values_for_type(x509.DNSName))


def common_name(certificate: x509.Certificate) -> str:
    """Return the common name of a certificate's subject, "" if it has none."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def host_fault(certificate: x509.Certificate, host: str) -> Fault | None:
    """Return the fault of a certificate whose names do not cover the host of the URL."""
    has_names = _extension(certificate, x509.SubjectAlternativeName) is not None
    legacy = not has_names and common_name(certificate).lower() == host.lower()
    try:
        wanted = str(ipaddress.ip_address(host))
    except ValueError:
        known = dns_names(certificate)
        if any(_covers(name, host) for name in known):
            return None
    else:
        known = addresses(certificate)
        if wanted in known:
            return None
        if not known and not legacy:
            return _names_fault(certificate, host, program_logs.NO_IP)
    if legacy:
        return Fault("host-in-common-name-only", program_logs.LEGACY, certificate, host)
    if not known:
        return _names_fault(certificate, host, program_logs.NO_NAMES)
    return _names_fault(certificate, host, program_logs.OTHER_NAMES, known)


def _names_fault(one: x509.Certificate, host: str, log: str, names: Sequence[str] = ()) -> Fault:
    return Fault("host-not-in-certificate", log.format(names=", ".join(names), host=host), one, host)


def _covers(name: str, host: str) -> bool:
    name, host = name.lower().rstrip("."), host.lower().rstrip(".")
    if name.startswith("*."):
        first, _, rest = host.partition(".")
        return bool(first) and rest == name[2:]
    return name == host


def unknown_critical(certificate: x509.Certificate) -> list[str]:
    """Return the numbers of the critical extensions that no program knows."""
    return [
        extension.oid.dotted_string
        for extension in certificate.extensions
        if extension.critical and isinstance(extension.value, x509.UnrecognizedExtension)
    ]


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (x509.ExtensionNotFound, ValueError):
        return None
