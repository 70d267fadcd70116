"""The rollout of edgecore.yaml: which nodes have the wanted file, which wait, and where it failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.errors import count
from generator.install.nodes import EdgeNode
from generator.io.kubectl import Kubectl
from generator.kube.objects import Object
from generator.kube.rollout import COMPONENT, claimed, group_name, wave_of, wave_size

CHECKSUM = "checksum/edgecore"


@dataclass
class GroupRollout:
    """The rollout of a node group, "" for a site without groups; every node is in one of the lists.

    `updated` nodes run with the wanted file. On `failed` nodes, each with its reason, the old file is back.
    `offline` nodes are not Ready and follow when they return. `wave` is maxUnavailable as the chart has it.
    """

    group: str
    daemonset: str
    wave: str
    updated: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    offline: list[str] = field(default_factory=list)

    @property
    def nodes(self) -> int:
        """Return how many nodes the group has."""
        return len(self.updated) + len(self.pending) + len(self.failed) + len(self.offline)

    @property
    def size(self) -> int:
        """Return how many nodes change at the same time."""
        return wave_size(self.wave, self.nodes)

    @property
    def blocked(self) -> bool:
        """Return whether failed and offline nodes keep all pending nodes from their turn.

        Kubernetes counts an offline node only once its old pod is being deleted, so it may still go on.
        """
        return bool(self.pending) and len(self.failed) >= self.size


@dataclass
class Rollouts:
    """The rollouts of an installation; `ungrouped` nodes are in no group, `shared` nodes in several."""

    groups: list[GroupRollout] = field(default_factory=list)
    ungrouped: list[str] = field(default_factory=list)
    shared: dict[str, list[str]] = field(default_factory=dict)

    @property
    def failed(self) -> dict[str, str]:
        """Return the failed nodes of all groups with their reasons."""
        return {node: why for one in self.groups for node, why in one.failed.items()}


def read_rollouts(kubectl: Kubectl, found: list[Object], nodes: Mapping[str, EdgeNode]) -> Rollouts:
    """Read the state of some live DaemonSets of the rollout; raise ClusterError."""
    if not found:
        return Rollouts()
    chosen = claimed(found, {name: node.labels for name, node in nodes.items()})
    groups = {one.name: GroupRollout(group_name(one), one.name, wave_of(one)) for one in found}
    checksums = {one.name: _checksum(one) for one in found}
    pods = _pods(kubectl, found[0].namespace)
    for node, names in chosen.items():
        for name in names[:1]:
            _place(groups[name], nodes[node], pods.get((name, node)), checksums[name])
    by_name = {one.name: group_name(one) for one in found}
    return Rollouts(
        list(groups.values()),
        [node for node, names in chosen.items() if not names],
        {node: [by_name[name] for name in names] for node, names in chosen.items() if names[1:]},
    )


def progress(one: GroupRollout) -> str:
    """Return how far the rollout of a group is."""
    title = f"rollout of group {one.group}" if one.group else "rollout"
    parts = [f"{len(one.updated)} of {count(one.nodes, 'node')} updated"]
    numbers = {"pending": len(one.pending), "failed": len(one.failed), "offline": len(one.offline)}
    parts += [f"{number} {word}" for word, number in numbers.items() if number]
    return f"{title}: {', '.join(parts)}"


def _place(group: GroupRollout, node: EdgeNode, pod: Mapping[str, Any] | None, checksum: str) -> None:
    """Put a node into the list of its state."""
    current = pod is not None and _annotation(pod) == checksum
    reason = _failure(pod) if pod is not None and current else ""
    if pod is not None and current and _is_ready(pod):
        group.updated.append(node.name)
    elif reason:
        group.failed[node.name] = reason
    elif not node.ready:
        group.offline.append(node.name)
    else:
        group.pending.append(node.name)


def _pods(kubectl: Kubectl, namespace: str) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the pods of the rollout by DaemonSet and node; of two pods the one that is not being deleted."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    path = f"/api/v1/namespaces/{namespace}/pods"
    for pod in kubectl.pages(path, labelSelector=f"kubeedge={COMPONENT}"):
        owners = pod["metadata"].get("ownerReferences") or ()
        node = str((pod.get("spec") or {}).get("nodeName") or "")
        for owner in owners:
            key = (str(owner["name"]), node)
            if node and (key not in found or "deletionTimestamp" not in pod["metadata"]):
                found[key] = pod
    return found


def _failure(pod: Mapping[str, Any]) -> str:
    """Return why the update of the node failed, "" if it did not."""
    status = pod.get("status") or {}
    every = [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]
    for container in every:
        for state in (container.get("state") or {}, container.get("lastState") or {}):
            ended = state.get("terminated") or {}
            if ended.get("exitCode"):
                return str(ended.get("message") or f"exit code {ended['exitCode']}").strip()
    return ""


def _is_ready(pod: Mapping[str, Any]) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _annotation(pod: Mapping[str, Any]) -> str:
    return str((pod["metadata"].get("annotations") or {}).get(CHECKSUM) or "")


def _checksum(found: Object) -> str:
    template = (found.data.get("spec") or {}).get("template") or {}
    return _annotation({"metadata": template.get("metadata") or {}})
