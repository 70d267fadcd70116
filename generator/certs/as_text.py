"""What the verbs say in text; the same as data comes from the objects themselves."""

from __future__ import annotations

from generator.certs.inspect import Sight
from generator.certs.plan import CLUSTER, FILES, CertPlan
from generator.texts import template

_TLS_MODES = {
    FILES: "the endpoint's certificate is a file on every edge node",
    CLUSTER: "the endpoint's certificate comes from the cluster",
}
_SIGNERS = {
    "own-ca": "an own authority (--signer own-ca)",
    "csr": "the cluster's authority, by its CSR API (--signer csr)",
}


def plan_text(plan: CertPlan) -> str:
    """Write a plan for reading."""
    tls_mode = _TLS_MODES.get(plan.tls_mode, "the endpoint has no certificate")
    return template("certs-plan.txt.j2").render(plan=plan, tls_mode=tls_mode, signers=_SIGNERS)


def sight_text(sight: Sight) -> str:
    """Write what is known of a certificate or key for reading."""
    rows = [
        ("subject", sight.subject),
        ("issuer", f"{sight.issuer} ({sight.issued_by})" if sight.issuer else ""),
        ("names", ", ".join([*sight.addresses, *sight.dns])),
        ("for", ", ".join(sight.uses) or ("any use" if sight.kind == "certificate" else "")),
        ("valid", f"{sight.begins} to {sight.ends}, {sight.days_left} days left" if sight.ends else ""),
        ("key", sight.key),
        ("sha256", sight.fingerprint),
        ("good for", sight.good_for),
    ]
    lines = [f"{sight.source}: {sight.kind}", *(f"  {name}: {text}" for name, text in rows if text)]
    return "\n".join(lines)
