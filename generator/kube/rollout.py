"""The DaemonSets that bring edgecore.yaml to the nodes: which they are, their node group and their waves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator import paths
from generator.kube.objects import Object
from generator.kube.selectors import NodeTerms, node_terms

COMPONENT = "edgecore-rollout"
_GROUP = "kubeedge.io/node-group"


def is_rollout(found: Object) -> bool:
    """Return whether an object is a DaemonSet of the rollout."""
    return found.kind == "DaemonSet" and _labels(found).get("kubeedge") == COMPONENT


def daemonsets(objects: Iterable[Object]) -> list[Object]:
    """Return the DaemonSets of the rollout among some objects."""
    return [one for one in objects if is_rollout(one)]


def group_name(found: Object) -> str:
    """Return the node group of a DaemonSet of the rollout, "" for a site without groups."""
    return str(_labels(found).get(_GROUP) or "")


def wave_of(found: Object) -> str:
    """Return maxUnavailable of a DaemonSet: a number, or a percentage such as 10%."""
    wave = paths.at(found.data, ("spec", "updateStrategy", "rollingUpdate", "maxUnavailable"))
    return "1" if wave is None else str(wave)


def wave_size(wave: str, nodes: int) -> int:
    """Return how many of some nodes change at the same time; Kubernetes rounds a percentage up."""
    if wave.endswith("%"):
        return max(1, -(-nodes * int(wave[:-1]) // 100))
    return max(1, int(wave))


def waves(wave: str, nodes: int) -> int:
    """Return in how many waves some nodes change."""
    return -(-nodes // wave_size(wave, nodes))


Labels = Mapping[str, Mapping[str, str]]


def claimed(found: Iterable[Object], nodes: Labels) -> dict[str, list[str]]:
    """Return the names of the DaemonSets that choose each node, by node; `nodes` are labels by node."""
    index = _Index((one.name, node_terms(one.data)) for one in found)
    return {name: index.find(labels) for name, labels in nodes.items()}


def with_counts(objects: Iterable[Object], nodes: Labels) -> list[Object]:
    """Return objects where the status of each DaemonSet of the rollout says how many nodes it chooses."""
    objects = list(objects)
    numbers = Counter(names[0] for names in claimed(daemonsets(objects), nodes).values() if names)
    return [_counted(one, numbers[one.name]) if is_rollout(one) else one for one in objects]


def _counted(found: Object, number: int) -> Object:
    return replace(found, data={**found.data, "status": {"desiredNumberScheduled": number}}, text="")


def _labels(found: Object) -> Mapping[str, Any]:
    labels: Mapping[str, Any] = found.metadata.get("labels") or {}
    return labels


class _Index:
    """DaemonSets by a label that their nodes must have, so that few are compared with each node."""

    def __init__(self, found: Iterable[tuple[str, NodeTerms]]) -> None:
        self._with: dict[tuple[str, str], list[tuple[str, NodeTerms]]] = defaultdict(list)
        self._others: list[tuple[str, NodeTerms]] = []
        for name, terms in found:
            needed = terms.needed()
            for pair in needed:
                self._with[pair].append((name, terms))
            if not needed:
                self._others.append((name, terms))

    def find(self, labels: Mapping[str, str]) -> list[str]:
        """Return the names of the DaemonSets whose terms match the labels of a node."""
        names = {name: None for name, terms in self._candidates(labels) if terms.match(labels)}
        return list(names)

    def _candidates(self, labels: Mapping[str, str]) -> Iterator[tuple[str, NodeTerms]]:
        for pair in labels.items():
            yield from self._with.get(pair, ())
        yield from self._others
