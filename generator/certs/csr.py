"""A client certificate from the cluster's CA, through the Kubernetes CSR API.

The key never leaves the machine. It waits in `pending/` until the certificate is signed; then both become
client.key and client.crt in one step.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from generator import go_yaml
from generator.catalogue.message import Message, say
from generator.certs import chain, pem, secrets
from generator.certs.ca import make_key, request
from generator.certs.faults import explain
from generator.certs.plan import CertPlan, KeyPair
from generator.certs.signers import Issue, IssueOptions, keys_among
from generator.errors import ClusterError, InvalidInput, Problem
from generator.io.files import is_there
from generator.io.kubectl import Kubectl
from generator.io.write import File

SIGNER = "kubernetes.io/kube-apiserver-client"
KEY, MANIFEST = "pending/client.key", "pending/client-csr.yaml"
_DAY = 24 * 60 * 60
_POLL = 2.0  # seconds between two polls of a request


def prepare(pair: KeyPair, folder: Path, wish: IssueOptions) -> Issue:
    """Make the key and the request, or find those of an earlier run that are not signed yet."""
    if is_there(folder / KEY) and is_there(folder / MANIFEST):
        return Issue(notes=(_next_step(folder, name_in(folder)),))
    key = make_key(wish.key_type)
    text = manifest(request(key, pair.names), wish.days)
    files = {KEY: File(pem.key_text(key), 0o600), MANIFEST: File(text)}
    return Issue(files, frozenset([KEY]), (_next_step(folder, go_yaml.load(text)["metadata"]["name"]),))


def _next_step(folder: Path, name: str) -> Message:
    return say("csr-not-signed-yet", manifest=str(folder / MANIFEST), name=name)


def manifest(asked: x509.CertificateSigningRequest, days: int) -> str:
    """Write the CertificateSigningRequest; its name follows from the key, so it can be applied again."""
    text = asked.public_bytes(serialization.Encoding.PEM)
    mark = hashlib.sha256(pem.public_bytes(asked.public_key())).hexdigest()[:10]
    found = {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": f"edgemesh-metaserver-client-{mark}"},
        "spec": {
            "signerName": SIGNER,
            "expirationSeconds": days * _DAY,
            "usages": ["client auth", "digital signature"],
            "request": base64.b64encode(text).decode(),
        },
    }
    return "# Written by `generator certs issue`.\n" + go_yaml.dump(found)


def name_in(folder: Path) -> str:
    """Return the name of the request in a folder that is not signed yet."""
    loaded = go_yaml.load(pem.read_bytes(folder / MANIFEST).decode())
    return str(loaded["metadata"]["name"])


def fetch(
    plan: CertPlan,
    folder: Path,
    wish: IssueOptions,
    kubectl: Kubectl,
    *,
    approve: bool,
    wait: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Issue:
    """Apply the request, approve it with `approve`, and return the pair once it is signed.

    Waits at most `wait` seconds for the signature. The request stays after a ClusterError.
    """
    text = pem.read_bytes(folder / MANIFEST).decode()
    name = name_in(folder)
    kubectl.run("apply", "-f", "-", text=text)
    if approve:
        kubectl.run("certificate", "approve", name)
    signed = _wait(kubectl, name, wait, sleep)
    roots = kubectl.run("get", "configmap", "kube-root-ca.crt", "-n", "kube-system", "-o", "json")
    bundle = json.loads(roots)["data"]["ca.crt"]
    key = pem.private_key(pem.read_bytes(folder / KEY), str(folder / KEY))
    _check(signed, bundle, key, name, wish)
    files = {
        "rootCA.crt": File(bundle),
        "client.crt": File(signed),
        "client.key": File(pem.key_text(key), 0o600),
    }
    texts = {name: file.text for name, file in files.items()}
    files.update(secrets.files(plan.secrets, wish.namespace, texts))
    return Issue(files, keys_among(files), remove=(KEY, MANIFEST))


def _wait(kubectl: Kubectl, name: str, wait: float, sleep: Callable[[float], None]) -> str:
    """Poll a request until it is signed; raise ClusterError when it is denied or not signed in time."""
    approved = False
    for _ in range(max(1, int(wait / _POLL))):
        status = json.loads(kubectl.run("get", "csr", name, "-o", "json")).get("status") or {}
        conditions = {one["type"]: one for one in status.get("conditions") or []}
        rejected = conditions.get("Denied") or conditions.get("Failed")
        if rejected:
            raise ClusterError(f"csr {name}: {rejected['type'].lower()}: {_reason(rejected)}")
        if status.get("certificate"):
            return base64.b64decode(status["certificate"]).decode()
        approved = approved or "Approved" in conditions
        sleep(_POLL)
    if approved:
        fix = "check --cluster-signing-cert-file of kube-controller-manager"
        raise ClusterError(f"csr {name}: approved, but not signed after {wait:.0f} s", fix)
    fix = f"kubectl certificate approve {name}, or use --approve"
    raise ClusterError(f"csr {name}: not approved after {wait:.0f} s", fix)


def _reason(condition: dict[str, Any]) -> str:
    return str(condition.get("message") or condition.get("reason") or "no reason given")


def _check(signed: str, bundle: str, key: pem.Key, name: str, wish: IssueOptions) -> None:
    """Raise InvalidInput for a certificate of another key or another cluster."""
    got = pem.certificates(signed.encode(), f"csr {name}")
    roots = pem.certificates(bundle.encode(), "configmap kube-root-ca.crt")
    if not pem.matches(key, got[0]):
        raise InvalidInput([Problem(f"csr {name}", "", say("csr-of-other-key", key=KEY))])
    fault = chain.fault(got[0], got[1:], roots, "client", wish.now)
    if fault:
        message = explain(fault, "configmap kube-root-ca.crt", "client", "csr")
        raise InvalidInput([Problem(f"csr {name}", "", message)])


def kept() -> Issue:
    """Return the note about a client pair that the folder already has."""
    return Issue(notes=(say("pair-kept", pair="client"),))
