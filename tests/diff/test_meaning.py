"""Forms of an object that the cluster treats as equal, and similar forms that it treats as different."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from generator import go_yaml
from tests.diff.sides import changes, compared, places

Data = dict[str, Any]

POD = """
containers:
- name: main
  image: example.com/main:v1
"""


def workload(pod: str, kind: str = "Deployment") -> Data:
    """Return a workload with the spec of a pod."""
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "a", "namespace": "kubeedge"},
        "spec": {"template": {"spec": go_yaml.load(pod)}},
    }


def container(text: str) -> Data:
    """Return a workload with more fields in its container."""
    found = workload(POD)
    found["spec"]["template"]["spec"]["containers"][0].update(go_yaml.load(text))
    return found


def whole(text: str, version: str = "v1") -> Data:
    """Return an object of any kind with the fields of its body."""
    return {"apiVersion": version, "metadata": {"name": "a"}, **go_yaml.load(text)}


DEFINED = "apiextensions.k8s.io/v1"
RBAC = "rbac.authorization.k8s.io/v1"
SAME = {
    "cpu in millis": (
        container("resources: {limits: {cpu: 0.5}}"),
        container("resources: {limits: {cpu: 500m}}"),
    ),
    "cpu as text": (container("resources: {limits: {cpu: 1}}"), container("resources: {limits: {cpu: '1'}}")),
    "memory": (
        container("resources: {requests: {memory: 1Gi}}"),
        container("resources: {requests: {memory: 1024Mi}}"),
    ),
    "memory with an exponent": (
        container("resources: {requests: {memory: 1e3}}"),
        container("resources: {requests: {memory: 1k}}"),
    ),
    "no resources": (container("resources: {limits: {}}"), container("{}")),
    "empty env": (container("env: []"), container("{}")),
    "null env": (container("env: null"), container("env: []")),
    "null and nothing": (container("lifecycle: null"), container("{}")),
    "protocol": (
        container("ports: [{containerPort: 80, protocol: TCP}]"),
        container("ports: [{containerPort: 80}]"),
    ),
    "one port by two protocols": (
        container("ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}]"),
        container("ports: [{containerPort: 53, protocol: TCP}, {containerPort: 53, protocol: UDP}]"),
    ),
    "probe": (
        container("livenessProbe: {httpGet: {path: /, port: 1, scheme: HTTP}, periodSeconds: 10}"),
        container("livenessProbe: {httpGet: {path: /, port: 1}, failureThreshold: 3}"),
    ),
    "restart policy of a pod": (workload(POD + "restartPolicy: Always\n"), workload(POD)),
    "tolerated by default operator": (
        workload(POD + "tolerations: [{key: a, operator: Equal, value: b}]\n"),
        workload(POD + "tolerations: [{key: a, value: b}]\n"),
    ),
    "mode": (
        workload(POD + "volumes: [{name: a, secret: {secretName: s, defaultMode: 420}}]\n"),
        workload(POD + "volumes: [{name: a, secret: {secretName: s, defaultMode: 0644}}]\n"),
    ),
    "strategy": (
        whole("{kind: DaemonSet, spec: {updateStrategy: {type: RollingUpdate}}}", "apps/v1"),
        whole("{kind: DaemonSet, spec: {}}", "apps/v1"),
    ),
    "replicas": (
        whole("{kind: Deployment, spec: {replicas: 1}}", "apps/v1"),
        whole("{kind: Deployment, spec: {}}", "apps/v1"),
    ),
    "type of a service": (
        whole("{kind: Service, spec: {type: ClusterIP, ports: [{port: 1, protocol: TCP}]}}"),
        whole("{kind: Service, spec: {ports: [{port: 1}]}}"),
    ),
    "labels of none": (
        whole("{kind: Service, metadata: {name: a, labels: {}}}"),
        whole("{kind: Service, metadata: {name: a, annotations: null}}"),
    ),
    "labels of none of a custom resource": (
        whole("{kind: Widget, metadata: {name: a, labels: {}}}", "example.com/v1"),
        whole("{kind: Widget, metadata: {name: a}}", "example.com/v1"),
    ),
    "what the server writes": (
        whole("{kind: Service, metadata: {name: a, uid: x, resourceVersion: '1'}, status: {a: b}}"),
        whole("{kind: Service, metadata: {name: a, generation: 2, creationTimestamp: null}}"),
    ),
    "rules grouped otherwise": (
        whole(
            "{kind: Role, rules: [{apiGroups: [''], resources: [pods, nodes], verbs: [get, list]}]}",
            RBAC,
        ),
        whole(
            "{kind: Role, rules: [{apiGroups: [''], resources: [nodes], verbs: [list, get]},"
            " {apiGroups: [''], resources: [pods], verbs: [get]},"
            " {apiGroups: [''], resources: [pods], verbs: [list]}]}",
            RBAC,
        ),
    ),
    "a right that a wildcard gives": (
        whole("{kind: Role, rules: [{apiGroups: ['*'], resources: ['*'], verbs: [get]}]}", RBAC),
        whole(
            "{kind: Role, rules: [{apiGroups: ['*'], resources: ['*'], verbs: [get]},"
            " {apiGroups: [apps], resources: [deployments], verbs: [get]}]}",
            RBAC,
        ),
    ),
    "group of a subject": (
        whole("{kind: RoleBinding, subjects: [{kind: User, name: a}]}", RBAC),
        whole(
            "{kind: RoleBinding, subjects: [{kind: User, name: a, apiGroup: rbac.authorization.k8s.io}]}",
            RBAC,
        ),
    ),
    "data in plain and in base64": (
        whole("{kind: Secret, stringData: {a: hello}}"),
        whole("{kind: Secret, data: {a: aGVsbG8=}}"),
    ),
    "base64 with line breaks": (
        whole("{kind: Secret, data: {a: aGVs\n  bG8=}}"),
        whole("{kind: Secret, data: {a: aGVsbG8=}}"),
    ),
}


@pytest.mark.parametrize(("before", "after"), SAME.values(), ids=SAME)
def test_equivalent_forms_are_no_difference(before: Data, after: Data) -> None:
    assert places(compared([before], [after])) == []
    assert places(compared([after], [before])) == []


MAIN = "spec.template.spec.containers[main]"
DIFFERENT = {
    "cpu": (
        container("resources: {limits: {cpu: 500m}}"),
        container("resources: {limits: {cpu: 501m}}"),
        f"{MAIN}.resources.limits.cpu",
    ),
    "a sidecar is none without its policy": (
        workload(POD + "initContainers: [{name: i, restartPolicy: Always}]\n"),
        workload(POD + "initContainers: [{name: i}]\n"),
        "spec.template.spec.initContainers[i].restartPolicy",
    ),
    "init containers in another order": (
        workload(POD + "initContainers: [{name: i}, {name: j}]\n"),
        workload(POD + "initContainers: [{name: j}, {name: i}]\n"),
        "spec.template.spec.initContainers",
    ),
    "arguments in another order": (
        container("args: [a, b]"),
        container("args: [b, a]"),
        f"{MAIN}.args",
    ),
    "an empty directory": (
        workload(POD + "volumes: [{name: a, emptyDir: {}, x: y}]\n"),
        workload(POD + "volumes: [{name: a, x: y}]\n"),
        "spec.template.spec.volumes[a].emptyDir",
    ),
    "a label that looks like a default": (
        whole(
            "{kind: Deployment, spec: {template: {metadata: {labels: {restartPolicy: Always}}}}}", "apps/v1"
        ),
        whole("{kind: Deployment, spec: {template: {metadata: {labels: {}}}}}", "apps/v1"),
        "spec.template.metadata.labels.restartPolicy",
    ),
    "a label that looks like a quantity": (
        whole("{kind: Service, metadata: {name: a, labels: {storage: '1'}}}"),
        whole("{kind: Service, metadata: {name: a, labels: {storage: '1.0'}}}"),
        "metadata.labels.storage",
    ),
    "a schema that says anything": (
        whole("{kind: CustomResourceDefinition, spec: {openAPIV3Schema: {labels: {}}}}", DEFINED),
        whole("{kind: CustomResourceDefinition, spec: {openAPIV3Schema: {}}}", DEFINED),
        "spec.openAPIV3Schema.labels",
    ),
    "a default in a schema": (
        whole("{kind: CustomResourceDefinition, spec: {openAPIV3Schema: {default: {a: '1'}}}}", DEFINED),
        whole("{kind: CustomResourceDefinition, spec: {openAPIV3Schema: {default: {a: 1}}}}", DEFINED),
        "spec.openAPIV3Schema.default.a",
    ),
    "number and switch in data": (
        whole("{kind: ConfigMap, data: {a: 1}}"),
        whole("{kind: ConfigMap, data: {a: true}}"),
        "data.a",
    ),
    "white space at the end of data": (
        whole('{kind: ConfigMap, data: {a: "x"}}'),
        whole('{kind: ConfigMap, data: {a: "x\\n"}}'),
        "data.a",
    ),
    "binary data": (
        whole("{kind: ConfigMap, binaryData: {a: /wE=}}"),
        whole("{kind: ConfigMap, binaryData: {a: /wI=}}"),
        "data.a",
    ),
    "lists of lists": (
        whole("{kind: Widget, spec: {a: [[1, 2], [3]]}}", "example.com/v1"),
        whole("{kind: Widget, spec: {a: [[1, 2], [4]]}}", "example.com/v1"),
        "spec.a[1][0]",
    ),
    "a list of a custom resource in another order": (
        whole("{kind: Widget, spec: {tolerations: [a, b]}}", "example.com/v1"),
        whole("{kind: Widget, spec: {tolerations: [b, a]}}", "example.com/v1"),
        "spec.tolerations",
    ),
    "a custom resource's null": (
        whole("{kind: Widget, spec: {a: null}}", "example.com/v1"),
        whole("{kind: Widget, spec: {a: 0}}", "example.com/v1"),
        "spec.a",
    ),
    "a number and a duration of a custom resource": (
        whole("{kind: Widget, spec: {a: 60}}", "example.com/v1"),
        whole("{kind: Widget, spec: {a: 60ns}}", "example.com/v1"),
        "spec.a",
    ),
    "version of a group": (
        whole("{kind: Widget}", "example.com/v1"),
        whole("{kind: Widget}", "example.com/v2"),
        "apiVersion",
    ),
    "one of two equal items": (
        container("args: [a, a, b]"),
        container("args: [a, b]"),
        f"{MAIN}.args",
    ),
}


@pytest.mark.parametrize(("before", "after", "place"), DIFFERENT.values(), ids=DIFFERENT)
def test_similar_forms_with_another_meaning_are_a_difference(before: Data, after: Data, place: str) -> None:
    assert [change.place for change in changes(compared([before], [after]))] == [place]
    assert [change.place for change in changes(compared([after], [before]))] == [place]


@pytest.mark.parametrize(
    ("value", "other"),
    [(1, True), (0, False), ("true", True), ("1", 1), (1, 2), ("", 0), ([], {}), ({}, ""), ([1], [True])],
)
def test_values_of_different_types_are_a_difference(value: Any, other: Any) -> None:
    for version, kind in (("example.com/v1", "Widget"), ("v1", "Endpoints")):
        before: Data = {"apiVersion": version, "kind": kind, "metadata": {"name": "a"}, "spec": {"x": value}}
        after = copy.deepcopy(before)
        after["spec"]["x"] = other
        (place,) = [change.place for change in changes(compared([before], [after]))]
        assert place in ("spec.x", "spec.x[0]")


def test_the_last_of_two_objects_with_the_same_name_is_used() -> None:
    one, two = ({**whole("{kind: ConfigMap}"), "data": {"a": value}} for value in "xy")
    found = compared([one, two], [two])
    assert places(found) == []
    assert [str(note) for note in found.notes] == [
        "side: ConfigMap a is given 2 times; the last one is used (remove the others) [object-twice]"
    ]


def test_objects_with_generated_names_are_separate_objects() -> None:
    jobs = [
        {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"generateName": "a-"}, "spec": {"x": number}}
        for number in (1, 2, 3)
    ]
    assert places(compared(jobs, jobs)) == []
    assert places(compared(jobs, jobs[:2])) == ["Job a-: deleted"]
