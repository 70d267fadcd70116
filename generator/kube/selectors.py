"""Which nodes a pod may run on by their labels: nodeSelector and required node affinity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator import paths

# The label of edge nodes, which keadm and join.sh set.
EDGE_LABEL = "node-role.kubernetes.io/edge"
EDGE, CLOUD, ANY = "edge", "cloud", "any"
_AFFINITY = (
    "affinity",
    "nodeAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
)


@dataclass(frozen=True)
class NodeTerms:
    """The node selector of a pod, and its node selector terms, of which one must match; None without any."""

    selector: Mapping[str, str]
    terms: tuple[Mapping[str, Any], ...] | None

    def match(self, labels: Mapping[str, str]) -> bool:
        """Return whether a node with some labels is chosen."""
        if any(labels.get(name) != value for name, value in self.selector.items()):
            return False
        return self.terms is None or any(_matches(term, labels) for term in self.terms)

    def needed(self) -> list[tuple[str, str]]:
        """Return labels of which a chosen node has at least one, [] if there is no such list."""
        if self.selector:
            return [*self.selector.items()][:1]
        found: list[tuple[str, str]] = []
        for term in self.terms or ():
            pairs: list[list[tuple[str, str]]] = [
                [(one["key"], value) for value in one["values"]]
                for one in term.get("matchExpressions") or ()
                if one["operator"] == "In"
            ]
            if not pairs:
                return []
            fewest: list[tuple[str, str]] = min(pairs, key=len)
            found += fewest
        return found


def node_terms(workload: Mapping[str, Any]) -> NodeTerms:
    """Return what a workload's pod template asks of a node's labels."""
    return _terms_of(paths.at(workload, ("spec", "template", "spec")) or {})


def node_kind(pod: Mapping[str, Any]) -> str:
    """Return the kind of nodes that a pod spec asks for: EDGE, CLOUD, or ANY if it does not say."""
    wanted = _terms_of(pod)
    if EDGE_LABEL in wanted.selector:
        return EDGE
    kinds = {_kind_of_term(term) for term in wanted.terms or ({},)}
    return kinds.pop() if len(kinds) == 1 else ANY


def _kind_of_term(term: Mapping[str, Any]) -> str:
    operators = {
        one["operator"] for one in term.get("matchExpressions") or () if one.get("key") == EDGE_LABEL
    }
    if operators & {"Exists", "In"}:
        return EDGE
    return CLOUD if operators & {"DoesNotExist", "NotIn"} else ANY


def _terms_of(spec: Mapping[str, Any]) -> NodeTerms:
    terms = paths.at(spec, _AFFINITY)
    return NodeTerms(spec.get("nodeSelector") or {}, None if terms is None else tuple(terms))


def _matches(term: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    # A term without expressions matches no node. Names of nodes (matchFields) are not labels.
    expressions = term.get("matchExpressions") or ()
    return bool(expressions) and all(_holds(one, labels) for one in expressions)


def _holds(one: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    value, operator = labels.get(one["key"]), one["operator"]
    values: list[str] = one.get("values") or []
    if operator in ("Gt", "Lt"):
        try:
            number, limit = int(str(value)), int(values[0])
        except ValueError:
            return False
        return number > limit if operator == "Gt" else number < limit
    return {
        "Exists": value is not None,
        "DoesNotExist": value is None,
        "In": value in values,
        "NotIn": value not in values,
    }[operator]
