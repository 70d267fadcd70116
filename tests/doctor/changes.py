"""Changes of a healthy cluster, each of which breaks one thing."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from generator import go_yaml
from tests.doctor.clusters import NOW, changed_by, ready_condition
from tests.doctor.fake_kubectl import FakeKubectl, Json

Change = Callable[[FakeKubectl], None]


def edit(cluster: FakeKubectl, configmap: str, path: str, value: Any, key: str = "") -> None:
    """Set a field in the configs of a ConfigMap, or in one of them; None removes it."""
    data = cluster.get("ConfigMap", configmap)["data"]
    for name in [key] if key else list(data):
        config = go_yaml.load(data[name])
        *parents, last = path.split(".")
        place = config
        for parent in parents:
            place = place.setdefault(parent, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
        data[name] = go_yaml.dump(config)


def edited(configmap: str, path: str, value: Any, key: str = "") -> Change:
    """Return a change that sets a field in the configs of a ConfigMap."""
    return lambda cluster: edit(cluster, configmap, path, value, key)


def changed_later(cluster: FakeKubectl, configmap: str, manager: str = "kubectl-edit") -> None:
    """Record a change of a ConfigMap after its pods have started."""
    fields = cluster.get("ConfigMap", configmap)["metadata"]["managedFields"]
    fields.append(changed_by(manager, NOW))


def dropped(kind: str, name: str = "") -> Change:
    """Return a change that removes objects of a kind."""
    return lambda cluster: cluster.drop(kind, name)


def pods(cluster: FakeKubectl, prefix: str) -> list[Json]:
    """Return the pods with names that begin so."""
    return [one for one in cluster.of("Pod") if one["metadata"]["name"].startswith(prefix)]


def waiting(cluster: FakeKubectl, prefix: str, reason: str = "CrashLoopBackOff", message: str = "") -> None:
    """Make pods not ready, with the reason for which their container waits."""
    for one in pods(cluster, prefix):
        one["status"]["conditions"] = [ready_condition(False)]
        one["status"]["containerStatuses"][0]["state"] = {"waiting": {"reason": reason, "message": message}}


def away(cluster: FakeKubectl, *names: str, message: str = "Kubelet stopped posting node status.") -> None:
    """Make nodes not Ready."""
    for name in names:
        cluster.get("Node", name)["status"]["conditions"] = [ready_condition(False, message)]


def taint(cluster: FakeKubectl, name: str, key: str, value: str = "", effect: str = "NoSchedule") -> None:
    """Add a taint to a node."""
    found = {"key": key, "effect": effect, **({"value": value} if value else {})}
    cluster.get("Node", name)["spec"]["taints"].append(found)


def put(cluster: FakeKubectl, secret: str, key: str, value: bytes) -> None:
    """Replace a value in a Secret."""
    cluster.get("Secret", secret)["data"][key] = base64.b64encode(value).decode()


def revoke(cluster: FakeKubectl, role: str, resource: str, *verbs: str) -> None:
    """Remove verbs of a resource from a ClusterRole."""
    for rule in cluster.get("ClusterRole", role)["rules"]:
        if resource in rule["resources"]:
            rule["verbs"] = [verb for verb in rule["verbs"] if verb not in verbs]
