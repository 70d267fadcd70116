"""cert-manager as signer: manifests of the issuer, and the values that make the charts use it.

The charts write the Certificates of the pairs; no key passes through this module.
"""

from __future__ import annotations

from typing import Any

from generator import go_yaml, paths
from generator.catalogue.message import say
from generator.certs.plan import CLUSTER, CertPlan
from generator.certs.signers import Issue
from generator.io.write import File

HEADER = "# Written by `generator certs issue --signer cert-manager`.\n"
_ISSUER = "kubeedge-endpoint"
_PLACES = {
    "server": "metaServer.serverCertificate.certManager",
    "client": "metaServer.clientCertificate.certManager",
    "stream": "cloudCore.streamCertificate.certManager",
}


def issue(plan: CertPlan, namespace: str, issuer: str | None, kind: str) -> Issue:
    """Return issuer.yaml and values.yaml, or only the values for an existing `issuer` (of `kind`)."""
    name = issuer or _ISSUER
    values: dict[str, Any] = {}
    for pair in plan.pairs:
        paths.put(values, f"{_PLACES[pair.name]}.enable", True)
        paths.put(values, f"{_PLACES[pair.name]}.issuerRef.name", name)
        paths.put(values, f"{_PLACES[pair.name]}.issuerRef.kind", kind if issuer else "Issuer")
        if pair.name == "stream":
            paths.put(values, "cloudCore.streamCertificate.existingSecret", "")
    if not values:
        return Issue(notes=(say("no-certificate-needed"),))
    files = {"values.yaml": File(HEADER + go_yaml.dump(values))}
    notes = [say("add-values")]
    if issuer is None:
        cluster = plan.tls_mode == CLUSTER and plan.pair("client") is not None
        manifests = _cluster_issuer(namespace) if cluster else _own_issuer(namespace)
        files["issuer.yaml"] = File(HEADER + "".join(f"---\n{go_yaml.dump(one)}" for one in manifests))
        notes.insert(0, say("apply-issuer"))
        if cluster:
            notes.insert(0, say("issuer-needs-cluster-ca", namespace=namespace))
    return Issue(files, notes=tuple(notes))


def _cluster_issuer(namespace: str) -> list[dict[str, Any]]:
    return [_object("Issuer", _ISSUER, namespace, {"ca": {"secretName": "kubernetes-ca"}})]


def _own_issuer(namespace: str) -> list[dict[str, Any]]:
    """Return the objects for a CA that cert-manager makes: its issuer, the CA, and the signing issuer."""
    own = f"{_ISSUER}-ca"
    certificate = {
        "isCA": True,
        "commonName": "KubeEdge endpoint CA",
        "secretName": own,
        "duration": "87600h",
        "privateKey": {"algorithm": "ECDSA", "size": 256},
        "issuerRef": {"name": f"{_ISSUER}-self-signed", "kind": "Issuer", "group": "cert-manager.io"},
    }
    return [
        _object("Issuer", f"{_ISSUER}-self-signed", namespace, {"selfSigned": {}}),
        _object("Certificate", own, namespace, certificate),
        _object("Issuer", _ISSUER, namespace, {"ca": {"secretName": own}}),
    ]


def _object(kind: str, name: str, namespace: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "cert-manager.io/v1", "kind": kind, "metadata": metadata, "spec": spec}
