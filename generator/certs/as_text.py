"""Writes the results of the commands as text; their objects give the same as data."""

from __future__ import annotations

from generator.catalogue.message import Message
from generator.certs.inspect import Sight
from generator.certs.plan import CLUSTER, FILES, CertPlan
from generator.certs.renewal import Age
from generator.certs.verdict import CertVerdict
from generator.errors import Problem
from generator.texts import template

_TLS_MODES = {
    FILES: "the endpoint's certificate is a file on every edge node",
    CLUSTER: "the endpoint's certificate comes from the cluster",
}
_SIGNERS = {
    "own-ca": "a CA of your own (--signer own-ca)",
    "csr": "the cluster's CA, through the CSR API (--signer csr)",
}


def plan_text(plan: CertPlan) -> str:
    """Write a plan as text."""
    tls_mode = _TLS_MODES.get(plan.tls_mode, "the endpoint has no certificate")
    return template("certs-plan.txt.j2").render(plan=plan, tls_mode=tls_mode, signers=_SIGNERS, line=line)


def line(message: Message, where: str = "") -> str:
    """Write a message as one line that ends with its code."""
    return str(Problem(where, "", message))


def age_text(age: Age) -> str:
    """Write the age of a certificate as text."""
    return line(age.message, age.source)


def verdict_lines(verdict: CertVerdict, plan: CertPlan) -> list[str]:
    """Write a verdict without its notes as text."""
    lines = [*map(str, verdict.rejections), *map(str, verdict.unverified)]
    if verdict.accepted:
        profile = f", profile {plan.profile}" if plan.profile else ""
        lines.append(f"accepted by KubeEdge {plan.kubeedge}{profile}")
    return lines


def sight_text(sight: Sight) -> str:
    """Write a certificate or key as text."""
    rows = [
        ("subject", sight.subject),
        ("issuer", f"{sight.issuer} ({sight.issued_by})" if sight.issuer else ""),
        ("names", ", ".join([*sight.addresses, *sight.dns])),
        ("for", ", ".join(sight.uses) or ("any use" if sight.kind == "certificate" else "")),
        ("valid", f"{sight.begins} to {sight.ends}, {sight.days_left} days left" if sight.ends else ""),
        ("key", sight.key),
        ("sha256", sight.fingerprint),
        *(("good for", line(message)) for message in sight.good_for),
    ]
    lines = [f"{sight.source}: {sight.kind}", *(f"  {name}: {text}" for name, text in rows if text)]
    return "\n".join(lines)
