"""What a change of a Kubernetes object means: what is refused, who restarts, what is exposed."""

from __future__ import annotations

import pytest

from generator.diff.formats import writer
from tests.diff.sides import compared, says
from tests.diff.test_defaults import container, made, pod

IMMUTABLE = {
    "host path": ("PersistentVolume", "spec: {hostPath: {path: /a}}", "spec: {hostPath: {path: /b}}"),
    "affinity": ("PersistentVolume", "spec: {nodeAffinity: {a: b}}", "spec: {nodeAffinity: {a: c}}"),
    "completions": ("Job", "spec: {completions: 2}", "spec: {completions: 3}"),
    "failure policy": ("Job", "spec: {podFailurePolicy: {a: b}}", "spec: {podFailurePolicy: {a: c}}"),
    "handler": ("RuntimeClass", "handler: a", "handler: b"),
    "balancer": (
        "Service",
        "spec: {type: LoadBalancer, loadBalancerClass: a/b}",
        "spec: {type: LoadBalancer, loadBalancerClass: a/c}",
    ),
    "family": ("Service", "spec: {ipFamilies: [IPv4, IPv6]}", "spec: {ipFamilies: [IPv6, IPv4]}"),
    "claim that shrinks": (
        "PersistentVolumeClaim",
        "spec: {resources: {requests: {storage: 2Gi}}}",
        "spec: {resources: {requests: {storage: 1024Mi}}}",
    ),
}
HOOK = "metadata: {name: a, annotations: {helm.sh/hook: pre-upgrade}}, "
MUTABLE = {
    "reclaim policy": ("PersistentVolume", "spec: {}", "spec: {persistentVolumeReclaimPolicy: Delete}"),
    "first affinity": ("PersistentVolume", "spec: {}", "spec: {nodeAffinity: {a: c}}"),
    "indexed": (
        "Job",
        "spec: {completionMode: Indexed, completions: 2, parallelism: 2}",
        "spec: {completionMode: Indexed, completions: 3, parallelism: 3}",
    ),
    "hook": ("Job", f"{HOOK}{container('image: a')}", f"{HOOK}{container('image: b')}"),
    "second family": ("Service", "spec: {ipFamilies: [IPv4]}", "spec: {ipFamilies: [IPv4, IPv6]}"),
    "class of another type": (
        "Service",
        "spec: {type: LoadBalancer, loadBalancerClass: a/b}",
        "spec: {type: ClusterIP}",
    ),
    "claim that grows": (
        "PersistentVolumeClaim",
        "spec: {resources: {requests: {storage: 1Gi}}}",
        "spec: {resources: {requests: {storage: 2Gi}}}",
    ),
}


def told(kind: str, before: str, after: str) -> list[str]:
    """Return the impacts of a change of one object."""
    return says(compared([made(kind, before)], [made(kind, after)]))


@pytest.mark.parametrize(("kind", "before", "after"), IMMUTABLE.values(), ids=IMMUTABLE)
def test_immutable(kind: str, before: str, after: str) -> None:
    assert [line for line in told(kind, before, after) if line.startswith(f"immutable: {kind} a: ")]


@pytest.mark.parametrize(("kind", "before", "after"), MUTABLE.values(), ids=MUTABLE)
def test_not_immutable(kind: str, before: str, after: str) -> None:
    assert not [line for line in told(kind, before, after) if line.startswith("immutable")]


def test_the_template_of_a_job_is_immutable_and_nothing_else() -> None:
    (line,) = told("Job", container("image: a"), container("image: b"))
    assert line.startswith("immutable: Job a: spec.template.spec.containers[m].image cannot be changed")


def one_pod(image: str) -> str:
    return f"spec: {{containers: [{{name: m, image: {image}}}]}}"


def spec(more: str, image: str) -> str:
    return f"spec: {{{more}, template: {{spec: {{containers: [{{name: m, image: {image}}}]}}}}}}"


# kind, what its spec has besides, what is said of another image
ROLLED = {
    "deployment": ("Deployment", "replicas: 2", "restart: Deployment a: restarts a: 2 pods on "),
    "controller": (
        "ReplicationController",
        "replicas: 2",
        "2 pods on every node it tolerates must be deleted",
    ),
    "on delete": (
        "StatefulSet",
        "updateStrategy: {type: OnDelete}",
        "restart-by-hand: StatefulSet a: a: 1 pod",
    ),
    "paused": ("Deployment", "paused: true", "is resumed: kubectl rollout resume deployment/a"),
    "none": ("Deployment", "replicas: 0", "no-restart: Deployment a: a: its next pods are made with it"),
}


@pytest.mark.parametrize(("kind", "more", "part"), ROLLED.values(), ids=ROLLED)
def test_another_image(kind: str, more: str, part: str) -> None:
    (line,) = told(kind, spec(more, "a"), spec(more, "b"))
    assert part in line


def test_the_image_of_a_pod_restarts_its_container() -> None:
    (line,) = told("Pod", one_pod("a"), one_pod("b"))
    assert line == "restart: Pod a: restarts m in a, every node it tolerates"


MOUNT = "volumes: [{name: v, configMap: {name: c}}]"
ITEMS = "volumes: [{name: v, configMap: {name: c, items: [{key: other, path: x}]}}]"
KEY = "containers: [{name: m, env: [{name: E, valueFrom: {configMapKeyRef: {name: c, key: other}}}]}]"
# The body of who reads the ConfigMap, and what is said when one of its keys changes.
READERS = {
    "plain": ("Deployment", pod(MOUNT), "reads it when it starts: kubectl rollout restart deployment/a"),
    "namespace": (
        "Deployment",
        f"metadata: {{name: a, namespace: plant}}, {pod(MOUNT)}",
        "kubectl --namespace plant rollout restart deployment/a",
    ),
    "cron job": (
        "CronJob",
        f"spec: {{jobTemplate: {{{pod(MOUNT)}}}}}",
        "no-restart: ConfigMap c: a: its next pods read it",
    ),
    "on delete": (
        "DaemonSet",
        f"spec: {{updateStrategy: {{type: OnDelete}}, template: {{spec: {{{MOUNT}}}}}}}",
        "reads it when it starts: its pods must be deleted by hand",
    ),
    "a pod": ("Pod", f"spec: {{{MOUNT}}}", "it must be deleted and made anew"),
    "other items": ("Deployment", pod(ITEMS), ""),
    "another key": ("Deployment", pod(KEY), ""),
}


@pytest.mark.parametrize(("kind", "body", "part"), READERS.values(), ids=READERS)
def test_who_reads_a_config_map(kind: str, body: str, part: str) -> None:
    reader = made(kind, body)
    head = {"name": "c", **{k: v for k, v in reader["metadata"].items() if k == "namespace"}}
    before, after = ({**made("ConfigMap", f"data: {{k: {v}}}"), "metadata": head} for v in "xy")
    lines = says(compared([before, reader], [after, reader]))
    assert [part in line for line in lines] == ([True] if part else [])


def test_nothing_is_said_to_restart_where_who_reads_a_config_is_not_there() -> None:
    sides = [
        [
            {
                **made("ConfigMap", ""),
                "data": {"cloudcore.yaml": f"modules: {{cloudHub: {{nodeLimit: {limit}}}}}"},
            }
        ]
        for limit in (10, 20)
    ]
    text = writer("text")(compared(*sides))
    assert "cloudcore.yaml: modules.cloudHub.nodeLimit" in text
    assert "restarts nothing" not in text
    assert "restarts nothing" in writer("text")(
        compared([made("Service", "a: b")], [made("Service", "a: c")])
    )
