"""Certificates of every kind for tests, valid and invalid."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from generator.certs import pem

NOW = datetime.now(timezone.utc).replace(microsecond=0)
DAY = timedelta(days=1)
EKUS = {
    "server": ExtendedKeyUsageOID.SERVER_AUTH,
    "client": ExtendedKeyUsageOID.CLIENT_AUTH,
    "code": ExtendedKeyUsageOID.CODE_SIGNING,
}


@dataclass(frozen=True)
class Made:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def cert_text(self) -> str:
        """The certificate as PEM."""
        return pem.certificate_text(self.certificate)

    @property
    def key_text(self) -> str:
        """The key as PEM."""
        return pem.key_text(self.key)


def make(
    cn: str = "test",
    *,
    organization: str | None = None,
    by: Made | None = None,
    ca: bool | None = False,
    ips: tuple[str, ...] = (),
    dns: tuple[str, ...] = (),
    uses: tuple[str, ...] | None = None,
    start: timedelta = -DAY,
    end: timedelta = 30 * DAY,
    path_length: int | None = None,
    cert_sign: bool = True,
    critical: str = "",
) -> Made:
    """Make a certificate; `ca` None leaves the basic constraints out, `uses` None the extended usages.

    `critical` is the number of an unknown critical extension.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    parts = {NameOID.ORGANIZATION_NAME: organization, NameOID.COMMON_NAME: cn}
    subject = x509.Name([x509.NameAttribute(part, text) for part, text in parts.items() if text])
    built = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    built = built.issuer_name(by.certificate.subject if by else subject)
    built = built.serial_number(x509.random_serial_number())
    built = built.not_valid_before(NOW + start).not_valid_after(NOW + end)
    if ca is not None:
        built = built.add_extension(x509.BasicConstraints(ca, path_length if ca else None), critical=True)
    if ca:
        built = built.add_extension(_key_usage(cert_sign), critical=True)
    if uses is not None:
        built = built.add_extension(x509.ExtendedKeyUsage([EKUS[use] for use in uses]), critical=False)
    if critical:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier(critical), b"\x05\x00")
        built = built.add_extension(unknown, critical=True)
    names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(ip)) for ip in ips]
    names += [x509.DNSName(name) for name in dns]
    if names:
        built = built.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Made(built.sign((by.key if by else key), hashes.SHA256()), key)


def _key_usage(cert_sign: bool) -> x509.KeyUsage:
    parts: dict[str, Any] = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(digital_signature=True, key_cert_sign=cert_sign, crl_sign=cert_sign, **parts)


def with_parameters(key: ec.EllipticCurvePrivateKey) -> str:
    """Write a key as `openssl ecparam -genkey` does: a block of parameters before it."""
    form = serialization.PrivateFormat.TraditionalOpenSSL
    text = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    return "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + text


def server(by: Made, **more: Any) -> Made:
    """Make a server certificate for the endpoint."""
    return make("edgecore", by=by, **{"ips": ("127.0.0.1",), "uses": ("server",), **more})


def client(by: Made, **more: Any) -> Made:
    """Make a client certificate."""
    return make("agent", by=by, **{"uses": ("client",), **more})


@dataclass
class Kit:
    """A folder with the files that a site of KubeEdge 1.16 and profile mtls needs, all valid."""

    folder: Path
    ca: Made
    server: Made
    client: Made

    @classmethod
    def fill(cls, folder: Path) -> Kit:
        """Create all files."""
        ca = make("own CA", ca=True)
        kit = cls(folder, ca, server(ca), client(ca))
        kit.write("rootCA.crt", ca.cert_text)
        kit.put("server", kit.server)
        kit.put("client", kit.client)
        return kit

    def put(self, name: str, made: Made) -> None:
        """Write a certificate and its key."""
        self.write(f"{name}.crt", made.cert_text)
        self.write(f"{name}.key", made.key_text)

    def write(self, name: str, text: str) -> None:
        """Write one file."""
        (self.folder / name).write_text(text, "utf-8")

    def remove(self, name: str) -> None:
        """Remove one file."""
        (self.folder / name).unlink()
