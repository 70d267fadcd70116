"""Which nodes a pod may run on by their labels."""

from __future__ import annotations

from typing import Any

import pytest

from generator.kube.selectors import NodeTerms, node_kind, node_terms

LABELS = {"edge": "", "line": "a", "cores": "4", "hall": "two"}


def term(*expressions: tuple[str, str, list[str]]) -> dict[str, Any]:
    """Return a node selector term with expressions: key, operator, values."""
    keys = ("key", "operator", "values")
    return {"matchExpressions": [dict(zip(keys, one, strict=True)) for one in expressions]}


@pytest.mark.parametrize(
    ("key", "operator", "values", "expected"),
    [
        ("line", "In", ["b", "a"], True),
        ("line", "In", ["b"], False),
        ("zone", "In", ["a"], False),
        ("line", "NotIn", ["b"], True),
        ("line", "NotIn", ["b", "a"], False),
        ("zone", "NotIn", ["a"], True),
        ("edge", "Exists", [], True),
        ("zone", "Exists", [], False),
        ("zone", "DoesNotExist", [], True),
        ("edge", "DoesNotExist", [], False),
        ("cores", "Gt", ["3"], True),
        ("cores", "Gt", ["4"], False),
        ("cores", "Lt", ["5"], True),
        ("cores", "Lt", ["4"], False),
        ("hall", "Gt", ["1"], False),
        ("zone", "Lt", ["1"], False),
    ],
)
def test_expression_is_compared_with_a_label(
    key: str, operator: str, values: list[str], expected: bool
) -> None:
    assert NodeTerms({}, (term((key, operator, values)),)).match(LABELS) is expected


def test_operators_without_values_need_no_list() -> None:
    exists = {"matchExpressions": [{"key": "edge", "operator": "Exists"}]}
    assert NodeTerms({}, (exists,)).match(LABELS)


def test_all_expressions_of_one_term_must_match() -> None:
    edge, other = ("edge", "Exists", list[str]()), ("line", "In", ["b"])
    assert not NodeTerms({}, (term(edge, other),)).match(LABELS)
    assert NodeTerms({}, (term(edge), term(other))).match(LABELS)
    assert NodeTerms({}, (term(other), term(edge))).match(LABELS)


@pytest.mark.parametrize("empty", [{}, {"matchExpressions": []}, {"matchExpressions": None}])
def test_empty_term_matches_no_node(empty: dict[str, Any]) -> None:
    assert not NodeTerms({}, (empty,)).match(LABELS)
    assert not NodeTerms({}, ()).match(LABELS)


def test_no_selector_matches_every_node() -> None:
    assert node_terms({}).match({})
    assert node_terms({}).match(LABELS)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [({"line": "a"}, True), ({"line": "b"}, False), ({"zone": "a"}, False), ({"edge": ""}, True)],
)
def test_node_selector_and_terms_must_both_match(selector: dict[str, str], expected: bool) -> None:
    assert NodeTerms(selector, None).match(LABELS) is expected
    assert NodeTerms(selector, (term(("edge", "Exists", [])),)).match(LABELS) is expected
    assert not NodeTerms(selector, (term(("zone", "Exists", [])),)).match(LABELS)


def test_terms_are_read_from_the_pod_template() -> None:
    required = {"nodeSelectorTerms": [term(("line", "In", ["a"]))]}
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}
    spec = {"nodeSelector": {"edge": ""}, "affinity": affinity}
    found = node_terms({"spec": {"template": {"spec": spec}}})
    assert found == NodeTerms({"edge": ""}, (term(("line", "In", ["a"])),))


@pytest.mark.parametrize(
    ("selector", "terms", "expected"),
    [
        ({"line": "a", "hall": "1"}, None, [("line", "a")]),
        ({}, (term(("line", "In", ["a", "b"]), ("hall", "In", ["1"])),), [("hall", "1")]),
        ({}, (term(("line", "In", ["a"])), term(("hall", "In", ["1"]))), [("line", "a"), ("hall", "1")]),
        ({}, (term(("line", "In", ["a"])), term(("edge", "Exists", []))), []),
        ({}, (term(("line", "NotIn", ["a"])),), []),
        ({}, (), []),
        ({}, None, []),
    ],
    ids=["selector", "fewest-values", "one-of-each-term", "term-without-values", "not-in", "none", "absent"],
)
def test_needed_labels_are_those_that_a_chosen_node_has(
    selector: dict[str, str], terms: tuple[dict[str, Any], ...] | None, expected: list[tuple[str, str]]
) -> None:
    assert NodeTerms(selector, terms).needed() == expected


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ({}, "any"),
        ({"nodeSelector": {"line": "a"}}, "any"),
        ({"nodeSelector": {"node-role.kubernetes.io/edge": ""}}, "edge"),
        ([("Exists",)], "edge"),
        ([("In",)], "edge"),
        ([("DoesNotExist",)], "cloud"),
        ([("NotIn",)], "cloud"),
        ([("Exists",), ("Exists",)], "edge"),
        ([("Exists",), ("DoesNotExist",)], "any"),
        ([("Exists",), ()], "any"),
    ],
    ids=str,
)
def test_the_kind_of_nodes_of_a_pod(pod: Any, expected: str) -> None:
    if isinstance(pod, list):
        edge = "node-role.kubernetes.io/edge"
        terms = [
            term(("line", "In", ["a"]), *((edge, operator, ["yes"]) for operator in operators))
            for operators in pod
        ]
        required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
        pod = {"affinity": {"nodeAffinity": required}}
    assert node_kind(pod) == expected
