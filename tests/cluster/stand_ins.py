"""Stand-ins for the objects of upstream's charts: the same names, labels and selectors, other contents.

From the facts about the charts of cloudcore (1.17 and newer) and EdgeMesh.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cluster.api import Object

NAMESPACE = "kubeedge"
AGGREGATE = "rbac/aggregate-to-cloudcore"
PSK = "bm90IGEgcmVhbCBrZXksIG9ubHkgZm9yIGEgdGVzdCE="


def pod_of(name: str, labels: dict[str, str], account: str) -> Object:
    """Return a pod template on the host network."""
    container = {"name": name, "image": f"kubeedge/{name}:v1.20.0", "ports": [{"containerPort": 10000}]}
    spec = {"hostNetwork": True, "serviceAccountName": account, "containers": [container]}
    return {"metadata": {"labels": labels}, "spec": spec}


def workload(kind: str, name: str, label: str, account: str, k8s_app: str = "") -> Object:
    """Return a workload with the selector of upstream: two constant labels."""
    labels = {"k8s-app": k8s_app or label, "kubeedge": label}
    spec: Object = {"selector": {"matchLabels": labels}, "template": pod_of(name, labels, account)}
    return thing("apps/v1", kind, name, spec=spec, labels=labels)


def thing(
    api_version: str, kind: str, name: str, labels: Any = None, scope: str = NAMESPACE, **rest: Any
) -> Object:
    """Return an object; with `scope` "" it has no namespace."""
    meta = {"name": name, **({"namespace": scope} if scope else {}), **({"labels": labels} if labels else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": meta, **rest}


def permissions(role: str, binding: str, account: str, labels: Any = None, **rest: Any) -> list[Object]:
    """Return a service account, a cluster role and its binding."""
    group = "rbac.authorization.k8s.io"
    reference = {"apiGroup": group, "kind": "ClusterRole", "name": role}
    subject = {"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}
    rules = {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}], **rest}
    return [
        thing("v1", "ServiceAccount", account, labels),
        thing(f"{group}/v1", "ClusterRole", role, labels, "", **rules),
        thing(
            f"{group}/v1", "ClusterRoleBinding", binding, labels, "", roleRef=reference, subjects=[subject]
        ),
    ]


def cloudcore() -> list[Object]:
    """Return the objects of upstream's cloudcore release."""
    labels = {"k8s-app": "kubeedge", "kubeedge": "cloudcore"}
    ports = [{"name": "cloudhub", "port": 10000, "targetPort": 10000}]
    selectors = {"clusterRoleSelectors": [{"matchLabels": {AGGREGATE: "true"}}]}
    common = permissions("cloudcore-common", "unused", "cloudcore", {**labels, AGGREGATE: "true"})[1]
    return [
        *permissions("cloudcore", "cloudcore", "cloudcore", labels, aggregationRule=selectors, rules=[]),
        common,
        *permissions("iptables-manager", "iptables-manager", "iptables-manager-sa"),
        *permissions("controller-manager", "controller-manager", "controller-manager"),
        thing("v1", "ConfigMap", "cloudcore", labels, data={"cloudcore.yaml": "modules: {}\n"}),
        thing("v1", "Service", "cloudcore", labels, spec={"selector": labels, "ports": ports}),
        workload("Deployment", "cloudcore", "cloudcore", "cloudcore", "kubeedge"),
        workload("Deployment", "kubeedge-controller-manager", "controller-manager", "controller-manager"),
        workload("DaemonSet", "cloud-iptables-manager", "iptables-manager", "iptables-manager-sa"),
        workload("DaemonSet", "edge-eclipse-mosquitto", "eclipse-mosquitto", "default"),
    ]


def edgemesh() -> list[Object]:
    """Return the objects of upstream's EdgeMesh release."""
    config = {"edgemesh-agent.yaml": "modules:\n  edgeProxy:\n    enable: true\n"}
    return [
        *permissions("edgemesh-agent", "edgemesh-agent", "edgemesh-agent"),
        thing("v1", "ConfigMap", "edgemesh-agent-cfg", data=config),
        thing("v1", "ConfigMap", "edgemesh-agent-psk", data={"psk": PSK}),
        workload("DaemonSet", "edgemesh-agent", "edgemesh-agent", "edgemesh-agent", "kubeedge"),
    ]


def secrets() -> list[Object]:
    """Return the Secrets that cloudcore, a hook of its chart and the operator created."""
    names = ("casecret", "cloudcoresecret", "tokensecret", "cloudcore", "metaserver-certs")
    return [thing("v1", "Secret", name, stringData={"key": f"of {name}"}) for name in names]


def as_chart(name: str, objects: list[Object], folder: Path) -> Path:
    """Write objects as a chart, so that Helm owns them as it owns upstream's objects."""
    chart = folder / name
    (chart / "templates").mkdir(parents=True)
    (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\nversion: 0.1.0\n", "utf-8")
    text = "".join(f"---\n{json.dumps(one)}\n" for one in objects)
    (chart / "templates" / "all.yaml").write_text(text, "utf-8")
    return chart
