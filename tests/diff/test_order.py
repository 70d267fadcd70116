"""The order of lists in a pod template: another order makes new pods, which behave as before."""

from __future__ import annotations

import pytest

from generator.catalogue.message import say
from generator.diff.formats import writer
from tests.diff.sides import changes, compared, one_change, places, says
from tests.diff.test_defaults import container, made, pod

# The spec of a pod or a container, with a list in two orders.
SPECS = {
    "containers": ("containers: [{name: a}, {name: b}]", "containers: [{name: b}, {name: a}]"),
    "volumes": ("volumes: [{name: a}, {name: b}]", "volumes: [{name: b}, {name: a}]"),
    "tolerations": ("tolerations: [{key: a}, {key: b}]", "tolerations: [{key: b}, {key: a}]"),
    "imagePullSecrets": (
        "imagePullSecrets: [{name: a}, {name: b}]",
        "imagePullSecrets: [{name: b}, {name: a}]",
    ),
    "hostAliases": ("hostAliases: [{ip: a}, {ip: b}]", "hostAliases: [{ip: b}, {ip: a}]"),
}
CONTAINERS = {
    "env": (
        "env: [{name: A, value: a}, {name: B, value: b}]",
        "env: [{name: B, value: b}, {name: A, value: a}]",
    ),
    "ports": (
        "ports: [{containerPort: 1}, {containerPort: 2}]",
        "ports: [{containerPort: 2}, {containerPort: 1}]",
    ),
    "add": (
        "securityContext: {capabilities: {add: [A, B]}}",
        "securityContext: {capabilities: {add: [B, A]}}",
    ),
    "volumeMounts": (
        "volumeMounts: [{mountPath: /a}, {mountPath: /b}]",
        "volumeMounts: [{mountPath: /b}, {mountPath: /a}]",
    ),
}
CASES = {
    **{name: tuple(map(pod, texts)) for name, texts in SPECS.items()},
    **{name: tuple(map(container, texts)) for name, texts in CONTAINERS.items()},
}


@pytest.mark.parametrize("kind", ["Deployment", "DaemonSet"])
@pytest.mark.parametrize(("name", "bodies"), CASES.items(), ids=CASES)
def test_another_order_in_a_pod_template_only_restarts_pods(
    name: str, bodies: tuple[str, str], kind: str
) -> None:
    before, after = (made(kind, body) for body in bodies)
    found = one_change(before, after)
    assert found.path[-1] == name
    assert (found.behaviour, found.note) == (False, say("order-changed", "template"))
    assert "(no change in behaviour: only the order is different)" in writer("text")(
        compared([before], [after])
    )
    (line,) = says(compared([before], [after]))
    assert line.startswith(f"restart: {kind} a: restarts a: ")
    assert line.endswith("; their behaviour does not change")


def test_another_order_inside_an_item_of_a_set_restarts_pods() -> None:
    terms = "requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: %s}]}"
    orders = ("[{key: a, operator: In, values: [x, y]}]", "[{key: a, operator: In, values: [y, x]}]")
    sides = [made("Deployment", pod(f"affinity: {{nodeAffinity: {{{terms % order}}}}}")) for order in orders]
    assert one_change(*sides).behaviour is False


def test_an_added_item_is_not_a_change_of_order() -> None:
    before = made("Deployment", container("env: [{name: A, value: a}, {name: B, value: b}]"))
    after = made(
        "Deployment", container("env: [{name: B, value: b}, {name: C, value: c}, {name: A, value: a}]")
    )
    found = compared([before], [after])
    assert [change.path[-1] for change in changes(found)] == ["[C]"]
    assert "no change in behaviour" not in "".join(says(found))


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("Service", "spec: {ports: [{name: a}, {name: b}]}", "spec: {ports: [{name: b}, {name: a}]}"),
        ("ServiceAccount", "secrets: [{name: a}, {name: b}]", "secrets: [{name: b}, {name: a}]"),
    ],
)
def test_another_order_outside_a_pod_template_is_no_difference(kind: str, before: str, after: str) -> None:
    assert places(compared([made(kind, before)], [made(kind, after)])) == []


def test_a_variable_without_a_value_equals_an_empty_value() -> None:
    bare, empty = (made("Deployment", container(f"env: [{{name: A{text}}}]")) for text in ("", ", value: ''"))
    assert places(compared([bare], [empty])) == places(compared([empty], [bare])) == []
    full = made("Deployment", container("env: [{name: A, value: x}]"))
    assert places(compared([bare], [full]))
