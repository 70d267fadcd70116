"""Judges certificates as edgecore and edgemesh-agent of a release will, in both directions.

Each refusal quotes what the program would log. Identity is not judged here: that is the token's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography import x509

from generator.certs import chain, pem, program_logs
from generator.certs.material import AGENT_CA, CLUSTER_CA, CertPart, Material
from generator.certs.plan import CLUSTER, FILES, CertPlan
from generator.certs.readers import MOUNT
from generator.certs.verdict import CertVerdict, Refusal
from generator.errors import InvalidInput, UnreadableFile

_SOON = timedelta(days=30)
_MISSING = ("the file is missing", "make it: generator certs issue")


def verify(plan: CertPlan, material: Material, now: datetime) -> CertVerdict:
    """Judge what was handed over against what the site needs."""
    found = [
        *_edgecore_loads(plan, material),
        *_agent_loads(plan, material),
        *_agent_judges_server(plan, material, now),
        *_agent_trusts_cluster(plan, material),
        *_edgecore_judges_client(plan, material, now),
        *_cloudcore_loads(plan, material, now),
    ]
    unverified = tuple(_unverified(plan, material))
    return CertVerdict(tuple(dict.fromkeys(found)), unverified, tuple(_notes(plan, material, now)))


_CLUSTER_CA = (
    "not verified: whether {files} {come} from the cluster's CA, the only one that edgecore accepts from "
    "1.17 on (give it as cluster-ca=FILE: kubectl get configmap kube-root-ca.crt -n kube-system "
    "-o jsonpath='{{.data.ca\\.crt}}' > FILE)"
)


def _unverified(plan: CertPlan, material: Material) -> Iterator[str]:
    """Yield what the site needs and the files alone cannot show."""
    if not plan.pairs and not plan.secrets:
        yield "nothing was verified: this site needs no certificate files"
    if plan.tls_mode != CLUSTER or CLUSTER_CA in material:
        return
    shown = material.get("client-cert") if _programs(plan, shows=True) else None
    trusted = _agent_ca(material) if plan.bundle else None
    files = [part.source for part in (shown, trusted) if part]
    if files:
        come = "comes" if len(files) == 1 else "come"
        yield _CLUSTER_CA.format(files=" and ".join(files), come=come)


# --- loading -------------------------------------------------------------------------------


def _edgecore_loads(plan: CertPlan, material: Material) -> Iterator[Refusal]:
    """Yield what keeps edgecore up to 1.16 from starting: it reads the first block of each file only."""
    if plan.tls_mode != FILES:
        return
    for role in ("ca", "server-cert", "server-key"):
        if role not in material:
            message = f"{program_logs.WAITING}, then {program_logs.NO_CA}"
            yield Refusal(role, "edgecore", message, *_MISSING)
    ca, cert, key = (material.get(role) for role in ("ca", "server-cert", "server-key"))
    for part in (ca, cert, key):
        if part and not pem.blocks(part.data):
            yield Refusal(part.source, "edgecore", program_logs.NIL, "holds no PEM block", "give it as PEM")
    if ca and pem.blocks(ca.data) and pem.first_certificate(ca.data) is None:
        why = "its first block, the only one that is read, is no certificate"
        yield Refusal(ca.source, "edgecore", program_logs.NO_CA, why, "put the authority first")
    if cert and key and pem.blocks(key.data):
        yield from _first_key(cert, key)


def _first_key(cert: CertPart, key: CertPart) -> Iterator[Refusal]:
    first = pem.blocks(key.data)[0]
    if not first.is_key:
        why = f"begins with a block {first.label}, and only the first is read"
        yield Refusal(key.source, "edgecore", program_logs.BAD_KEY, why, "keep the block PRIVATE KEY only")
        return
    yield from _key_of(cert, key, "edgecore", pem.first_certificate(cert.data))


def _key_of(cert: CertPart, key: CertPart, program: str, leaf: x509.Certificate | None) -> Iterator[Refusal]:
    """Yield what is wrong with a key and the certificate it is to belong to."""
    try:
        own = pem.private_key(key.data, key.source)
    except pem.BadKey as error:
        fix = "write it again without a password, as PKCS #8"
        yield Refusal(key.source, program, program_logs.BAD_KEY, error.what, fix)
        return
    if leaf is None:
        why = "its first block is no certificate"
        yield Refusal(cert.source, program, program_logs.BAD_CERTIFICATE, why, "put the certificate first")
    elif not pem.matches(own, leaf):
        why = f"belongs to another certificate than {cert.source}"
        yield Refusal(key.source, program, program_logs.MISMATCH, why, "bring both from the same issue")


def _agent_loads(plan: CertPlan, material: Material) -> Iterator[Refusal]:
    """Yield what makes agent and gateway exit at start."""
    program = _programs(plan, shows=False)
    showing = _programs(plan, shows=True)
    authority = _agent_ca(material)
    if program and plan.bundle and authority is None:
        message = program_logs.UNREADABLE.format(what="certificate-authority", path=f"{MOUNT}rootCA.crt")
        yield Refusal("ca", program, message, *_MISSING)
    if authority and program and not _all_certificates(authority):
        yield Refusal(
            authority.source, program, program_logs.NO_ROOTS, "holds no certificate", "give it as PEM"
        )
    if not showing:
        return
    cert, key = material.get("client-cert"), material.get("client-key")
    if cert is None:
        message = program_logs.UNREADABLE.format(what="client-cert", path=f"{MOUNT}server.crt")
        yield Refusal("client-cert", showing, message, *_MISSING)
    if key is None:
        message = program_logs.NO_CLIENT_KEY
        yield Refusal("client-key", showing, message, *_MISSING)
    if cert and key:
        leaf = next(iter(_all_certificates(cert)), None)
        yield from _key_of(cert, key, showing, leaf)


def _cloudcore_loads(plan: CertPlan, material: Material, now: datetime) -> Iterator[Refusal]:
    """Yield what makes cloudcore exit, and what breaks kubectl logs and exec."""
    if plan.pair("stream") is None:
        return
    for role in ("stream-ca", "stream-cert", "stream-key"):
        if role not in material:
            message = "Read tls stream ca file error" if role == "stream-ca" else "Start stream server error"
            yield Refusal(role, "cloudcore", message, *_MISSING)
    cert, key = material.get("stream-cert"), material.get("stream-key")
    if cert and key:
        leaf = next(iter(_all_certificates(cert)), None)
        yield from _key_of(cert, key, "cloudcore", leaf)
        if leaf and not chain.in_time(leaf, now):
            yield Refusal(
                cert.source, "kube-apiserver", program_logs.EXPIRED, _validity(leaf), "issue it anew"
            )


# --- judging -------------------------------------------------------------------------------

_FIXES = {
    program_logs.UNKNOWN: "have it signed by the authority that the other side trusts",
    program_logs.EXPIRED: "issue it anew; or is a clock wrong?",
    program_logs.USAGE: "issue one for this use",
    program_logs.LONG_CHAIN: "sign with the authority itself",
    program_logs.CRITICAL: "issue it without that extension",
}


def _agent_judges_server(plan: CertPlan, material: Material, now: datetime) -> Iterator[Refusal]:
    """Yield what agent and gateway say of the certificate that the endpoint serves from files."""
    cert, authority = material.get("server-cert"), _agent_ca(material)
    if plan.tls_mode != FILES or cert is None or authority is None:
        return
    leaf, roots = pem.first_certificate(cert.data), _all_certificates(authority)
    program = _programs(plan, shows=False)
    for host in plan.hosts:
        if leaf is None or not roots:
            return
        # edgecore sends the first block and nothing else: no intermediate reaches the client.
        fault = chain.fault(leaf, (), roots, "server", now)
        named = chain.host_fault(leaf, host)
        if named:
            fix = f"issue one with {host} among its names"
            yield Refusal(cert.source, program, named, _names(leaf), fix)
        if fault:
            why = _why(leaf, fault, authority.source, now)
            if fault == program_logs.UNKNOWN and len(_all_certificates(cert)) > 1:
                why += "; the blocks after the first are not served"
            yield Refusal(cert.source, program, fault, why, _FIXES[fault])


def _agent_trusts_cluster(plan: CertPlan, material: Material) -> Iterator[Refusal]:
    """Yield what agents say of any endpoint from 1.17 on when their authority is not the cluster's."""
    given, own = _agent_ca(material), material.get(CLUSTER_CA)
    if plan.tls_mode != CLUSTER or given is None or own is None or not plan.hosts:
        return
    if not {*_all_certificates(given)} & {*_all_certificates(own)}:
        why = f"the endpoint's certificate comes from the cluster's authority, {own.source}"
        fix = "put the cluster's authority into rootCA.crt"
        yield Refusal(given.source, _programs(plan, shows=False), program_logs.UNKNOWN, why, fix)


def _edgecore_judges_client(plan: CertPlan, material: Material, now: datetime) -> Iterator[Refusal]:
    """Yield what edgecore says of the certificate that agent and gateway show; it cuts the handshake."""
    cert, authority = material.get("client-cert"), _edgecore_ca(plan, material)
    if not _programs(plan, shows=True) or cert is None or authority is None:
        return
    sent = _all_certificates(cert)
    roots = _all_certificates(authority)
    if plan.tls_mode == FILES:
        first = pem.first_certificate(authority.data)
        roots = [first] if first else []
    if not sent or not roots:
        return
    fault = chain.fault(sent[0], sent[1:], roots, "client", now)
    if fault:
        why = _why(sent[0], fault, authority.source, now)
        if plan.tls_mode == CLUSTER and fault == program_logs.UNKNOWN:
            why += "; from 1.17 on it must be the cluster's own authority"
        yield Refusal(cert.source, "edgecore", program_logs.VERIFY + fault, why, _FIXES[fault])


def _notes(plan: CertPlan, material: Material, now: datetime) -> Iterator[str]:
    if plan.tls_mode == CLUSTER and "server-cert" in material:
        yield f"{material['server-cert'].source}: edgecore ignores it from 1.17 on"
    ca = material.get("ca")
    if plan.tls_mode == FILES and ca and len(pem.blocks(ca.data)) > 1:
        yield f"{ca.source}: edgecore trusts the first of its {len(pem.blocks(ca.data))} blocks only"
    for role in ("server-cert", "client-cert", "stream-cert"):
        for one in _all_certificates(material[role])[:1] if role in material else ():
            left = one.not_valid_after_utc - now
            if timedelta() < left < _SOON:
                yield f"{material[role].source}: ends in {left.days} days"


def _why(leaf: x509.Certificate, fault: str, trusted: str, now: datetime) -> str:
    if fault == program_logs.EXPIRED:
        own = not chain.in_time(leaf, now)
        return _validity(leaf) if own else f"an authority in {trusted} is out of date"
    if fault == program_logs.UNKNOWN:
        return f"issued by {leaf.issuer.rfc4514_string()}, which is not in {trusted}, or did not sign it"
    if fault == program_logs.USAGE:
        return "is for " + (" and ".join(chain.use_names(leaf)) or "this use, but its authority is not")
    return f"issued by {leaf.issuer.rfc4514_string()}"


def _validity(leaf: x509.Certificate) -> str:
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    return f"valid from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC"


def _names(leaf: x509.Certificate) -> str:
    found = [*chain.addresses(leaf), *chain.dns_names(leaf)]
    return f"its names are {', '.join(found)}" if found else "it has no subject alternative names"


def _programs(plan: CertPlan, *, shows: bool) -> str:
    found = [client.name for client in plan.clients if (client.shows if shows else client.verifies)]
    return " and ".join(found)


def _edgecore_ca(plan: CertPlan, material: Material) -> CertPart | None:
    """Return what edgecore checks client certificates with.

    From 1.17 on it is the cluster's CA. Where that was not given, the agents' bundle must have it too,
    so a certificate that the bundle refuses is refused in any case.
    """
    if plan.tls_mode == CLUSTER:
        return material.get(CLUSTER_CA) or _agent_ca(material)
    return material.get("ca") or material.get(AGENT_CA)


def _agent_ca(material: Material) -> CertPart | None:
    return material.get(AGENT_CA) or material.get("ca")


def _all_certificates(part: CertPart) -> list[x509.Certificate]:
    try:
        return pem.certificates(part.data, part.source)
    except (InvalidInput, UnreadableFile):
        return []
