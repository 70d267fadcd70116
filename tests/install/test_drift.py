"""Which differences of a live object are drift: by owner of a field, and by meaning of a config."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from generator import go_yaml
from generator.install.drift import drift, repairable
from generator.kube.objects import Object

WANTED: dict[str, Any] = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web", "namespace": "kubeedge", "labels": {"app": "web"}},
    "spec": {
        "replicas": 1,
        "paused": False,
        "template": {"spec": {"nodeSelector": {}, "containers": [{"name": "web", "image": "web:1"}]}},
    },
}


def live(**changed: Any) -> dict[str, Any]:
    """Return the live object: with defaults, status and managedFields."""
    found = copy.deepcopy(WANTED)
    found["metadata"] |= {
        "uid": "1",
        "resourceVersion": "7",
        "annotations": {"deployment.kubernetes.io/revision": "1"},
    }
    del found["spec"]["paused"], found["spec"]["template"]["spec"]["nodeSelector"]
    found["spec"] |= {"progressDeadlineSeconds": 600, "madeUpDefault": {"by": "the server"}, **changed}
    found["status"] = {"replicas": 1}
    return found


def set_by(found: dict[str, Any], manager: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Record that a program has set some fields."""
    entry = {"manager": manager, "operation": "Update", "fieldsV1": fields}
    found["metadata"]["managedFields"] = [entry]
    return found


def found_in(there: dict[str, Any] | None, wanted: dict[str, Any] = WANTED) -> list[str]:
    """Return the places that drifted, or the status of the objects."""
    objects = {} if there is None else {Object(there).identity: Object(there)}
    differences = drift([Object(wanted)], objects, before="installed").differences
    return [change.place for one in differences for change in one.changes] or [
        one.status for one in differences
    ]


def test_fields_that_the_cluster_adds_are_no_drift() -> None:
    assert found_in(live()) == []


def test_default_protocol_of_a_port_is_no_drift() -> None:
    wanted = copy.deepcopy(WANTED)
    ports = [{"containerPort": 53}, {"containerPort": 53, "protocol": "UDP"}]
    wanted["spec"]["template"]["spec"]["containers"][0]["ports"] = ports
    there = copy.deepcopy(wanted)
    there["spec"]["template"]["spec"]["containers"][0]["ports"][0]["protocol"] = "TCP"
    assert found_in(there, wanted) == []


def test_missing_object_is_drift() -> None:
    assert found_in(None) == ["deleted"]


def test_changed_value_is_drift() -> None:
    assert found_in(live(replicas=3)) == ["spec.replicas"]


@pytest.mark.parametrize(
    ("manager", "expected"),
    [("kubectl-edit", ["spec.minReadySeconds"]), ("helm-4.3", []), ("kube-controller-manager", [])],
)
def test_added_field_is_drift_if_a_person_set_it(manager: str, expected: list[str]) -> None:
    there = set_by(live(minReadySeconds=9), manager, {"f:spec": {"f:minReadySeconds": {}}})
    assert found_in(there) == expected


def test_added_field_of_a_list_item_is_drift_and_is_not_reverted() -> None:
    there = live()
    there["spec"]["template"]["spec"]["containers"][0] |= {"tty": True, "terminationMessagePath": "/dev/x"}
    item: dict[str, Any] = {'k:{"name":"web"}': {"f:tty": {}}}
    set_by(there, "kubectl-edit", {"f:spec": {"f:template": {"f:spec": {"f:containers": item}}}})
    found = drift([Object(WANTED)], {Object(there).identity: Object(there)}, before="installed")
    (difference,) = found.differences
    assert [change.place for change in difference.changes] == ["spec.template.spec.containers[web].tty"]
    assert not repairable(found)
    assert repairable(drift([Object(WANTED)], {}, before="installed"))


def test_config_with_all_defaults_is_no_drift() -> None:
    def holder(config: dict[str, Any]) -> dict[str, Any]:
        return {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "cloudcore", "namespace": "kubeedge"},
            "data": {"cloudcore.yaml": go_yaml.dump(config)},
        }

    meant = {"modules": {"cloudHub": {"nodeLimit": 500}}}
    written: dict[str, Any] = {
        "modules": {"cloudHub": {"nodeLimit": 500, "keepaliveInterval": 30}},
        "kubeAPIConfig": {"qps": 2500},
    }
    assert found_in(holder(written), holder(meant)) == []
    written["modules"]["cloudHub"]["keepaliveInterval"] = 99
    assert found_in(holder(written), holder(meant)) == ["cloudcore.yaml: modules.cloudHub.keepaliveInterval"]
