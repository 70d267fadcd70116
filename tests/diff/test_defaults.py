"""Defaults of the API server: writing one out is no difference; another value, or another field, is one."""

from __future__ import annotations

from typing import Any

import pytest

from generator import go_yaml
from tests.diff.sides import changes, compared, places, says

Data = dict[str, Any]

VERSIONS = {
    "Deployment": "apps/v1",
    "DaemonSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "RuntimeClass": "node.k8s.io/v1",
    "ReplicaSet": "apps/v1",
    "Ingress": "networking.k8s.io/v1",
    "ClusterRole": "rbac.authorization.k8s.io/v1",
    "StorageClass": "storage.k8s.io/v1",
    "PriorityClass": "scheduling.k8s.io/v1",
    "NetworkPolicy": "networking.k8s.io/v1",
    "HorizontalPodAutoscaler": "autoscaling/v2",
    "ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
    "MutatingWebhookConfiguration": "admissionregistration.k8s.io/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1",
    "EdgeApplication": "apps.kubeedge.io/v1alpha1",
}


def made(kind: str, body: str) -> Data:
    """Return an object of a kind with the fields of `body`."""
    head = {"apiVersion": VERSIONS.get(kind, "v1"), "kind": kind, "metadata": {"name": "a"}}
    return {**head, **go_yaml.load(f"{{{body}}}")}


def pod(body: str) -> str:
    """Return the body of a workload whose pods have these fields."""
    return f"spec: {{template: {{spec: {{{body}}}}}}}"


def container(body: str) -> str:
    """Return the body of a workload whose container has these fields."""
    return pod(f"containers: [{{name: m, {body}}}]")


def carried(body: str) -> str:
    """Return the body of an EdgeApplication with a Deployment of this body."""
    one = f"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d}}, {body}}}"
    return f"spec: {{workloadTemplate: {{manifests: [{one}]}}}}"


# kind, object without the default, object with the default written out
DEFAULTS = {
    "secret": ("Secret", "data: {a: Yg==}", "data: {a: Yg==}, type: Opaque"),
    "immutable": ("ConfigMap", "data: {}", "data: {}, immutable: false"),
    "claim": ("PersistentVolumeClaim", "spec: {}", "spec: {volumeMode: Filesystem}"),
    "claim template": (
        "StatefulSet",
        "spec: {volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [a]}}]}",
        (
            "spec: {volumeClaimTemplates: [{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: d},"
            " spec: {accessModes: [a], volumeMode: Filesystem}}]}"
        ),
    ),
    "volume": ("PersistentVolume", "spec: {}", "spec: {persistentVolumeReclaimPolicy: Retain}"),
    "storage class": (
        "StorageClass",
        "provisioner: p",
        "provisioner: p, reclaimPolicy: Delete, volumeBindingMode: Immediate, allowVolumeExpansion: false",
    ),
    "job": (
        "Job",
        "spec: {}",
        "spec: {completionMode: NonIndexed, completions: 1, parallelism: 1, backoffLimit: 6, suspend: false}",
    ),
    "parallelism": ("Job", "spec: {completions: 3}", "spec: {completions: 3, parallelism: 1}"),
    "cron job": (
        "CronJob",
        "spec: {jobTemplate: {spec: {template: {spec: {}}}}}",
        (
            "spec: {failedJobsHistoryLimit: 1, successfulJobsHistoryLimit: 3, concurrencyPolicy: Allow,"
            " suspend: false, jobTemplate: {spec: {backoffLimit: 6, completions: 1,"
            " template: {spec: {dnsPolicy: ClusterFirst}}}}}"
        ),
    ),
    "priority": ("PriorityClass", "value: 1", "value: 1, preemptionPolicy: PreemptLowerPriority"),
    "pull of a tag": (
        "Deployment",
        container("image: 'r:5000/i:v1'"),
        container("image: 'r:5000/i:v1', imagePullPolicy: IfNotPresent"),
    ),
    "pull of the latest": (
        "Deployment",
        container("image: 'i:latest'"),
        container("image: 'i:latest', imagePullPolicy: Always"),
    ),
    "pull of none": (
        "Deployment",
        container("image: 'r:5000/i'"),
        container("image: 'r:5000/i', imagePullPolicy: Always"),
    ),
    "pull of a digest": (
        "Deployment",
        container("image: 'i@sha256:00'"),
        container("image: 'i@sha256:00', imagePullPolicy: IfNotPresent"),
    ),
    "path": (
        "Deployment",
        container("livenessProbe: {httpGet: {port: 1}}, lifecycle: {preStop: {httpGet: {port: 1}}}"),
        container(
            "livenessProbe: {httpGet: {port: 1, path: /, scheme: HTTP}, timeoutSeconds: 1},"
            " lifecycle: {preStop: {httpGet: {port: 1, path: /}}}"
        ),
    ),
    "medium": (
        "Deployment",
        pod("volumes: [{name: v, emptyDir: {}}]"),
        pod("volumes: [{name: v, emptyDir: {medium: ''}}]"),
    ),
    "no source": ("Deployment", pod("volumes: [{name: v}]"), pod("volumes: [{name: v, emptyDir: {}}]")),
    "deployment": (
        "Deployment",
        "spec: {}",
        "spec: {strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}}",
    ),
    "daemon set": (
        "DaemonSet",
        "spec: {}",
        "spec: {updateStrategy: {rollingUpdate: {maxUnavailable: 1, maxSurge: 0}}}",
    ),
    "stateful set": (
        "StatefulSet",
        "spec: {}",
        "spec: {podManagementPolicy: OrderedReady, updateStrategy: {rollingUpdate: {partition: 0}}}",
    ),
    "service": (
        "Service",
        "spec: {ports: [{port: 80}]}",
        (
            "spec: {ports: [{port: 80, targetPort: 80}], internalTrafficPolicy: Cluster,"
            " ipFamilyPolicy: SingleStack}"
        ),
    ),
    "node port": (
        "Service",
        "spec: {type: NodePort}",
        "spec: {type: NodePort, externalTrafficPolicy: Cluster}",
    ),
    "autoscaler": ("HorizontalPodAutoscaler", "spec: {}", "spec: {minReplicas: 1}"),
    "policy": (
        "NetworkPolicy",
        "spec: {podSelector: {}, ingress: [{ports: [{port: 1}]}]}",
        "spec: {podSelector: {}, ingress: [{ports: [{port: 1, protocol: TCP}]}], policyTypes: [Ingress]}",
    ),
    "policy of both ways": (
        "NetworkPolicy",
        "spec: {egress: [{}]}",
        "spec: {egress: [{}], policyTypes: [Egress, Ingress]}",
    ),
    "webhook": (
        "ValidatingWebhookConfiguration",
        "webhooks: [{name: w, rules: [{operations: ['*']}]}]",
        (
            "webhooks: [{name: w, failurePolicy: Fail, timeoutSeconds: 10, matchPolicy: Equivalent,"
            " namespaceSelector: {}, objectSelector: {}, rules: [{operations: ['*'], scope: '*'}]}]"
        ),
    ),
    "mutating webhook": (
        "MutatingWebhookConfiguration",
        "webhooks: [{name: w}]",
        "webhooks: [{name: w, reinvocationPolicy: Never, failurePolicy: Fail}]",
    ),
    "names": (
        "CustomResourceDefinition",
        "spec: {names: {kind: Widget}}",
        "spec: {names: {kind: Widget, singular: widget, listKind: WidgetList}, conversion: {strategy: None}}",
    ),
    "a null": ("Deployment", "spec: {replicas: null}", "spec: {replicas: 1}"),
    # Not defaults, but equivalent values.
    "average": (
        "HorizontalPodAutoscaler",
        "spec: {metrics: [{resource: {target: {averageValue: 0.5}}}]}",
        "spec: {metrics: [{resource: {target: {averageValue: 500m}}}]}",
    ),
    "range": (
        "LimitRange",
        "spec: {limits: [{type: Container, max: {cpu: 0.5}}]}",
        "spec: {limits: [{type: Container, max: {cpu: 500m}}]}",
    ),
    "an edge application": (
        "EdgeApplication",
        carried(container("resources: {limits: {cpu: 0.5}}")),
        carried(container("resources: {limits: {cpu: 500m}}, stdin: false")),
    ),
}


@pytest.mark.parametrize(("kind", "without", "written"), DEFAULTS.values(), ids=DEFAULTS)
def test_a_default_written_out_is_no_difference(kind: str, without: str, written: str) -> None:
    for sides in ((without, written), (written, without)):
        found = compared(*([made(kind, body)] for body in sides))
        assert (places(found), says(found)) == ([], [])


# kind, before, after, the place that diff must report
NO_DEFAULTS = {
    "another tag": (
        "Deployment",
        container("image: 'i:latest'"),
        container("image: 'i:latest', imagePullPolicy: IfNotPresent"),
        "spec.template.spec.containers[m].imagePullPolicy",
    ),
    "a probe has no grace of its own": (
        "Deployment",
        pod("terminationGracePeriodSeconds: 300, containers: [{name: m, livenessProbe: {}}]"),
        pod(
            "terminationGracePeriodSeconds: 300,"
            " containers: [{name: m, livenessProbe: {terminationGracePeriodSeconds: 30}}]"
        ),
        "spec.template.spec.containers[m].livenessProbe.terminationGracePeriodSeconds",
    ),
    "completions of a queue": (
        "Job",
        "spec: {parallelism: 3}",
        "spec: {parallelism: 3, completions: 1}",
        "spec.completions",
    ),
    "one at a time without a number": ("Job", "spec: {}", "spec: {parallelism: 1}", "spec.parallelism"),
    "variables made of others": (
        "Deployment",
        container("env: [{name: B, value: b}, {name: A, value: 'x$$$(B)'}]"),
        container("env: [{name: A, value: 'x$$$(B)'}, {name: B, value: b}]"),
        "spec.template.spec.containers[m].env",
    ),
    "a policy that the type does not have": (
        "Service",
        "spec: {}",
        "spec: {externalTrafficPolicy: Cluster}",
        "spec.externalTrafficPolicy",
    ),
    "egress closed": (
        "NetworkPolicy",
        "spec: {}",
        "spec: {policyTypes: [Ingress, Egress]}",
        "spec.policyTypes",
    ),
    "a field that only sounds like one": ("Deployment", "spec: {}", "spec: {suspend: false}", "spec.suspend"),
    "an edge application": (
        "EdgeApplication",
        carried("spec: {replicas: 1}"),
        carried("spec: {replicas: 2}"),
        "spec.workloadTemplate.manifests[Deployment d].spec.replicas",
    ),
    "a list below an empty name": ("Deployment", "spec: {'': [1, 2]}", "spec: {'': [1, 3]}", 'spec[""][1]'),
}


@pytest.mark.parametrize(("kind", "before", "after", "place"), NO_DEFAULTS.values(), ids=NO_DEFAULTS)
def test_a_value_that_is_not_a_default_is_a_difference(
    kind: str, before: str, after: str, place: str
) -> None:
    for sides in ((before, after), (after, before)):
        found = compared(*([made(kind, body)] for body in sides))
        assert [change.place for change in changes(found)] == [place]


def test_the_order_of_independent_variables_is_no_difference() -> None:
    one, other = (
        container(f"env: [{', '.join(items)}]")
        for items in (
            ("{name: B, value: b}", "{name: A, value: '$$(B)'}"),
            ("{name: A, value: '$$(B)'}", "{name: B, value: b}"),
        )
    )
    (change,) = changes(compared([made("Deployment", one)], [made("Deployment", other)]))
    assert change.behaviour is False
