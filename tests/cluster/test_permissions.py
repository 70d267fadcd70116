"""Permissions, checked with the token of each program: its calls are allowed, others are denied.

The calls come from the facts about the programs (source code, and the audit log of a real cluster), not from
the chart.
"""

from __future__ import annotations

import base64
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.cluster.api import Api, Denied, Object, until
from tests.cluster.helm import Helm
from tests.cluster.leftovers import Leftovers
from tests.cluster.sites import site

READ = "get list watch"
REVIEWS = "/apis/authorization.k8s.io/v1"
# Verbs, resource.group[/subresource], then a namespace (default: all) and a name (default: any).
Row = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]
KUBEEDGE = "kubeedge"

DOES: dict[str, list[Row]] = {
    "cloudcore": [
        (f"{READ} create update patch", "nodes"),
        ("update patch", "nodes/status"),
        (f"{READ} create delete", "pods"),
        ("update patch", "pods/status"),
        (READ, "configmaps"),
        (READ, "secrets"),
        ("create", "serviceaccounts/token"),
        ("get", "persistentvolumes"),
        ("get", "persistentvolumeclaims"),
        ("get", "volumeattachments.storage.k8s.io"),
        ("create update patch", "events"),
        ("get create update", "leases.coordination.k8s.io"),
        (READ, "devices.devices.kubeedge.io"),
        (READ, "devicemodels.devices.kubeedge.io"),
        (f"{READ} create patch", "devicestatuses.devices.kubeedge.io"),
        (f"{READ} create delete", "objectsyncs.reliablesyncs.kubeedge.io"),
        (f"{READ} create delete", "clusterobjectsyncs.reliablesyncs.kubeedge.io"),
        ("update", "objectsyncs.reliablesyncs.kubeedge.io/status"),
        ("update", "clusterobjectsyncs.reliablesyncs.kubeedge.io/status"),
        (READ, "rules.rules.kubeedge.io"),
        (READ, "ruleendpoints.rules.kubeedge.io"),
        (READ, "nodeupgradejobs.operations.kubeedge.io"),
        (READ, "imageprepulljobs.operations.kubeedge.io"),
        (READ, "configupdatejobs.operations.kubeedge.io"),
        # Its certificates, the join token, and the record of tunnel ports.
        ("create", "secrets", KUBEEDGE),
        ("get update", "secrets", KUBEEDGE, "casecret"),
        ("get update", "secrets", KUBEEDGE, "cloudcoresecret"),
        ("get update", "secrets", KUBEEDGE, "tokensecret"),
        ("create", "configmaps", KUBEEDGE),
        ("update", "configmaps", KUBEEDGE, "tunnelport"),
        # Edge applications list these through the endpoint.
        (READ, "services"),
        (READ, "endpoints"),
        (READ, "namespaces"),
        (READ, "endpointslices.discovery.k8s.io"),
        (READ, "destinationrules.networking.istio.io"),
        (READ, "virtualservices.networking.istio.io"),
        (READ, "deployments.apps"),
    ],
    "cloudcore with requireAuthorization": [
        (READ, "serviceaccounts"),
        (f"{READ} create update delete", "serviceaccountaccesses.policy.kubeedge.io"),
        ("update", "serviceaccountaccesses.policy.kubeedge.io/status"),
        (READ, "roles.rbac.authorization.k8s.io"),
        (READ, "rolebindings.rbac.authorization.k8s.io"),
        (READ, "clusterroles.rbac.authorization.k8s.io"),
        (READ, "clusterrolebindings.rbac.authorization.k8s.io"),
        (f"{READ} create", "certificatesigningrequests.certificates.k8s.io"),
        ("update", "certificatesigningrequests.certificates.k8s.io/approval"),
        ("approve", "signers.certificates.k8s.io", "", "kubernetes.io/kubelet-serving"),
    ],
    "iptables-manager-sa": [
        ("list watch", "configmaps"),
        ("list watch", "pods"),
        ("get update", "configmaps", KUBEEDGE, "tunnelport"),
    ],
    "controller-manager": [
        (f"{READ} update patch", "nodegroups.apps.kubeedge.io"),
        ("update patch", "nodegroups.apps.kubeedge.io/status"),
        (f"{READ} update patch", "edgeapplications.apps.kubeedge.io"),
        ("update patch", "edgeapplications.apps.kubeedge.io/status"),
        (f"{READ} patch", "nodes"),
        (f"{READ} delete", "pods"),
        (f"{READ} create update patch delete", "deployments.apps"),
        (f"{READ} create update patch delete", "services"),
        (f"{READ} update patch", "nodeupgradejobs.operations.kubeedge.io"),
        ("update patch", "configupdatejobs.operations.kubeedge.io/status"),
    ],
    "kubeedge-admission": [
        ("get create update", "mutatingwebhookconfigurations.admissionregistration.k8s.io"),
        ("get create update", "validatingwebhookconfigurations.admissionregistration.k8s.io"),
        ("get list", "rules.rules.kubeedge.io"),
        ("get list", "ruleendpoints.rules.kubeedge.io"),
    ],
    "edgemesh-agent": [
        (READ, "services"),
        (READ, "endpoints"),
        (READ, "namespaces"),
        (READ, "destinationrules.networking.istio.io"),
    ],
    "edgemesh-gateway": [
        (READ, "services"),
        (READ, "endpoints"),
        (READ, "secrets"),
        (READ, "destinationrules.networking.istio.io"),
        (READ, "gateways.networking.istio.io"),
        (READ, "virtualservices.networking.istio.io"),
    ],
}

# Denied to every program: ways to more permissions, into other pods, or to control the cluster.
NOBODY: list[Row] = [
    ("create update patch delete bind escalate", "clusterroles.rbac.authorization.k8s.io"),
    ("create update patch delete", "clusterrolebindings.rbac.authorization.k8s.io"),
    ("create update patch delete", "rolebindings.rbac.authorization.k8s.io", "kube-system"),
    ("create get", "pods/exec"),
    ("create", "pods/attach"),
    ("impersonate", "users"),
    ("impersonate", "serviceaccounts"),
    ("create update patch delete", "customresourcedefinitions.apiextensions.k8s.io"),
    ("delete deletecollection", "nodes"),
    ("create update delete", "namespaces"),
    ("delete", "secrets"),
    ("create update patch", "secrets", "kube-system"),
    ("update patch", "secrets", KUBEEDGE, "metaserver-certs"),
    ("update patch", "configmaps", KUBEEDGE, "cloudcore"),
    ("create update patch", "daemonsets.apps"),
    ("approve", "signers.certificates.k8s.io", "", "kubernetes.io/kube-apiserver-client"),
    ("approve", "signers.certificates.k8s.io", "", "kubernetes.io/kube-apiserver-client-kubelet"),
]
OUTSIDERS: list[Row] = [
    ("create", "serviceaccounts/token"),
    ("create update patch delete", "nodes"),
    ("create", "certificatesigningrequests.certificates.k8s.io"),
]
MUST_NOT: dict[str, list[Row]] = {
    "cloudcore": [
        ("create update patch delete", "services"),
        ("create update patch delete", "deployments.apps"),
        ("create update", "configmaps", "kube-system"),
        ("create update", "validatingwebhookconfigurations.admissionregistration.k8s.io"),
        ("delete", "persistentvolumes"),
    ],
    "iptables-manager-sa": [
        *OUTSIDERS,
        (READ, "secrets"),
        ("update", "configmaps", "kube-system", "tunnelport"),
    ],
    "controller-manager": [
        (READ, "secrets"),
        (READ, "configmaps"),
        ("create", "serviceaccounts/token"),
        ("create", "pods"),
    ],
    "kubeedge-admission": [*OUTSIDERS, (f"{READ} create", "secrets"), (READ, "pods")],
    "edgemesh-agent": [
        *OUTSIDERS,
        (READ, "secrets"),
        (READ, "configmaps"),
        (READ, "pods"),
        (READ, "nodes"),
        ("create update patch delete", "services"),
        ("create update patch delete", "endpoints"),
    ],
    "edgemesh-gateway": [
        *OUTSIDERS,
        ("create update patch", "secrets"),
        (READ, "configmaps"),
        (READ, "pods"),
    ],
}


def as_account(api: Api, name: str, kube_config: str, namespace: str = KUBEEDGE) -> Api:
    """Return the API server as a service account sees it, with a token of the account."""
    path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token"
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    token = api.do("POST", path, request)["status"]["token"]
    session = requests.Session()
    # $REQUESTS_CA_BUNDLE would override the bundle below.
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {token}"
    root = api.get("v1", "ConfigMap", "kube-root-ca.crt", namespace)
    assert root
    bundle = Path(kube_config).with_name(f"{name}-ca.crt")
    bundle.write_text(root["data"]["ca.crt"], "utf-8")
    session.verify = str(bundle)
    return Api(session, api.url)


def allowed(account: Api, row: Row) -> dict[str, bool]:
    """Return whether each verb of a row is allowed."""
    verbs, what, namespace, name = (*row, "", "")[:4]
    resource, _, subresource = what.partition("/")
    plural, _, group = resource.partition(".")
    attributes = {"group": group, "resource": plural, "subresource": subresource}
    attributes |= {"namespace": namespace, "name": name}
    review: Object = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview"}
    answers = {}
    for verb in verbs.split():
        spec = {"resourceAttributes": {**attributes, "verb": verb}}
        answer = account.do("POST", f"{REVIEWS}/selfsubjectaccessreviews", {**review, "spec": spec})
        answers[f"{verb} {' '.join(row[1:])}"] = bool(answer["status"]["allowed"])
    return answers


@pytest.fixture
def install(kube_config: str, home: Path, leftovers: Leftovers) -> Helm:
    """Return a Helm to install with, in an empty cluster."""
    assert leftovers.now() == set()
    return Helm("helm-4.3", kube_config, home)


def test_programs_have_exactly_the_permissions_they_use(install: Helm, api: Api, kube_config: str) -> None:
    for chart in ("cloudcore", "edgemesh"):
        install.install(chart, values=site("mtls"))
    accounts = {name: as_account(api, name, kube_config) for name in MUST_NOT}
    forbidden = [
        f"{name} is denied: {right}"
        for name, rows in DOES.items()
        for row in rows
        for right, yes in allowed(accounts[name.partition(" ")[0]], row).items()
        if not yes
    ]
    assert forbidden == []
    too_much = [
        f"{name} is allowed: {right}"
        for name, rows in MUST_NOT.items()
        for row in [*rows, *NOBODY]
        for right, yes in allowed(accounts[name], row).items()
        if yes
    ]
    assert too_much == []


def test_plain_cloudcore_cannot_approve_certificates_or_read_roles(
    install: Helm, api: Api, kube_config: str
) -> None:
    install.install("cloudcore", values=site("plain"))
    account = as_account(api, "cloudcore", kube_config)
    answers = [
        a for row in DOES["cloudcore with requireAuthorization"] for a in allowed(account, row).items()
    ]
    # cloudcore requests a certificate for the edge node in every profile.
    requested = {f"{verb} certificatesigningrequests.certificates.k8s.io" for verb in ("get", "create")}
    assert {right for right, yes in answers if yes} == requested
    assert [r for row in DOES["cloudcore"] for r, yes in allowed(account, row).items() if not yes] == []


def test_aggregated_role_of_the_user_applies_to_cloudcore(install: Helm, api: Api, kube_config: str) -> None:
    install.install("cloudcore", values=site("plain"))
    account = as_account(api, "cloudcore", kube_config)
    row: Row = ("list", "limitranges")
    assert set(allowed(account, row).values()) == {False}
    rule = {"apiGroups": [""], "resources": ["limitranges"], "verbs": ["list"]}
    meta = {"name": "mine", "labels": {"rbac/aggregate-to-cloudcore": "true"}}
    api.create(
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRole",
            "metadata": meta,
            "rules": [rule],
        }
    )
    until(lambda: set(allowed(account, row).values()) == {True}, "the role applies to cloudcore")


def test_cloudcore_can_approve_the_certificate_of_an_endpoint(
    install: Helm, api: Api, kube_config: str
) -> None:
    install.install("cloudcore", values=site("one-way-verified"))
    account = as_account(api, "cloudcore", kube_config)
    wanted = account.create(serving_request("edge-1"))
    path = f"{account.place(wanted)}/approval"
    yes = {"type": "Approved", "status": "True", "reason": "Test"}
    account.do("PUT", path, {**wanted, "status": {"conditions": [yes]}})
    until(lambda: "certificate" in account.do("GET", account.place(wanted))["status"], "it is signed")
    # cloudcore must not approve a client certificate.
    other = serving_request("edge-2")
    other["spec"] |= {"signerName": "kubernetes.io/kube-apiserver-client", "usages": ["client auth"]}
    other = api.create(other)
    with pytest.raises(Denied, match="403"):
        account.do("PUT", f"{account.place(other)}/approval", {**other, "status": {"conditions": [yes]}})


def serving_request(node: str) -> Object:
    """Return the certificate request that edgecore makes for its endpoint, from 1.17 on."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "system:nodes"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"system:node:{node}"),
        ]
    )
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    asked = x509.CertificateSigningRequestBuilder().subject_name(name).add_extension(address, critical=False)
    text = asked.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(Encoding.PEM)
    return {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": f"metaserver-csr-{node}"},
        "spec": {
            "request": base64.b64encode(text).decode(),
            "signerName": "kubernetes.io/kubelet-serving",
            "usages": ["digital signature", "server auth"],
        },
    }
