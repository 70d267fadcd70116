"""The rollout of edgecore.yaml: which nodes have the wanted file, which wait, and where it failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.errors import count
from generator.install.nodes import EdgeNode, labels_of
from generator.install.waiting import container_statuses, has_condition, unready
from generator.io.kubectl import Kubectl
from generator.kube.objects import Object
from generator.kube.rollout import COMPONENT, claimed, group_name, wave_of, wave_size

CHECKSUM = "checksum/edgecore"
_GENERATION = "deprecated.daemonset.template.generation"


@dataclass
class GroupRollout:
    """The rollout of a node group, "" for a site without groups; every node is in one of the lists.

    `updated` nodes run with the wanted file. On `held` nodes the settings differ, and nothing has changed:
    the first pods of a DaemonSet only compare. On `failed` nodes, each with its reason, the old file is back.
    `offline` nodes are not Ready and follow when they return. `wave` is maxUnavailable as the chart has it.
    `unavailable` counts the failed nodes, and the offline nodes with a pod: Kubernetes deletes such an old
    pod at once, and waits for the node to remove it. Seen on Kubernetes 1.34.
    """

    group: str
    daemonset: str
    wave: str
    updated: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    offline: list[str] = field(default_factory=list)
    unavailable: int = 0
    held: list[str] = field(default_factory=list)

    @property
    def nodes(self) -> int:
        """Return how many nodes the group has."""
        lists = (self.updated, self.held, self.pending, self.failed, self.offline)
        return sum(map(len, lists))

    @property
    def ended(self) -> int:
        """Return on how many nodes the rollout has ended."""
        return len(self.updated) + len(self.held) + len(self.failed)

    @property
    def size(self) -> int:
        """Return how many nodes change at the same time; offline nodes do not count for a percentage."""
        return wave_size(self.wave, self.nodes - len(self.offline))

    @property
    def blocked(self) -> bool:
        """Return whether failed and offline nodes keep all pending nodes from their turn."""
        return bool(self.pending) and self.unavailable >= self.size


@dataclass
class Rollouts:
    """The rollouts of an installation; `ungrouped` nodes are in no group, `shared` nodes in several.

    `unready` names the pods that are not ready, each with the reason.
    """

    groups: list[GroupRollout] = field(default_factory=list)
    ungrouped: list[str] = field(default_factory=list)
    shared: dict[str, list[str]] = field(default_factory=dict)
    unready: list[str] = field(default_factory=list)

    @property
    def failed(self) -> dict[str, str]:
        """Return the failed nodes of all groups with their reasons."""
        return {node: why for one in self.groups for node, why in one.failed.items()}


def read_rollouts(kubectl: Kubectl, found: list[Object], nodes: Mapping[str, EdgeNode]) -> Rollouts:
    """Read the state of some live DaemonSets of the rollout; raise ClusterError."""
    if not found:
        return Rollouts()
    chosen = claimed(found, labels_of(nodes))
    groups = {one.name: GroupRollout(group_name(one), one.name, wave_of(one)) for one in found}
    by_daemonset = {one.name: one for one in found}
    late: list[str] = []
    pods = _pods(kubectl, found[0].namespace, late)
    for node, names in chosen.items():
        # Of several groups, the one with a pod on the node.
        for name in sorted(names, key=lambda name: (name, node) not in pods)[:1]:
            _place(groups[name], nodes[node], pods.get((name, node)), by_daemonset[name])
    by_name = {one.name: group_name(one) for one in found}
    return Rollouts(
        list(groups.values()),
        [node for node, names in chosen.items() if not names],
        {node: [by_name[name] for name in names] for node, names in chosen.items() if names[1:]},
        late,
    )


def progress(one: GroupRollout) -> str:
    """Return how far the rollout of a group is."""
    title = f"rollout of group {one.group}" if one.group else "rollout"
    parts = [f"{len(one.updated)} of {count(one.nodes, 'node')} updated"]
    lists = {"held": one.held, "pending": one.pending, "failed": one.failed, "offline": one.offline}
    parts += [f"{len(found)} {word}" for word, found in lists.items() if found]
    return f"{title}: {', '.join(parts)}"


def restart_command(namespace: str, daemonset: str) -> list[str]:
    """Return the arguments of kubectl that start the rollout of a new DaemonSet, in waves."""
    return ["--namespace", namespace, "rollout", "restart", f"daemonset/{daemonset}"]


def _place(group: GroupRollout, node: EdgeNode, pod: Mapping[str, Any] | None, daemonset: Object) -> None:
    """Put a node into the list of its state."""
    current = pod if pod and _is_current(pod, daemonset) else None
    reason = _failure(current) if current else ""
    if reason:
        group.failed[node.name] = reason
        group.unavailable += 1
    elif current and has_condition(current, "Ready"):
        (group.held if _is_held(current) else group.updated).append(node.name)
    elif node.ready or (current and _is_updating(current)):
        # While edgecore does not run with a bad file, its node is not Ready.
        group.pending.append(node.name)
    else:
        group.offline.append(node.name)
        group.unavailable += pod is not None


def _is_current(pod: Mapping[str, Any], daemonset: Object) -> bool:
    """Return whether a pod has the present template of its DaemonSet."""
    metadata = daemonset.metadata
    observed = (daemonset.data.get("status") or {}).get("observedGeneration")
    if observed is not None and int(observed) < int(metadata.get("generation") or 0):
        return False
    wanted = str((metadata.get("annotations") or {}).get(_GENERATION) or "")
    own = str((pod["metadata"].get("labels") or {}).get("pod-template-generation") or "")
    return _annotation(pod) == _checksum(daemonset) and (not wanted or not own or wanted == own)


def _is_updating(pod: Mapping[str, Any]) -> bool:
    """Return whether the update of the node has begun and not ended."""
    found = (pod.get("status") or {}).get("initContainerStatuses") or ()
    return any((one.get("state") or {}).get("running") for one in found)


def _is_held(pod: Mapping[str, Any]) -> bool:
    """Return whether the pod only compared the settings of the node, and found that they differ."""
    found = (pod.get("status") or {}).get("initContainerStatuses") or ()
    ended = ((one.get("state") or {}).get("terminated") or {} for one in found)
    return any(str(one.get("message") or "").startswith("held: ") for one in ended)


def _pods(kubectl: Kubectl, namespace: str, late: list[str]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the pods of the rollout by DaemonSet and node, and add those that are not ready to `late`.

    A pod that is being deleted is returned only if there is no other.
    """
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    path = f"/api/v1/namespaces/{namespace}/pods"
    for pod in kubectl.pages(path, labelSelector=f"kubeedge={COMPONENT}"):
        late += unready([pod])
        owners = pod["metadata"].get("ownerReferences") or ()
        node = str((pod.get("spec") or {}).get("nodeName") or "")
        for owner in owners:
            key = (str(owner["name"]), node)
            if node and (key not in found or "deletionTimestamp" not in pod["metadata"]):
                found[key] = _kept(pod)
    return found


def _kept(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the parts of a pod that are read here; 10 000 whole pods need 300 MB."""
    names = ("annotations", "labels", "deletionTimestamp")
    metadata = {name: pod["metadata"][name] for name in names if name in pod["metadata"]}
    return {"metadata": metadata, "status": pod.get("status")}


def _failure(pod: Mapping[str, Any]) -> str:
    """Return why the update of the node failed, "" if it did not or runs again."""
    for container in container_statuses(pod.get("status") or {}):
        state = container.get("state") or {}
        ended = state.get("terminated") or {}
        if not ended and not state.get("running"):
            ended = (container.get("lastState") or {}).get("terminated") or {}
        if ended.get("exitCode"):
            return str(ended.get("message") or f"exit code {ended['exitCode']}").strip()
    return ""


def _annotation(pod: Mapping[str, Any]) -> str:
    return str((pod["metadata"].get("annotations") or {}).get(CHECKSUM) or "")


def _checksum(found: Object) -> str:
    template = (found.data.get("spec") or {}).get("template") or {}
    return _annotation({"metadata": template.get("metadata") or {}})
