"""Impacts of changed Kubernetes objects: rejected updates, restarted pods, exposed ports."""

from __future__ import annotations

import pytest

from generator.diff.formats import writer
from tests.diff.sides import compared, says
from tests.diff.test_defaults import carried, container, made, pod

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
def test_a_changed_immutable_field_is_reported(kind: str, before: str, after: str) -> None:
    assert [line for line in told(kind, before, after) if line.startswith(f"immutable: {kind} a: ")]


@pytest.mark.parametrize(("kind", "before", "after"), MUTABLE.values(), ids=MUTABLE)
def test_a_changed_mutable_field_is_not_immutable(kind: str, before: str, after: str) -> None:
    assert not [line for line in told(kind, before, after) if line.startswith("immutable")]


def test_a_changed_job_template_is_only_immutable() -> None:
    (line,) = told("Job", container("image: a"), container("image: b"))
    assert line.startswith("immutable: Job a: spec.template.spec.containers[m].image cannot be changed")


def one_pod(image: str) -> str:
    return f"spec: {{containers: [{{name: m, image: {image}}}]}}"


def spec(more: str, image: str) -> str:
    return f"spec: {{{more}, template: {{spec: {{containers: [{{name: m, image: {image}}}]}}}}}}"


# kind, other fields of its spec, the impact of another image
ROLLED = {
    "deployment": ("Deployment", "replicas: 2", "restart: Deployment a: restarts a: 2 pods on "),
    "controller": (
        "ReplicationController",
        "replicas: 2",
        "2 pods on every node it tolerates keep the old template (delete the pods)",
    ),
    "on delete": (
        "StatefulSet",
        "updateStrategy: {type: OnDelete}",
        "restart-by-hand: StatefulSet a: a: 1 pod",
    ),
    "paused": ("Deployment", "paused: true", "keep the old template (kubectl rollout resume deployment/a)"),
    "none": (
        "Deployment",
        "replicas: 0",
        "no-restart: Deployment a: a: its next pods are created with the change",
    ),
}


@pytest.mark.parametrize(("kind", "more", "part"), ROLLED.values(), ids=ROLLED)
def test_another_image_restarts_pods(kind: str, more: str, part: str) -> None:
    (line,) = told(kind, spec(more, "a"), spec(more, "b"))
    assert part in line


def test_the_image_of_a_pod_restarts_its_container() -> None:
    (line,) = told("Pod", one_pod("a"), one_pod("b"))
    assert line == "restart: Pod a: restarts m in a on every node it tolerates"


MOUNT = "volumes: [{name: v, configMap: {name: c}}]"
ITEMS = "volumes: [{name: v, configMap: {name: c, items: [{key: other, path: x}]}}]"
KEY = "containers: [{name: m, env: [{name: E, valueFrom: {configMapKeyRef: {name: c, key: other}}}]}]"
# The body of the object that reads the ConfigMap, and the impact of a changed key.
READERS = {
    "plain": (
        "Deployment",
        pod(MOUNT),
        "reads it only when it starts (kubectl rollout restart deployment/a)",
    ),
    "namespace": (
        "Deployment",
        f"metadata: {{name: a, namespace: plant}}, {pod(MOUNT)}",
        "kubectl --namespace plant rollout restart deployment/a",
    ),
    "cron job": (
        "CronJob",
        f"spec: {{jobTemplate: {{{pod(MOUNT)}}}}}",
        "no-restart: ConfigMap c: a: its next pods read the change",
    ),
    "on delete": (
        "DaemonSet",
        f"spec: {{updateStrategy: {{type: OnDelete}}, template: {{spec: {{{MOUNT}}}}}}}",
        "reads it only when it starts (delete its pods)",
    ),
    "a pod": ("Pod", f"spec: {{{MOUNT}}}", "(delete the pod and create it again)"),
    "other items": ("Deployment", pod(ITEMS), ""),
    "another key": ("Deployment", pod(KEY), ""),
}


@pytest.mark.parametrize(("kind", "body", "part"), READERS.values(), ids=READERS)
def test_a_changed_config_map_affects_its_readers(kind: str, body: str, part: str) -> None:
    reader = made(kind, body)
    head = {"name": "c", **{k: v for k, v in reader["metadata"].items() if k == "namespace"}}
    before, after = ({**made("ConfigMap", f"data: {{k: {v}}}"), "metadata": head} for v in "xy")
    lines = says(compared([before, reader], [after, reader]))
    assert [part in line for line in lines] == ([True] if part else [])


def test_restarts_nothing_is_not_printed_if_the_reader_of_a_config_is_unknown() -> None:
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


def test_restarts_nothing_is_not_printed_if_others_create_pods_from_it() -> None:
    sides = [[made("EdgeApplication", carried(f"spec: {{paused: {value}}}"))] for value in ("true", "false")]
    text = writer("text")(compared(*sides))
    assert "manifests[Deployment d].spec.paused" in text
    assert "restarts nothing" not in text


EDIT = "metadata: {name: a, labels: {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}"
TWO = "aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}, {matchLabels: {c: d}}]}"
ONE = "aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}"
SHUT = "spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}"
OPEN = "spec: {podSelector: {}, ingress: [{}]}"
BALANCED = "spec: {type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24]}"
HOST = "volumes: [{name: v, hostPath: {path: /x}}]"
SECURED = "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}"


def mounted(read_only: str) -> str:
    return pod(f"{HOST}, containers: [{{name: m, volumeMounts: [{{name: v, mountPath: /x, {read_only}}}]}}]")


# kind, before, after, the impact, and the impact in the other direction; "" for none
MEANINGS = {
    "gathered": (
        "ClusterRole",
        "rules: []",
        f"{EDIT}, rules: []",
        "rbac-widened: ClusterRole a: its permissions are now added to the roles edit too (aggregation)",
        "rbac-narrowed: ClusterRole a: its permissions no longer belong to edit",
    ),
    "gathers": (
        "ClusterRole",
        ONE,
        TWO,
        "rbac-widened: ClusterRole a: now has the permissions of roles with c=d",
        "rbac-narrowed: ClusterRole a: no longer has the permissions of roles with c=d",
    ),
    "host port": (
        "Deployment",
        container("ports: [{containerPort: 80}]"),
        container("ports: [{containerPort: 80, hostPort: 80}]"),
        "exposed: Deployment a: a listens on its node: 80/TCP",
        "closed: Deployment a: a no longer listens on its node: 80/TCP",
    ),
    "tls": (
        "Ingress",
        "spec: {tls: [{hosts: [a.example, b.example]}]}",
        "spec: {tls: [{hosts: [a.example]}]}",
        "tls-weakened: Ingress a: no longer uses TLS for b.example",
        "tls-strengthened: Ingress a: uses TLS for b.example",
    ),
    "policy": (
        "NetworkPolicy",
        SHUT,
        OPEN,
        "exposed: NetworkPolicy a: allows connections to its pods from: anybody",
        "closed: NetworkPolicy a: no longer allows connections to its pods from: anybody",
    ),
    "ranges": (
        "Service",
        BALANCED,
        "spec: {type: LoadBalancer}",
        "exposed: Service a: accepts connections from: any address",
        "exposed: Service a: accepts connections from: 192.0.2.0/24",
    ),
    "host network": (
        "Deployment",
        pod("a: b"),
        pod("hostNetwork: true, a: b"),
        "privileged: Deployment a: a: its pods use the network of the node",
        "",
    ),
    "escalation": (
        "Deployment",
        container(SECURED),
        container("securityContext: {capabilities: {drop: [ALL]}}"),
        "privileged: Deployment a: a: nothing prevents container m from gaining privileges any more",
        "",
    ),
    "capabilities": (
        "Deployment",
        container(SECURED),
        container("securityContext: {allowPrivilegeEscalation: false}"),
        "privileged: Deployment a: a: container m no longer drops all capabilities",
        "",
    ),
    "root": (
        "Deployment",
        pod("securityContext: {runAsUser: 1}, containers: [{name: m}]"),
        pod("securityContext: {runAsUser: 0}, containers: [{name: m}]"),
        "privileged: Deployment a: a: container m runs as root",
        "",
    ),
    "writable": (
        "Deployment",
        mounted("readOnly: true"),
        mounted("readOnly: false"),
        "privileged: Deployment a: a: container m can write /x of the node",
        "",
    ),
}


@pytest.mark.parametrize(("kind", "before", "after", "there", "back"), MEANINGS.values(), ids=MEANINGS)
def test_a_change_has_its_impacts_in_both_directions(
    kind: str, before: str, after: str, there: str, back: str
) -> None:
    for line, other, sides in ((there, back, (before, after)), (back, there, (after, before))):
        found = [said for said in told(kind, *sides) if not said.startswith("restart: ")]
        if line:
            assert line in found
        else:
            assert found == []
        assert other not in found or not other


def test_a_deleted_network_policy_exposes_its_pods() -> None:
    lines = says(compared([made("NetworkPolicy", SHUT)], []))
    assert (
        "exposed: NetworkPolicy a: no longer limits who can reach its pods; only other policies do" in lines
    )
    assert len(says(compared([made("NetworkPolicy", OPEN)], []))) == 1


@pytest.mark.parametrize("after", [[], ["d"]], ids=["deleted", "renamed"])
@pytest.mark.parametrize("optional", [False, True])
def test_a_deleted_config_map_that_a_workload_needs_is_reported(after: list[str], optional: bool) -> None:
    volume = f"volumes: [{{name: v, configMap: {{name: c, optional: {str(optional).lower()}}}}}]"
    reader = made("Deployment", pod(volume))
    gone, *new = ({**made("ConfigMap", "data: {k: v}"), "metadata": {"name": name}} for name in ["c", *after])
    lines = [line for line in says(compared([gone, reader], [*new, reader])) if line.startswith("needs")]
    expected = (
        "needs: ConfigMap c: a still uses it and cannot start again without it"
        " (keep it, or remove the reference from a)"
    )
    assert lines == ([] if optional else [expected])


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("Namespace", "everything in it is deleted too (save the objects first if you need them)"),
        ("PersistentVolumeClaim", "its data may be deleted too (save the data first if you need it)"),
    ],
)
def test_a_rename_reports_what_the_deletion_removes(kind: str, part: str) -> None:
    before = made(kind, "spec: {a: b}")
    after = {**before, "metadata": {"name": "other"}}
    assert says(compared([before], [after])) == [
        f"deleted: {kind} a: is deleted and replaced by {kind} other; {part}"
    ]


def test_an_object_that_another_group_serves_is_not_deleted() -> None:
    after = made("Deployment", container("image: a"))
    before = {**after, "apiVersion": "extensions/v1beta1"}
    found = compared([before], [after])
    assert says(found) == []
    assert "Deployment a (renamed from extensions/v1beta1 Deployment a)" in writer("text")(found)


def test_an_object_that_helm_keeps_is_not_deleted() -> None:
    kept = made(
        "ConfigMap", "data: {k: v}, metadata: {name: a, annotations: {helm.sh/resource-policy: keep}}"
    )
    assert says(compared([kept], [])) == [
        (
            "kept: ConfigMap a: stays in the cluster: it has the annotation helm.sh/resource-policy: keep"
            " (delete it by hand if nothing uses it)"
        )
    ]


def crd(*versions: str) -> str:
    return f"spec: {{versions: [{', '.join(versions)}]}}"


OLD = "{name: v1, served: true, storage: %s}"
NEW = "{name: v2, served: true, storage: %s}"
CRDS = {
    "stored": (
        crd(OLD % "true", NEW % "false"),
        crd(OLD % "false", NEW % "true"),
        "stores v2 instead of v1; existing objects are converted to v2 at their next update",
    ),
    "unserved": (
        crd(OLD % "false", NEW % "true"),
        crd("{name: v1, served: false, storage: false}", NEW % "true"),
        "no longer serves v1; clients that use it fail (move all clients to another version first)",
    ),
    "removed": (
        crd(OLD % "false", NEW % "true"),
        crd(NEW % "true"),
        (
            "no longer has v1; clients that use it fail, and the API server rejects the change while objects"
            " are stored in it (move all clients and stored objects to another version first)"
        ),
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), CRDS.values(), ids=CRDS)
def test_a_crd_with_other_versions(before: str, after: str, expected: str) -> None:
    kind = "CustomResourceDefinition"
    assert told(kind, before, after) == [f"crd-storage: {kind} a: {expected}"]
