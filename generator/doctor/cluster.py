"""Reads everything that the checks need from a cluster, once, and notes what this account may not read."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from generator.errors import ClusterError
from generator.io.api_server import is_denied, is_missing
from generator.io.kubectl import ISSUER_PATH, Kubectl
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, containers, pod_of

Json = dict[str, Any]
_Read = TypeVar("_Read")

EDGE = "node-role.kubernetes.io/edge"
_APPS = "/apis/apps/v1"
_RBAC = "/apis/rbac.authorization.k8s.io/v1"
# Each list with its path. The names are those of kubectl.
_LISTS = {
    "csr": "/apis/certificates.k8s.io/v1/certificatesigningrequests",
    "serviceaccountaccesses": "/apis/policy.kubeedge.io/v1alpha1/serviceaccountaccesses",
    "objectsyncs": "/apis/reliablesyncs.kubeedge.io/v1alpha1/objectsyncs",
    "clusterroles": f"{_RBAC}/clusterroles",
    "clusterrolebindings": f"{_RBAC}/clusterrolebindings",
    "roles": f"{_RBAC}/roles",
    "rolebindings": f"{_RBAC}/rolebindings",
}
_WORKLOADS = {"DaemonSet": "daemonsets", "Deployment": "deployments", "StatefulSet": "statefulsets"}
_PROGRAMS = ("cloudcore", "edgemesh-agent", "edgemesh-gateway", "iptables-manager")
# The fields in the spec of a pod that a check reads.
_KEPT = ("nodeName", "serviceAccountName", "dnsPolicy", "hostNetwork", "automountServiceAccountToken")
# kubectl mostly waits for the API server.
_AT_ONCE = 4


@dataclass
class LiveCluster:
    """The objects of a cluster. `unreadable` has the reason for each list or object that was not read.

    `left_out` are the edge nodes that are not checked. `pods` are those on edge nodes and those of the
    programs, without the fields that no check reads. Secrets and ConfigMaps are read by name, when a check
    first asks for them.
    """

    kubectl: Kubectl
    nodes: dict[str, Json] = field(default_factory=dict)
    left_out: dict[str, Json] = field(default_factory=dict)
    pods: list[Json] = field(default_factory=list)
    workloads: list[Object] = field(default_factory=list)
    lists: dict[str, list[Json]] = field(default_factory=dict)
    issuer: str = ""
    groups: frozenset[str] = frozenset()
    unreadable: dict[str, str] = field(default_factory=dict)
    _named: dict[tuple[str, str, str], Json | None] = field(default_factory=dict)

    @property
    def edge_nodes(self) -> dict[str, Json]:
        """Return the edge nodes by name."""
        return {name: node for name, node in self.nodes.items() if EDGE in labels(node)}

    def has(self, *names: str) -> bool:
        """Return whether all these lists were read."""
        return not any(name in self.unreadable for name in names)

    def get(self, kind: str, namespace: str, name: str) -> Json | None:
        """Return a ConfigMap or Secret, None if it does not exist or may not be read."""
        key = (kind, namespace, name)
        if key not in self._named:
            wanted = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}}
            title = f"{kind.lower()} {namespace}/{name}"
            nothing: list[Json] = []
            found = self.attempt(title, partial(self.kubectl.objects, [wanted]), nothing)
            self._named[key] = found[0] if found else None
        return self._named[key]

    def pods_of(self, workload: Object, *, deleted: bool = False) -> list[Json]:
        """Return the pods of a workload that have not ended, those that are being deleted or the others."""
        selector = as_map(as_map(workload.data["spec"]).get("selector")).get("matchLabels") or {}
        return [
            pod
            for pod in self.pods
            if pod["metadata"]["namespace"] == workload.namespace
            and selector
            and ("deletionTimestamp" in pod["metadata"]) is deleted
            and not ended(pod)
            and selector.items() <= labels(pod).items()
        ]

    def attempt(self, title: str, read: Callable[[], _Read], default: _Read) -> _Read:
        """Return what `read` returns; note a denied request under a title. Raise any other ClusterError."""
        try:
            return read()
        except ClusterError as error:
            if not is_denied(error.stderr):
                raise
            self.unreadable[title] = "this account may not read it"
            return default


def read_cluster(kubectl: Kubectl) -> LiveCluster:
    """Read a cluster; raise ClusterError if it does not answer."""
    found = LiveCluster(kubectl)
    nothing: list[Json] = []
    nodes = found.attempt("nodes", partial(_listed, kubectl, "/api/v1/nodes"), nothing)
    found.nodes = {one["metadata"]["name"]: _without_images(one) for one in nodes}
    edge = found.edge_nodes.keys()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        pods = pool.submit(found.attempt, "pods", partial(_pods, kubectl, edge), nothing)
        workloads = {
            kind: pool.submit(found.attempt, name, partial(_listed, kubectl, f"{_APPS}/{name}"), nothing)
            for kind, name in _WORKLOADS.items()
        }
        lists = {
            name: pool.submit(found.attempt, name, partial(_read(name), kubectl, path), nothing)
            for name, path in _LISTS.items()
        }
        issuer = pool.submit(found.attempt, "the issuer of the API server", partial(_issuer, kubectl), "")
        groups = pool.submit(found.attempt, "the API groups", partial(_groups, kubectl), frozenset())
    found.pods = pods.result()
    found.lists = {name: one.result() for name, one in lists.items()}
    found.issuer, found.groups = issuer.result(), groups.result()
    found.workloads = [
        Object({"apiVersion": "apps/v1", "kind": kind, **one})
        for kind, several in workloads.items()
        for one in several.result()
    ]
    return found


def ended(pod: Mapping[str, Any]) -> bool:
    """Return whether a pod has ended: completed, failed or evicted."""
    return as_map(pod.get("status")).get("phase") in ("Succeeded", "Failed")


def name_of(found: Mapping[str, Any]) -> str:
    """Return the name of an object."""
    return str(found["metadata"]["name"])


def labels(found: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the labels of an object."""
    named: Mapping[str, str] = as_map(found["metadata"].get("labels"))
    return named


def image_name(image: str) -> str:
    """Return the last part of an image without tag and digest: `edgemesh-agent`."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def image_tag(image: str) -> str:
    """Return the tag of an image, "" without one."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]


def runs(workload: Object, program: str) -> bool:
    """Return whether a container of a workload has the image of a program."""
    return any(image_name(str(one.get("image"))) == program for one in containers(pod_of(workload)))


def _listed(kubectl: Kubectl, path: str) -> list[Json]:
    return [_without_managed(one) for one in kubectl.pages(path)]


def _read(name: str) -> Callable[[Kubectl, str], list[Json]]:
    return _syncs if name == "objectsyncs" else _listed


def _syncs(kubectl: Kubectl, path: str) -> list[Json]:
    """Return ObjectSyncs with what a check reads: each object on each node has one."""
    return [
        {"metadata": {"name": name_of(one)}, "status": as_map(one.get("status"))}
        for one in kubectl.pages(path)
    ]


def _without_managed(found: Json) -> Json:
    found["metadata"].pop("managedFields", None)
    return found


def _without_images(node: Json) -> Json:
    as_map(node.get("status")).pop("images", None)
    return _without_managed(node)


def _pods(kubectl: Kubectl, edge: Container[str]) -> list[Json]:
    """Return the pods on edge nodes, and those with a program of KubeEdge or EdgeMesh, as far as needed."""
    found = []
    for pod in kubectl.pages("/api/v1/pods"):
        spec = as_map(pod.get("spec"))
        inside = [{"name": one["name"], "image": one.get("image")} for one in as_list(spec.get("containers"))]
        if spec.get("nodeName") in edge or any(_is_program(one) for one in inside):
            kept = {name: spec[name] for name in _KEPT if name in spec}
            metadata = _without_managed(pod)["metadata"]
            status = as_map(pod.get("status"))
            found.append({"metadata": metadata, "spec": {**kept, "containers": inside}, "status": status})
    return found


def _is_program(container: Json) -> bool:
    return image_name(str(container.get("image"))) in _PROGRAMS


def _issuer(kubectl: Kubectl) -> str:
    try:
        return str(json.loads(kubectl.run("get", "--raw", ISSUER_PATH)).get("issuer") or "")
    except ClusterError as error:
        # An API server whose issuer is not a URL does not have this document.
        if is_missing(error.stderr):
            return ""
        raise


def _groups(kubectl: Kubectl) -> frozenset[str]:
    found = json.loads(kubectl.run("get", "--raw", "/apis"))
    return frozenset(["", *(one["name"] for one in found.get("groups") or ())])
