"""cert-manager as signer: the issuer's manifests, and the values that make the charts use it.

The charts themselves write the Certificates of the pairs; no key passes through here.
"""

from __future__ import annotations

from typing import Any

from generator import go_yaml, paths
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
    """Return issuer.yaml and values.yaml; with an `issuer` that exists (of `kind`) the values only."""
    name = issuer or _ISSUER
    values: dict[str, Any] = {}
    for pair in plan.pairs:
        paths.put(values, f"{_PLACES[pair.name]}.enable", True)
        paths.put(values, f"{_PLACES[pair.name]}.issuerRef.name", name)
        paths.put(values, f"{_PLACES[pair.name]}.issuerRef.kind", kind if issuer else "Issuer")
        if pair.name == "stream":
            paths.put(values, "cloudCore.streamCertificate.existingSecret", "")
    if not values:
        return Issue(says=("this site needs no certificate.",))
    files = {"values.yaml": File(HEADER + go_yaml.dump(values))}
    says = ["lay values.yaml over the site: generator render -f SITE -f values.yaml"]
    if issuer is None:
        cluster = plan.tls_mode == CLUSTER and plan.pair("client") is not None
        manifests = _cluster_issuer(namespace) if cluster else _own_issuer(namespace)
        files["issuer.yaml"] = File(HEADER + "".join(f"---\n{go_yaml.dump(one)}" for one in manifests))
        says.insert(0, "kubectl apply -f issuer.yaml, where cert-manager runs")
        if cluster:
            says.insert(0, _CLUSTER.format(namespace=namespace))
    return Issue(files, says=tuple(says))


_CLUSTER = (
    "from 1.17 on edgecore trusts the cluster's authority alone; give it to the issuer, where its key is: "
    "kubectl -n {namespace} create secret tls kubernetes-ca --cert=/etc/kubernetes/pki/ca.crt "
    "--key=/etc/kubernetes/pki/ca.key (--signer csr needs no such copy)"
)


def _cluster_issuer(namespace: str) -> list[dict[str, Any]]:
    return [_object("Issuer", _ISSUER, namespace, {"ca": {"secretName": "kubernetes-ca"}})]


def _own_issuer(namespace: str) -> list[dict[str, Any]]:
    """Return an authority that cert-manager makes and keeps: self-signed, then signing."""
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
