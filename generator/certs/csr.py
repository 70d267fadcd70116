"""A client certificate from the cluster's own authority, through the Kubernetes CSR API.

The key never leaves the machine. It waits in `pending/` until its certificate is there; then both
become client.key and client.crt in one step.
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
from generator.certs import ca as made
from generator.certs import chain, pem, secrets
from generator.certs.plan import CertPlan, KeyPair
from generator.certs.signers import Issue, IssueOptions, keys_among
from generator.errors import ClusterError, InvalidInput, plain
from generator.io.files import is_there
from generator.io.kubectl import Kubectl
from generator.io.write import File

SIGNER = "kubernetes.io/kube-apiserver-client"
KEY, MANIFEST = "pending/client.key", "pending/client-csr.yaml"
_DAY = 24 * 60 * 60
_POLL = 2.0  # seconds between two looks at a request


def prepare(pair: KeyPair, folder: Path, wish: IssueOptions) -> Issue:
    """Make the key and the request, or find those of an earlier run that still wait."""
    if is_there(folder / KEY) and is_there(folder / MANIFEST):
        return Issue(says=_next_steps(folder, name_in(folder)))
    key = made.make_key(wish.key_type)
    text = manifest(made.request(key, pair.names), wish.days)
    files = {KEY: File(pem.key_text(key), 0o600), MANIFEST: File(text)}
    return Issue(files, frozenset([KEY]), _next_steps(folder, go_yaml.load(text)["metadata"]["name"]))


def _next_steps(folder: Path, name: str) -> tuple[str, ...]:
    return (
        "the certificate is still to be signed by the cluster. Either let --apply --approve do it, or:",
        f"  kubectl apply -f {folder / MANIFEST}",
        f"  kubectl certificate approve {name}",
        "  and this command once more, with --apply",
    )


def manifest(request: x509.CertificateSigningRequest, days: int) -> str:
    """Write the CertificateSigningRequest; its name follows from the key, so applying twice is once."""
    text = request.public_bytes(serialization.Encoding.PEM)
    mark = hashlib.sha256(pem.public_bytes(request.public_key())).hexdigest()[:10]
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
    """Return the name of the request that waits in a folder."""
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
    """Apply the waiting request, approve it if told to, and return the pair once it is signed.

    Waits at most `wait` seconds for approval and signature. Raises ClusterError; the request stays.
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
    """Look at a request until it is signed; raise ClusterError when it is refused or time is up."""
    state = "is not approved"
    for _ in range(max(1, int(wait / _POLL))):
        status = json.loads(kubectl.run("get", "csr", name, "-o", "json")).get("status") or {}
        conditions = {one["type"]: one for one in status.get("conditions") or []}
        refused = conditions.get("Denied") or conditions.get("Failed")
        if refused:
            raise ClusterError(f"csr {name}: {refused['type'].lower()}: {_reason(refused)}")
        if status.get("certificate"):
            return base64.b64decode(status["certificate"]).decode()
        state = "is approved and not signed" if "Approved" in conditions else state
        sleep(_POLL)
    fix = "can kube-controller-manager sign (--cluster-signing-cert-file)?"
    if state == "is not approved":
        fix = f"kubectl certificate approve {name}, or --approve"
    raise ClusterError(f"csr {name} {state} after {wait:.0f} s", fix)


def _reason(condition: dict[str, Any]) -> str:
    return str(condition.get("message") or condition.get("reason") or "no reason given")


def _check(signed: str, bundle: str, key: pem.Key, name: str, wish: IssueOptions) -> None:
    """Raise InvalidInput for a certificate that is not for this key or not from this cluster."""
    got = pem.certificates(signed.encode(), f"csr {name}")
    roots = pem.certificates(bundle.encode(), "configmap kube-root-ca.crt")
    if not pem.matches(key, got[0]):
        raise InvalidInput([plain(f"csr {name}", "", "was signed for another key than the one that waits")])
    fault = chain.fault(got[0], got[1:], roots, "client", wish.now)
    if fault:
        fix = "is --cluster-signing-cert-file another authority, or a clock wrong?"
        raise InvalidInput([plain(f"csr {name}", "", f"the cluster would not accept it: {fault}", fix)])


def kept() -> Issue:
    """Return what is said of a client pair that is there."""
    return Issue(says=("client.crt and its key are kept (--force makes them anew)",))
