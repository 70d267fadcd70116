"""Applications on the edge node: pods with their own service accounts and the tokens that they got."""

from __future__ import annotations

from pathlib import Path

from tests.cluster.api import Api, Object
from tests.edge.images import SMALL
from tests.edge.waiting import until

NAMESPACE = "factory"
TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token"
VOLUMES = "/var/lib/kubelet/pods/{uid}/volumes"

# What the application `reader` may do: read what the agent reads, and all of edgeAPIs.
_VERBS = ["get", "list", "watch"]
READS: list[Object] = [
    {"apiGroups": [""], "resources": ["services", "endpoints"], "verbs": _VERBS},
    {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": _VERBS},
    {"apiGroups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": _VERBS},
]


class Application:
    """A pod on the edge node with an account of the same name."""

    def __init__(self, api: Api, name: str, rules: list[Object], **spec: object) -> None:
        """Create the account, its permissions in the whole cluster, and the pod; do not wait for it."""
        self._api, self.name = api, name
        meta = {"name": name}
        own = {**meta, "namespace": NAMESPACE}
        group = "rbac.authorization.k8s.io"
        add_namespace(api)
        api.create({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": own})
        if rules:
            api.create({"apiVersion": f"{group}/v1", "kind": "ClusterRole", "metadata": meta, "rules": rules})
            subject = {"kind": "ServiceAccount", "name": name, "namespace": NAMESPACE}
            reference = {"apiGroup": group, "kind": "ClusterRole", "name": name}
            binding = {"apiVersion": f"{group}/v1", "kind": "ClusterRoleBinding", "metadata": meta}
            api.create({**binding, "roleRef": reference, "subjects": [subject]})
        container = {"name": "app", "image": SMALL}
        self._pod: Object = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": own,
            "spec": {
                "serviceAccountName": name,
                "nodeSelector": {"node-role.kubernetes.io/edge": ""},
                "hostNetwork": True,
                "terminationGracePeriodSeconds": 1,
                "containers": [container],
                **spec,
            },
        }
        api.create(self._pod)

    def wait(self) -> Application:
        """Wait until the pod is Ready."""
        until(lambda: ready(self._api, NAMESPACE, self.name), f"pod {self.name} is Ready")
        return self

    @property
    def token(self) -> str:
        """Return the token that the edge node mounted into the pod."""
        return token_of(self._api, NAMESPACE, self.name)

    @property
    def uid(self) -> str:
        """Return the uid of the pod."""
        pod = self._api.get("v1", "Pod", self.name, NAMESPACE)
        assert pod, self.name
        return str(pod["metadata"]["uid"])

    def restart(self) -> None:
        """Delete the pod and create it again."""
        self.delete()
        self._api.create(self._pod)
        self.wait()

    def delete(self) -> None:
        """Delete the pod and wait until the node has ended it."""
        self._api.delete("v1", "Pod", self.name, NAMESPACE)
        until(
            lambda: self._api.get("v1", "Pod", self.name, NAMESPACE) is None,
            f"pod {self.name} is gone",
        )


def add_namespace(api: Api) -> None:
    """Create the namespace of the applications unless it exists."""
    if not api.get("v1", "Namespace", NAMESPACE):
        api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})


def ready(api: Api, namespace: str, name: str) -> bool:
    """Return whether a pod is Ready."""
    pod = api.get("v1", "Pod", name, namespace)
    return pod is not None and is_ready(pod)


def is_ready(found: Object) -> bool:
    """Return whether the API server has a pod or a node as Ready."""
    conditions = found["status"].get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def folder_of(api: Api, namespace: str, name: str) -> Path:
    """Return the folder of a pod's volumes on the edge node."""
    pod = api.get("v1", "Pod", name, namespace)
    assert pod, f"pod {namespace}/{name} does not exist"
    return Path(VOLUMES.format(uid=pod["metadata"]["uid"]))


def token_of(api: Api, namespace: str, name: str) -> str:
    """Return the token that the edge node mounted into a pod."""
    (found,) = folder_of(api, namespace, name).glob("kubernetes.io~projected/kube-api-access-*/token")
    return found.read_text("utf-8")


def pods_of(api: Api, namespace: str, app: str, node: str) -> list[Object]:
    """Return the pods of a component of our charts on a node."""
    query = {"labelSelector": f"kubeedge={app}", "fieldSelector": f"spec.nodeName={node}"}
    return api.all("v1", "Pod", namespace, **query)
