"""A kubectl without a process, over the objects of a fake cluster."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from generator.errors import ClusterError
from generator.io.kubectl import Kubectl
from tests.doctor.rbac import allows

Json = dict[str, Any]
ISSUER = "https://kubernetes.default.svc.cluster.local"
WELL_KNOWN = "/.well-known/openid-configuration"

# The path of each kind that a list request can name, by resource.
_KINDS = {
    "nodes": ("/api/v1", "Node"),
    "pods": ("/api/v1", "Pod"),
    "configmaps": ("/api/v1", "ConfigMap"),
    "secrets": ("/api/v1", "Secret"),
    "daemonsets": ("/apis/apps/v1", "DaemonSet"),
    "deployments": ("/apis/apps/v1", "Deployment"),
    "statefulsets": ("/apis/apps/v1", "StatefulSet"),
    "certificatesigningrequests": ("/apis/certificates.k8s.io/v1", "CertificateSigningRequest"),
    "serviceaccountaccesses": ("/apis/policy.kubeedge.io/v1alpha1", "ServiceAccountAccess"),
    "objectsyncs": ("/apis/reliablesyncs.kubeedge.io/v1alpha1", "ObjectSync"),
    "clusterroles": ("/apis/rbac.authorization.k8s.io/v1", "ClusterRole"),
    "clusterrolebindings": ("/apis/rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    "roles": ("/apis/rbac.authorization.k8s.io/v1", "Role"),
    "rolebindings": ("/apis/rbac.authorization.k8s.io/v1", "RoleBinding"),
}
_RESOURCES = {kind: resource for resource, (_, kind) in _KINDS.items()}
GROUPS = (
    "apps",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "authorization.k8s.io",
    "discovery.k8s.io",
    "rbac.authorization.k8s.io",
    "storage.k8s.io",
    "apps.kubeedge.io",
    "devices.kubeedge.io",
    "operations.kubeedge.io",
    "policy.kubeedge.io",
    "reliablesyncs.kubeedge.io",
    "rules.kubeedge.io",
    "networking.istio.io",
)


def forbidden(resource: str, verb: str = "list") -> ClusterError:
    """Return the error of kubectl for a request that RBAC denies."""
    text = (
        f'Error from server (Forbidden): {resource} is forbidden: User "viewer" cannot {verb} resource '
        f'"{resource}" in API group "" at the cluster scope\n'
    )
    return ClusterError(f"kubectl get: {text.strip()}", stderr=text)


def failure(text: str) -> ClusterError:
    """Return the error of kubectl for another answer of the API server."""
    return ClusterError(f"kubectl get: {text}", stderr=f"{text}\n")


class FakeKubectl(Kubectl):
    """Answers from `objects`; `denied` are resources and paths that this account may not read.

    `logs` are the logs by pod. `stream` is the log of a pod on an edge node as the API server gives it.
    `probed` returns the termination message of a doctor pod by node, None for a pod that never starts.
    """

    def __init__(self, objects: list[Json]) -> None:
        self.store = objects
        self.denied: set[str] = set()
        self.logs: dict[str, str | ClusterError] = {}
        self.stream: str | ClusterError = "started\n"
        self.issuer: str | ClusterError = ISSUER
        self.groups = list(GROUPS)
        self.probed: Callable[[str], str | None] = lambda _: "doctor 1\ndone\n"
        self.calls: list[tuple[str, ...]] = []
        self.on_call: Callable[[tuple[str, ...]], None] = lambda _: None

    def run(self, *arguments: str, text: str | None = None) -> str:
        self.calls.append(arguments)
        self.on_call(arguments)
        match arguments:
            case ("get", "--raw", url, *_):
                return self._raw(url)
            case ("get", "--filename", "-", *_):
                return _list(self._named(json.loads(text or "{}")["items"]))
            case ("create", *_):
                return "".join(json.dumps(self._created(one)) for one in json.loads(text or "{}")["items"])
            case ("logs", "--namespace", _, pod, *_):
                return self._log(pod)
            case ("--namespace", namespace, "delete", "pods", "--selector", selector, *_):
                doomed = [one for one in self.of("Pod", namespace) if _selected(one, selector)]
                self.store = [one for one in self.store if one not in doomed]
                return ""
        raise AssertionError(arguments)

    # --- for tests -----------------------------------------------------------------------------

    def of(self, kind: str, namespace: str = "") -> list[Json]:
        """Return the objects of a kind."""
        found = (one for one in self.store if one["kind"] == kind)
        return [one for one in found if namespace in ("", one["metadata"].get("namespace"))]

    def get(self, kind: str, name: str, namespace: str = "") -> Json:
        """Return one object."""
        (found,) = (one for one in self.of(kind, namespace) if one["metadata"]["name"] == name)
        return found

    def drop(self, kind: str, name: str = "") -> None:
        """Remove the objects of a kind, or one of them."""
        self.store = [
            one for one in self.store if one["kind"] != kind or name not in ("", one["metadata"]["name"])
        ]

    # --- the API -------------------------------------------------------------------------------

    def _raw(self, url: str) -> str:
        path, query = urlsplit(url).path, parse_qs(urlsplit(url).query)
        if path in self.denied:
            raise forbidden(path, "get")
        if path == WELL_KNOWN:
            return json.dumps({"issuer": _value(self.issuer)})
        if path == "/apis":
            return json.dumps({"kind": "APIGroupList", "groups": [{"name": name} for name in self.groups]})
        if path.endswith("/log"):
            return self._stream()
        return _list(self._listed(path, query.get("labelSelector", [""])[0]))

    def _stream(self) -> str:
        if "pods/log" in self.denied:
            raise forbidden("pods/log", "get")
        return _value(self.stream)

    def _listed(self, path: str, selector: str) -> Iterator[Json]:
        prefix, _, resource = path.rpartition("/")
        if resource in self.denied:
            raise forbidden(resource)
        home, kind = _KINDS[resource]
        namespace = prefix.removeprefix(home).removeprefix("/namespaces/")
        assert prefix.startswith(home), path
        return (one for one in self.of(kind, namespace) if _selected(one, selector))

    def _named(self, wanted: list[Json]) -> Iterator[Json]:
        for one in wanted:
            resource, meta = _RESOURCES[one["kind"]], one["metadata"]
            place = f"{resource} {meta['namespace']}/{meta['name']}"
            if resource in self.denied or place in self.denied:
                raise forbidden(resource, "get")
            same = (found for found in self.of(one["kind"], meta["namespace"]))
            yield from (found for found in same if found["metadata"]["name"] == meta["name"])

    def _created(self, one: Json) -> Json:
        if one["kind"] == "SubjectAccessReview":
            if "subjectaccessreviews" in self.denied:
                raise forbidden("subjectaccessreviews", "create")
            return {**one, "status": {"allowed": allows(self.store, one["spec"])}}
        if "pods" in self.denied:
            raise forbidden("pods", "create")
        assert one["kind"] == "Pod"
        message = self.probed(one["spec"]["nodeName"])
        status: Json = {"phase": "Pending"}
        if message is not None:
            ended = {"terminated": {"exitCode": 0, "message": message}}
            status = {"phase": "Succeeded", "containerStatuses": [{"name": "doctor", "state": ended}]}
        self.store.append({**one, "status": status})
        return one

    def _log(self, pod: str) -> str:
        if "pods/log" in self.denied:
            raise forbidden("pods/log", "get")
        return _value(self.logs.get(pod, ""))


def _value(found: str | ClusterError) -> str:
    if isinstance(found, ClusterError):
        raise found
    return found


def _list(found: Iterator[Json]) -> str:
    return json.dumps({"kind": "List", "metadata": {}, "items": list(found)})


def _selected(one: Mapping[str, Any], selector: str) -> bool:
    labels = one["metadata"].get("labels") or {}
    wanted = (part.partition("=") for part in selector.split(",") if part)
    return all(name in labels and value in ("", labels[name]) for name, _, value in wanted)
