"""Checks certificates as edgecore and edgemesh-agent of a release do, in both directions.

Each rejection quotes what the program would log. The identity of a client is not checked: it depends on
the token.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography import x509

from generator.catalogue.message import Message, say
from generator.certs import chain, pem, program_logs
from generator.certs.faults import explain
from generator.certs.material import AGENT_CA, CLUSTER_CA, CertPart, Material
from generator.certs.plan import CLUSTER, FILES, CertPlan
from generator.certs.readers import MOUNT
from generator.certs.verdict import CertVerdict, Rejection
from generator.errors import InvalidInput, Problem, UnreadableFile

_SOON = timedelta(days=30)
_MISSING = say("certificate-file-missing")


def verify(plan: CertPlan, material: Material, now: datetime) -> CertVerdict:
    """Check the given certificates against the needs of the site."""
    found = [
        *_edgecore_loads(plan, material),
        *_agent_loads(plan, material),
        *_agent_checks_server(plan, material, now),
        *_agent_trusts_cluster(plan, material),
        *_edgecore_checks_client(plan, material, now),
        *_cloudcore_loads(plan, material, now),
    ]
    unverified = tuple(_unverified(plan, material))
    return CertVerdict(tuple(dict.fromkeys(found)), unverified, tuple(_notes(plan, material, now)))


def _unverified(plan: CertPlan, material: Material) -> Iterator[Problem]:
    """Yield what cannot be verified with these files alone."""
    if not plan.pairs and not plan.secrets:
        yield Problem("", "", say("no-certificate-needed", "verify"))
    if plan.tls_mode != CLUSTER or CLUSTER_CA in material:
        return
    shown = material.get("client-cert") if _programs(plan, shows=True) else None
    trusted = _agent_ca(material) if plan.bundle else None
    files = tuple(part.source for part in (shown, trusted) if part)
    if files:
        yield Problem("", "", say("cluster-ca-not-given", files=files))


# --- loading -------------------------------------------------------------------------------


def _edgecore_loads(plan: CertPlan, material: Material) -> Iterator[Rejection]:
    """Yield what stops edgecore up to 1.16 at its start; it reads only the first block of each file."""
    if plan.tls_mode != FILES:
        return
    for role in ("ca", "server-cert", "server-key"):
        if role not in material:
            log = f"{program_logs.WAITING}, then {program_logs.NO_CA}"
            yield Rejection(role, "edgecore", log, _MISSING)
    ca, cert, key = (material.get(role) for role in ("ca", "server-cert", "server-key"))
    for part in (ca, cert, key):
        if part and not pem.blocks(part.data):
            yield Rejection(part.source, "edgecore", program_logs.NIL, say("not-pem"))
    if ca and pem.blocks(ca.data) and pem.first_certificate(ca.data) is None:
        yield Rejection(ca.source, "edgecore", program_logs.NO_CA, say("first-block-not-certificate"))
    if cert and key and pem.blocks(key.data):
        yield from _first_key(cert, key)


def _first_key(cert: CertPart, key: CertPart) -> Iterator[Rejection]:
    first = pem.blocks(key.data)[0]
    if not first.is_key:
        message = say("first-block-not-key", label=first.label)
        yield Rejection(key.source, "edgecore", program_logs.BAD_KEY, message)
        return
    yield from _key_of(cert, key, "edgecore", pem.first_certificate(cert.data))


def _key_of(
    cert: CertPart, key: CertPart, program: str, leaf: x509.Certificate | None
) -> Iterator[Rejection]:
    """Yield what is wrong with a key and its certificate."""
    try:
        own = pem.private_key(key.data, key.source)
    except pem.BadKey as error:
        message = say(error.message.code, "program")
        yield Rejection(key.source, program, program_logs.BAD_KEY, message)
        return
    if leaf is None:
        message = say("first-block-not-certificate") if _all_certificates(cert) else _unreadable(cert)
        yield Rejection(cert.source, program, program_logs.BAD_CERTIFICATE, message)
    elif not pem.matches(own, leaf):
        message = say("key-of-other-certificate", "program", certificate=cert.source)
        yield Rejection(key.source, program, program_logs.MISMATCH, message)


def _agent_loads(plan: CertPlan, material: Material) -> Iterator[Rejection]:
    """Yield what makes agent and gateway exit at their start."""
    program = _programs(plan, shows=False)
    showing = _programs(plan, shows=True)
    ca = _agent_ca(material)
    if program and plan.bundle and ca is None:
        log = program_logs.UNREADABLE.format(what="certificate-authority", path=f"{MOUNT}rootCA.crt")
        yield Rejection("ca", program, log, _MISSING)
    if ca and program and not _all_certificates(ca):
        yield Rejection(ca.source, program, program_logs.NO_ROOTS, _unreadable(ca))
    if not showing:
        return
    cert, key = material.get("client-cert"), material.get("client-key")
    if cert is None:
        log = program_logs.UNREADABLE.format(what="client-cert", path=f"{MOUNT}server.crt")
        yield Rejection("client-cert", showing, log, _MISSING)
    if key is None:
        yield Rejection("client-key", showing, program_logs.NO_CLIENT_KEY, _MISSING)
    if cert and key:
        leaf = next(iter(_all_certificates(cert)), None)
        yield from _key_of(cert, key, showing, leaf)


def _cloudcore_loads(plan: CertPlan, material: Material, now: datetime) -> Iterator[Rejection]:
    """Yield what makes cloudcore exit, and what breaks kubectl logs and exec."""
    if plan.pair("stream") is None:
        return
    for role in ("stream-ca", "stream-cert", "stream-key"):
        if role not in material:
            log = program_logs.CLOUDCORE_CA if role == "stream-ca" else program_logs.CLOUDCORE_PAIR
            yield Rejection(role, "cloudcore", log, _MISSING)
    cert, key = material.get("stream-cert"), material.get("stream-key")
    if cert and key:
        leaf = next(iter(_all_certificates(cert)), None)
        yield from _key_of(cert, key, "cloudcore", leaf)
        fault = chain.time_fault(leaf, now, leaf) if leaf else None
        if fault:
            message = explain(fault, "", "server")
            yield Rejection(cert.source, "kube-apiserver", fault.log, message)


# --- checking the other side -----------------------------------------------------------------


def _agent_checks_server(plan: CertPlan, material: Material, now: datetime) -> Iterator[Rejection]:
    """Yield why agent and gateway reject the certificate that the endpoint serves from files."""
    cert, ca = material.get("server-cert"), _agent_ca(material)
    if plan.tls_mode != FILES or cert is None or ca is None:
        return
    leaf, roots = pem.first_certificate(cert.data), _all_certificates(ca)
    program = _programs(plan, shows=False)
    for host in plan.hosts:
        if leaf is None or not roots:
            return
        # edgecore sends the first block and nothing else: no intermediate reaches the client.
        fault = chain.fault(leaf, (), roots, "server", now)
        named = chain.host_fault(leaf, host)
        if named:
            message = explain(named, ca.source, "server")
            yield Rejection(cert.source, program, named.log, message)
        if fault:
            more = fault.code == "ca-unknown" and len(_all_certificates(cert)) > 1
            message = explain(fault, ca.source, "server", "first-block" if more else "")
            yield Rejection(cert.source, program, fault.log, message)


def _agent_trusts_cluster(plan: CertPlan, material: Material) -> Iterator[Rejection]:
    """Yield why agents reject every endpoint from 1.17 on if they do not trust the cluster's CA."""
    given, own = _agent_ca(material), material.get(CLUSTER_CA)
    if plan.tls_mode != CLUSTER or given is None or own is None or not plan.hosts:
        return
    if not {*_all_certificates(given)} & {*_all_certificates(own)}:
        message = say("cluster-ca-not-trusted", cluster=own.source)
        yield Rejection(given.source, _programs(plan, shows=False), program_logs.UNKNOWN, message)


def _edgecore_checks_client(plan: CertPlan, material: Material, now: datetime) -> Iterator[Rejection]:
    """Yield why edgecore rejects the certificate of agent and gateway in the handshake."""
    cert, ca = material.get("client-cert"), _edgecore_ca(plan, material)
    if not _programs(plan, shows=True) or cert is None or ca is None:
        return
    sent = _all_certificates(cert)
    roots = _all_certificates(ca)
    if plan.tls_mode == FILES:
        first = pem.first_certificate(ca.data)
        roots = [first] if first else []
    if not sent or not roots:
        return
    fault = chain.fault(sent[0], sent[1:], roots, "client", now)
    if fault:
        cluster = plan.tls_mode == CLUSTER and fault.code == "ca-unknown"
        message = explain(fault, ca.source, "client", "cluster" if cluster else "")
        yield Rejection(cert.source, "edgecore", program_logs.VERIFY + fault.log, message)


def _notes(plan: CertPlan, material: Material, now: datetime) -> Iterator[Problem]:
    if plan.tls_mode == CLUSTER and "server-cert" in material:
        yield Problem(material["server-cert"].source, "", say("server-file-ignored"))
    ca = material.get("ca")
    if plan.tls_mode == FILES and ca and len(pem.blocks(ca.data)) > 1:
        yield Problem(ca.source, "", say("blocks-ignored", blocks=len(pem.blocks(ca.data))))
    for role in ("server-cert", "client-cert", "stream-cert"):
        for one in _all_certificates(material[role])[:1] if role in material else ():
            left = one.not_valid_after_utc - now
            if timedelta() < left < _SOON:
                yield Problem(material[role].source, "", say("certificate-expires-soon", days=left.days))


def _programs(plan: CertPlan, *, shows: bool) -> str:
    found = [client.name for client in plan.clients if (client.shows if shows else client.verifies)]
    return " and ".join(found)


def _edgecore_ca(plan: CertPlan, material: Material) -> CertPart | None:
    """Return the CA that edgecore checks client certificates with.

    From 1.17 on it is the cluster's CA. If it was not given, the bundle of the agents must contain it, so
    edgecore rejects every certificate of a CA that is not in the bundle.
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


def _unreadable(part: CertPart) -> Message:
    """Return why a file gives no certificate."""
    try:
        pem.certificates(part.data, part.source)
    except UnreadableFile as error:
        return say(error.problems[0].code, "program")
    return say("no-certificate", "program")
