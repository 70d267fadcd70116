"""Network policies: the traffic that a change newly allows or blocks."""

from __future__ import annotations

import pytest

from tests.diff.sides import compared, says
from tests.diff.test_defaults import made

A = "{podSelector: {matchLabels: {app: a}}}"
SPACE = "{namespaceSelector: {matchLabels: {team: x}}}"
BOTH = "{namespaceSelector: {matchLabels: {team: x}}, podSelector: {matchLabels: {app: a}}}"
PODS_A = "pods with app=a in its namespace"


def rule(peers: str = "", ports: str = "") -> str:
    """Return the spec of a policy with one rule."""
    parts = [f"from: [{peers}]" if peers else "", f"ports: [{ports}]" if ports else ""]
    return f"spec: {{podSelector: {{}}, ingress: [{{{', '.join(filter(None, parts))}}}]}}"


def block(cidr: str, gone: str = "") -> str:
    return f"{{ipBlock: {{cidr: {cidr}{f', except: [{gone}]' if gone else ''}}}}}"


def spec(more: str) -> str:
    return f"spec: {{{more}}}"


# before, after, the traffic that the change allows; the reverse change blocks it
WIDER = {
    "a namespaceSelector as a further peer": (
        rule(A),
        rule(f"{A}, {SPACE}"),
        "allows connections to its pods from: all pods in namespaces with team=x",
    ),
    "a wider ipBlock": (
        rule(block("10.0.0.0/24")),
        rule(block("10.0.0.0/16")),
        "allows connections to its pods from: 10.0.0.0/16",
    ),
    "an ipBlock without except": (
        rule(block("10.0.0.0/24", "10.0.0.1/32")),
        rule(block("10.0.0.0/24")),
        "allows connections to its pods from: 10.0.0.0/24",
    ),
    "an IPv6 block": (
        rule(block("'fd00::/64'")),
        rule(block("'fd00::/48'")),
        "allows connections to its pods from: fd00::/48",
    ),
    "no ports": (rule(A, "{port: 80}"), rule(A), f"allows connections to its pods from: {PODS_A}"),
    "a further port": (
        rule(A, "{port: 80}"),
        rule(A, "{port: 80}, {port: 81}"),
        f"allows connections to its pods from: {PODS_A} at 81/TCP",
    ),
    "a further named port": (
        rule(A, "{port: web}"),
        rule(A, "{port: web}, {port: dns, protocol: UDP}"),
        f"allows connections to its pods from: {PODS_A} at dns/UDP",
    ),
    "an endPort": (
        rule(A, "{port: 80}"),
        rule(A, "{port: 80, endPort: 90}"),
        f"allows connections to its pods from: {PODS_A} at 80-90/TCP",
    ),
    "a protocol without its port": (
        rule(A, "{port: 80}"),
        rule(A, "{protocol: TCP}"),
        f"allows connections to its pods from: {PODS_A} at any port of TCP",
    ),
    "peers that were one": (
        rule(BOTH),
        rule(f"{SPACE}, {A}"),
        f"allows connections to its pods from: all pods in namespaces with team=x, {PODS_A}",
    ),
    "fewer labels of a peer": (
        rule(BOTH),
        rule(SPACE),
        "allows connections to its pods from: all pods in namespaces with team=x",
    ),
    "an empty peer": (
        rule(A),
        rule("{podSelector: {}}"),
        "allows connections to its pods from: all pods in its namespace",
    ),
    "no peers": (rule(A), rule(), "allows connections to its pods from: anybody"),
    "a further value": (
        rule("{podSelector: {matchExpressions: [{key: app, operator: In, values: [a]}]}}"),
        rule("{podSelector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}}"),
        "allows connections to its pods from: pods with app in a, b in its namespace",
    ),
    "the first rule": (
        spec("podSelector: {}, ingress: []"),
        rule(A),
        f"allows connections to its pods from: {PODS_A}",
    ),
    "no rules of ingress": (
        spec("podSelector: {}, policyTypes: [Ingress, Egress], egress: []"),
        spec("podSelector: {}, policyTypes: [Egress], egress: []"),
        "allows connections to its pods from: anybody",
    ),
    "egress": (
        spec(f"podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{block('10.0.0.0/24')}]}}]"),
        spec("podSelector: {}, policyTypes: [Egress], egress: [{}]"),
        "allows its pods to connect to: anybody",
    ),
}


def told(before: str, after: str) -> list[str]:
    return says(compared([made("NetworkPolicy", before)], [made("NetworkPolicy", after)]))


@pytest.mark.parametrize(("before", "after", "wider"), WIDER.values(), ids=WIDER)
def test_a_policy_that_allows_more_is_exposed_and_one_that_allows_less_is_closed(
    before: str, after: str, wider: str
) -> None:
    assert f"exposed: NetworkPolicy a: {wider}" in told(before, after)
    assert not [
        line
        for line in told(before, after)
        if line.startswith("closed") and wider != "allows connections to its pods from: anybody"
    ]
    assert f"closed: NetworkPolicy a: no longer {wider}" in told(after, before)


# Equivalent forms of the same policy.
EQUAL = {
    "a block in two halves": (
        rule(block("10.0.0.0/24")),
        rule(f"{block('10.0.0.0/25')}, {block('10.0.0.128/25')}"),
    ),
    "an except that is a block of its own": (
        rule(block("10.0.0.0/24", "10.0.0.0/25")),
        rule(block("10.0.0.128/25")),
    ),
    "ports in two ranges": (
        rule(A, "{port: 80, endPort: 90}"),
        rule(A, "{port: 80, endPort: 85}, {port: 86, endPort: 90}"),
    ),
    "a peer twice": (rule(A), rule(f"{A}, {A}")),
    "a label and an expression of one value": (
        rule(A),
        rule("{podSelector: {matchExpressions: [{key: app, operator: In, values: [a]}]}}"),
    ),
    "two rules": (
        rule(f"{A}, {SPACE}"),
        spec(f"podSelector: {{}}, ingress: [{{from: [{A}]}}, {{from: [{SPACE}]}}]"),
    ),
}


@pytest.mark.parametrize(("one", "other"), EQUAL.values(), ids=EQUAL)
def test_another_form_of_the_same_policy_has_no_impact(one: str, other: str) -> None:
    assert told(one, other) == told(other, one) == []


def test_an_empty_list_of_ingress_rules_allows_nobody() -> None:
    assert told(rule(A), spec("podSelector: {}, ingress: []")) == [
        f"closed: NetworkPolicy a: no longer allows connections to its pods from: {PODS_A}"
    ]


def test_a_narrower_selector_leaves_pods_unprotected() -> None:
    wide = spec("podSelector: {}, ingress: []")
    narrow = spec("podSelector: {matchLabels: {tier: db}}, ingress: []")
    (line,) = told(wide, narrow)
    unguarded = "now protects only a part of all pods; the others are open unless another policy covers them"
    assert line == f"exposed: NetworkPolicy a: {unguarded}"
    assert told(narrow, wide) == ["closed: NetworkPolicy a: now also protects all pods"]
