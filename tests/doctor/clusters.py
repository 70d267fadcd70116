"""Healthy installations: the charts as they are rendered, and what a live cluster adds to them."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from generator.kube.selectors import node_terms
from generator.load import load_site
from generator.render.site import Rendering, render_site
from tests.certs import pki
from tests.doctor.fake_kubectl import FakeKubectl, Json
from tests.doctor.rbac import bound, rules_of

NOW = datetime(2026, 11, 28, 12, 0, 0, tzinfo=timezone.utc)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# In this order: cloudcore is installed, nodes join, EdgeMesh is installed, applications start.
INSTALLED, JOINED, MESH, APPLICATIONS = (NOW - number * DAY for number in (10, 9, 8, 7))
ADDRESS = "192.0.2.10"
PSK, TOKEN = "psk-that-nobody-prints", "token-hash-that-nobody-prints"
SECRETS = (PSK, base64.b64encode(PSK.encode()).decode(), TOKEN, "PRIVATE KEY")
EDGE = {"node-role.kubernetes.io/edge": "", "kubernetes.io/os": "linux"}
CONTROL = {"node-role.kubernetes.io/control-plane": "", "kubernetes.io/os": "linux"}
STREAMS = ("streams.enable=true", "cloudCore.streamCertificate.existingSecret=cloudcore-stream")
RELAY = (
    "gateway.enable=true",
    "agent.relayNodes[0].nodeName=cloud-1",
    "agent.relayNodes[0].advertiseAddress[0]=198.51.100.7",
)
ROLLOUT = ("edgeCore.rollout.enable=true",)
GROUPS = (
    *ROLLOUT,
    "edgeCore.nodeGroups.line-a.nodeSelector.line=a",
    "edgeCore.nodeGroups.line-b.nodeSelector.line=b",
)
_BASE = (f"cloudCore.modules.cloudHub.advertiseAddress[0]={ADDRESS}",)
_READER = {"apiGroups": [""], "resources": ["services"], "verbs": ["get", "list", "watch"]}


def at(time: datetime) -> str:
    """Write a time as Kubernetes does."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def rendering(kubeedge: str, profile: str | None, *flags: str) -> Rendering:
    """Render a site."""
    chosen = (f"kubeedgeVersion={kubeedge}", *_BASE, *flags)
    return render_site(load_site([], profile=profile, set=chosen))


@cache
def ca() -> pki.Made:
    """Make the CA of the cluster."""
    return certificate("kubernetes", ca=True)


def certificate(cn: str, **more: Any) -> pki.Made:
    """Make a certificate that is valid for a year after NOW."""
    shift = NOW - pki.NOW
    start, end = (more.pop(name, days) + shift for name, days in (("start", -30 * DAY), ("end", 365 * DAY)))
    return pki.make(cn, start=start, end=end, **more)


@cache
def cloudcore_certificate(*names: str) -> pki.Made:
    """Make a certificate of cloudcore for some addresses."""
    return certificate("KubeEdge", by=ca(), ips=names or (ADDRESS,))


# --- objects ---------------------------------------------------------------------------------------


def node(name: str, labels: dict[str, str], tag: str = "", *, port: int = 10350, ready: bool = True) -> Json:
    """Return a node; an edge node reports the tag of its edgecore."""
    conditions = [{"type": "MemoryPressure", "status": "False"}, ready_condition(ready)]
    version = f"v1.32.10-kubeedge-{tag}" if tag else "v1.32.13"
    spec = {
        "taints": [{"key": key, "effect": "NoSchedule"} for key in CONTROL if key in labels and "role" in key]
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels, "creationTimestamp": at(JOINED), "uid": f"uid-{name}"},
        "spec": spec,
        "status": {
            "conditions": conditions,
            "nodeInfo": {"kubeletVersion": version},
            "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
            "images": [{"names": ["busybox"]}],
        },
    }


def ready_condition(ready: bool, message: str = "") -> Json:
    """Return the condition Ready of a node or pod."""
    found = {"type": "Ready", "status": "True" if ready else "False", "lastTransitionTime": at(NOW - DAY)}
    return {**found, "message": message} if message else found


def pod(
    name: str,
    node_name: str,
    spec: Json,
    *,
    namespace: str = "kubeedge",
    labels: dict[str, str] | None = None,
    owner: tuple[str, str] = ("ReplicaSet", "rs"),
    created: datetime = APPLICATIONS,
    annotations: dict[str, str] | None = None,
) -> Json:
    """Return a pod that runs and is ready."""
    statuses = [
        {
            "name": one["name"],
            "ready": True,
            "restartCount": 0,
            "state": {"running": {"startedAt": at(created)}},
        }
        for one in spec["containers"]
    ]
    ended = [
        {"name": one["name"], "state": {"terminated": {"exitCode": 0}}}
        for one in spec.get("initContainers") or ()
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": labels or {},
            "annotations": annotations or {},
            "creationTimestamp": at(created),
            "ownerReferences": [{"kind": owner[0], "name": owner[1], "controller": True}],
        },
        "spec": {"serviceAccountName": "default", "dnsPolicy": "ClusterFirst", **spec, "nodeName": node_name},
        "status": {
            "phase": "Running",
            "startTime": at(created),
            "podIP": ADDRESS,
            "conditions": [ready_condition(True)],
            "containerStatuses": statuses,
            "initContainerStatuses": ended,
        },
    }


def application(name: str, node_name: str, account: str = "default", **more: Any) -> Json:
    """Return a pod of an application on an edge node."""
    spec = {"serviceAccountName": account, "containers": [{"name": "app", "image": "example.com/app:1"}]}
    return pod(name, node_name, spec, namespace="shop", **more)


def secret(name: str, data: dict[str, bytes], namespace: str = "kubeedge") -> Json:
    """Return a Secret."""
    encoded = {key: base64.b64encode(value).decode() for key, value in data.items()}
    meta = {"name": name, "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "data": encoded}


def der(made: pki.Made) -> dict[str, bytes]:
    """Return a certificate and its key in DER, as cloudcore stores them."""
    key = made.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return {"cert": made.certificate.public_bytes(Encoding.DER), "key": key}


def token(ends: datetime) -> bytes:
    """Return a token for joining: a hash and a JSON web token, joined by a dot."""
    parts = ({"alg": "HS256"}, {"exp": int(ends.timestamp())})
    web = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([TOKEN, *web, "signature"]).encode()


def own_secrets() -> Iterator[Json]:
    """Yield the Secrets that cloudcore creates, and those of the README of the charts."""
    authority, own = der(ca()), der(cloudcore_certificate())
    yield secret("casecret", {"cadata": authority["cert"], "cakeydata": authority["key"]})
    yield secret("cloudcoresecret", {"cloudcoredata": own["cert"], "cloudcorekeydata": own["key"]})
    yield secret("tokensecret", {"tokendata": token(NOW + DAY)})
    yield secret("edgemesh-psk", {"psk": PSK.encode()})


@cache
def _client() -> pki.Made:
    return certificate("edgemesh", by=ca(), uses=("client",))


def given_secrets() -> Iterator[Json]:
    """Yield the Secrets that `generator certs issue` makes."""
    stream, client = cloudcore_certificate(), _client()
    pair = (stream.cert_text.encode(), stream.key_text.encode())
    trusted = ca().cert_text.encode()
    yield secret("cloudcore-stream", {"streamCA.crt": trusted, "stream.crt": pair[0], "stream.key": pair[1]})
    files = {"server.crt": client.cert_text.encode(), "server.key": client.key_text.encode()}
    yield secret("metaserver-certs", {"rootCA.crt": trusted, **files})


# --- a live cluster --------------------------------------------------------------------------------


def install(
    kubeedge: str = "v1.23.1",
    profile: str | None = "one-way-verified",
    *flags: str,
    nodes: Iterable[str] = ("edge-1", "edge-2"),
    labels: dict[str, dict[str, str]] | None = None,
) -> FakeKubectl:
    """Return a cluster with a healthy installation of all charts, and two applications on edge nodes."""
    found = [copy.deepcopy(one.data) for one in rendering(kubeedge, profile, *flags).documents]
    gate = profile not in (None, "plain")
    streams = any("streams" in one for one in flags)
    found += [node("control-1", CONTROL), node("cloud-1", {"kubernetes.io/os": "linux"})]
    for name in nodes:
        own = {**EDGE, **(labels or {}).get(name, {})}
        found.append(node(name, own, kubeedge, port=10351 if streams else 10350))
    found += [*own_secrets(), *given_secrets(), *_applications(list(nodes)), *_roots()]
    if streams:
        found.append(_tunnel_ports())
    cluster = FakeKubectl(found)
    _start(cluster)
    minor = int(kubeedge.split(".")[1])
    if gate and minor >= 14:
        grant_accesses(cluster)
    if gate and minor >= 17:
        cluster.store += [certificate_request(name) for name in nodes]
    return cluster


def _applications(nodes: list[str]) -> Iterator[Json]:
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "shop-reader"}
    subjects = [{"kind": "ServiceAccount", "name": "reader", "namespace": "shop"}]
    meta = {"name": "shop-reader"}
    yield {"kind": "ClusterRole", "metadata": meta, "rules": [_READER]}
    yield {"kind": "ClusterRoleBinding", "metadata": meta, "roleRef": role, "subjects": subjects}
    for name, account in zip(nodes, ("default", "reader"), strict=False):
        yield application(f"app-{account}", name, account)


def _roots() -> Iterator[Json]:
    for namespace in ("kubeedge", "shop"):
        meta = {"name": "kube-root-ca.crt", "namespace": namespace}
        yield {"kind": "ConfigMap", "metadata": meta, "data": {"ca.crt": ca().cert_text}}


def _tunnel_ports() -> Json:
    record = {"ipTunnelPort": {ADDRESS: 10351}, "port": {"10351": True}}
    notes = {"tunnelportrecord.kubeedge.io": json.dumps(record)}
    return {
        "kind": "ConfigMap",
        "metadata": {"name": "tunnelport", "namespace": "kubeedge", "annotations": notes},
    }


def _start(cluster: FakeKubectl) -> None:
    """Add what controllers write: times, statuses, pods."""
    for one in [*cluster.store]:
        meta = one["metadata"]
        time = MESH if "edgemesh" in meta["name"] else INSTALLED
        meta.setdefault("creationTimestamp", at(time))
        meta.setdefault(
            "uid", "uid-" + hashlib.sha256(f"{one['kind']}{meta['name']}".encode()).hexdigest()[:8]
        )
        if one["kind"] == "ConfigMap" and one.get("data"):
            meta["managedFields"] = [changed_by("helm", time)]
        if one["kind"] == "Deployment":
            start_deployment(cluster, one, time)
        elif one["kind"] == "DaemonSet":
            start_daemonset(cluster, one, time)


def changed_by(manager: str, time: datetime) -> Json:
    """Return who changed the data of a ConfigMap, and when."""
    return {"manager": manager, "operation": "Update", "time": at(time), "fieldsV1": {"f:data": {}}}


def start_deployment(cluster: FakeKubectl, one: Json, time: datetime) -> None:
    """Add the pods of a Deployment, on cloud-1."""
    number = one["spec"].get("replicas", 1)
    one["status"] = {"replicas": number, "readyReplicas": number, "availableReplicas": number}
    for place in range(number):
        cluster.store.append(_pod_of(one, "cloud-1", f"-7d4b9c-{'abcdef'[place]}", time))


def start_daemonset(cluster: FakeKubectl, one: Json, time: datetime) -> None:
    """Add the pods of a DaemonSet, one on each node that it selects."""
    tolerated = {each.get("key") for each in one["spec"]["template"]["spec"].get("tolerations") or ()}
    terms, number = node_terms(one), 0
    for found in cluster.of("Node"):
        taints = {taint["key"] for taint in found["spec"]["taints"]}
        if terms.match(found["metadata"]["labels"]) and (taints <= tolerated or None in tolerated):
            number += 1
            name = found["metadata"]["name"]
            edge = "node-role.kubernetes.io/edge" in found["metadata"]["labels"]
            cluster.store.append(
                _pod_of(one, name, f"-{name[-1]}{name[0]}x", max(time, JOINED) if edge else time)
            )
    one["status"] = {"desiredNumberScheduled": number, "numberReady": number}


def _pod_of(one: Json, node_name: str, suffix: str, time: datetime) -> Json:
    meta, template = one["metadata"], copy.deepcopy(one["spec"]["template"])
    owner = (
        (one["kind"], meta["name"])
        if one["kind"] == "DaemonSet"
        else ("ReplicaSet", f"{meta['name']}-7d4b9c")
    )
    return pod(
        meta["name"] + suffix,
        node_name,
        template["spec"],
        namespace=meta["namespace"],
        labels=template["metadata"]["labels"],
        annotations=template["metadata"].get("annotations"),
        owner=owner,
        created=time + timedelta(seconds=1),
    )


def grant_accesses(cluster: FakeKubectl) -> None:
    """Add the access object of each service account on edge nodes, acknowledged by its nodes."""
    accounts: dict[tuple[str, str], list[str]] = {}
    edge = {
        one["metadata"]["name"]
        for one in cluster.of("Node")
        if EDGE.items() <= one["metadata"]["labels"].items()
    }
    for one in cluster.of("Pod"):
        if one["spec"]["nodeName"] in edge and one["spec"]["serviceAccountName"]:
            key = (one["metadata"]["namespace"], one["spec"]["serviceAccountName"])
            accounts.setdefault(key, []).append(one["spec"]["nodeName"])
    for (namespace, name), named in sorted(accounts.items()):
        nodes = list(dict.fromkeys(named))
        cluster.store.append(access(cluster, namespace, name, nodes))
        cluster.store += [sync(one, f"uid-access-{name}", namespace) for one in nodes]


def access(cluster: FakeKubectl, namespace: str, name: str, nodes: list[str]) -> Json:
    """Return the access object of a service account, with its rules."""
    kinds: dict[str, list[Json]] = {"ClusterRoleBinding": [], "RoleBinding": []}
    for one in bound(cluster.store, f"system:serviceaccount:{namespace}:{name}", []):
        home = one["metadata"].get("namespace", "")
        # cloudcore reads the RoleBindings of the namespace of the account.
        if home in ("", namespace):
            role = one["roleRef"]
            rules = rules_of(
                cluster.store, role["kind"], role["name"], home if role["kind"] == "Role" else ""
            )
            kinds[one["kind"]].append({"rules": rules})
    return {
        "kind": "ServiceAccountAccess",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": f"uid-access-{name}",
            "creationTimestamp": at(JOINED),
        },
        "spec": {
            "serviceAccount": {"metadata": {"name": name, "namespace": namespace}},
            "accessClusterRoleBinding": kinds["ClusterRoleBinding"],
            "accessRoleBinding": kinds["RoleBinding"],
        },
        "status": {"nodeList": nodes},
    }


def sync(node_name: str, uid: str, namespace: str, version: str = "4711") -> Json:
    """Return the ObjectSync of an object on a node."""
    meta = {"name": f"{node_name}.{uid}", "namespace": namespace}
    return {"kind": "ObjectSync", "metadata": meta, "status": {"objectResourceVersion": version}}


def certificate_request(
    name: str, *conditions: str, issued: bool = True, created: datetime = JOINED + MINUTE
) -> Json:
    """Return the certificate request of a node's endpoint."""
    found = [{"type": one, "status": "True"} for one in conditions or ("Approved",)]
    return {
        "kind": "CertificateSigningRequest",
        "metadata": {"name": f"metaserver-csr-{name}", "creationTimestamp": at(created)},
        "status": {"conditions": found, **({"certificate": "eA=="} if issued else {})},
    }
