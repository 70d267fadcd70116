"""Network policies: whom a change lets through, and whom no longer."""

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


# before, after, what the change lets in; the other way round it no longer does
WIDER = {
    "a namespaceSelector as a further peer": (
        rule(A),
        rule(f"{A}, {SPACE}"),
        "lets in: all pods in namespaces with team=x",
    ),
    "a wider ipBlock": (rule(block("10.0.0.0/24")), rule(block("10.0.0.0/16")), "lets in: 10.0.0.0/16"),
    "an ipBlock without except": (
        rule(block("10.0.0.0/24", "10.0.0.1/32")),
        rule(block("10.0.0.0/24")),
        "lets in: 10.0.0.0/24",
    ),
    "an IPv6 block": (rule(block("'fd00::/64'")), rule(block("'fd00::/48'")), "lets in: fd00::/48"),
    "no ports": (rule(A, "{port: 80}"), rule(A), f"lets in: {PODS_A}"),
    "a further port": (
        rule(A, "{port: 80}"),
        rule(A, "{port: 80}, {port: 81}"),
        f"lets in: {PODS_A} at 81/TCP",
    ),
    "a further named port": (
        rule(A, "{port: web}"),
        rule(A, "{port: web}, {port: dns, protocol: UDP}"),
        f"lets in: {PODS_A} at dns/UDP",
    ),
    "an endPort": (
        rule(A, "{port: 80}"),
        rule(A, "{port: 80, endPort: 90}"),
        f"lets in: {PODS_A} at 80-90/TCP",
    ),
    "a protocol without its port": (
        rule(A, "{port: 80}"),
        rule(A, "{protocol: TCP}"),
        f"lets in: {PODS_A} at any port of TCP",
    ),
    "peers that were one": (
        rule(BOTH),
        rule(f"{SPACE}, {A}"),
        f"lets in: all pods in namespaces with team=x, {PODS_A}",
    ),
    "fewer labels of a peer": (rule(BOTH), rule(SPACE), "lets in: all pods in namespaces with team=x"),
    "an empty peer": (rule(A), rule("{podSelector: {}}"), "lets in: all pods in its namespace"),
    "no peers": (rule(A), rule(), "lets in: anybody"),
    "a further value": (
        rule("{podSelector: {matchExpressions: [{key: app, operator: In, values: [a]}]}}"),
        rule("{podSelector: {matchExpressions: [{key: app, operator: In, values: [a, b]}]}}"),
        "lets in: pods with app in a, b in its namespace",
    ),
    "the first rule": (spec("podSelector: {}, ingress: []"), rule(A), f"lets in: {PODS_A}"),
    "no rules of ingress": (
        spec("podSelector: {}, policyTypes: [Ingress, Egress], egress: []"),
        spec("podSelector: {}, policyTypes: [Egress], egress: []"),
        "lets in: anybody",
    ),
    "egress": (
        spec(f"podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{block('10.0.0.0/24')}]}}]"),
        spec("podSelector: {}, policyTypes: [Egress], egress: [{}]"),
        "lets its pods reach: anybody",
    ),
}


def told(before: str, after: str) -> list[str]:
    return says(compared([made("NetworkPolicy", before)], [made("NetworkPolicy", after)]))


@pytest.mark.parametrize(("before", "after", "wider"), WIDER.values(), ids=WIDER)
def test_a_policy_that_lets_more_through_is_exposed_and_the_other_way_round_closed(
    before: str, after: str, wider: str
) -> None:
    assert f"exposed: NetworkPolicy a: {wider}" in told(before, after)
    assert not [
        line for line in told(before, after) if line.startswith("closed") and wider != "lets in: anybody"
    ]
    assert f"closed: NetworkPolicy a: no longer {wider}" in told(after, before)


# Forms that allow the same.
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
def test_another_form_of_the_same_policy_means_nothing(one: str, other: str) -> None:
    assert told(one, other) == told(other, one) == []


def test_no_rules_of_ingress_shut_everybody_out() -> None:
    assert told(rule(A), spec("podSelector: {}, ingress: []")) == [
        f"closed: NetworkPolicy a: no longer lets in: {PODS_A}"
    ]


def test_a_narrower_selector_of_its_own_leaves_pods_unguarded() -> None:
    wide = spec("podSelector: {}, ingress: []")
    narrow = spec("podSelector: {matchLabels: {tier: db}}, ingress: []")
    (line,) = told(wide, narrow)
    unguarded = "no longer guards all of: all pods; these are reached by whom no other policy shuts out"
    assert line == f"exposed: NetworkPolicy a: {unguarded}"
    assert told(narrow, wide) == ["closed: NetworkPolicy a: guards as well: all pods"]
