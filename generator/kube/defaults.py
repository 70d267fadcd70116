"""Tables by kind and path: the defaults that the API server fills in for missing fields (Kubernetes v1.34).

Paths start at the top of an object; in pod_defaults.py they start at the top of a pod. The tables are written
by hand, because the OpenAPI data of Kubernetes has no defaults and does not mark immutable fields.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from generator.kube.pod_defaults import CLAIM, NONE, POD, SOURCES, Fields, flat
from generator.paths import Path


def _completions(other: Fields, _own: Fields) -> Any:
    return 1 if other.get("parallelism") is None else NONE


def _parallelism(other: Fields, own: Fields) -> Any:
    # Without `completions`, setting it also leaves the completions of the job unset.
    return 1 if "completions" in own or "completions" in other else NONE


def _external_policy(other: Fields, _own: Fields) -> Any:
    outside = other.get("type") in ("NodePort", "LoadBalancer") or other.get("externalIPs")
    return "Cluster" if outside else NONE


def _ip_families(other: Fields, _own: Fields) -> str:
    headless = other.get("clusterIP") == "None" and not other.get("selector")
    return "RequireDualStack" if headless else "SingleStack"


def _policy_types(other: Fields, _own: Fields) -> list[str]:
    return ["Ingress", "Egress"] if other.get("egress") else ["Ingress"]


def _subject_group(other: Fields, _own: Fields) -> str:
    return "" if other.get("kind") == "ServiceAccount" else "rbac.authorization.k8s.io"


_TEMPLATE = flat(POD, "spec.template.spec.")
_JOB = {
    "completions": _completions,
    "parallelism": _parallelism,
    "completionMode": "NonIndexed",
    "backoffLimit": lambda other, own: NONE if "backoffLimitPerIndex" in other else 6,
    "podReplacementPolicy": lambda other, own: (
        "Failed" if "podFailurePolicy" in other else "TerminatingOrFailed"
    ),
    "suspend|manualSelector": False,
}
_ROLL = "spec.updateStrategy."
_BINDING = {
    "roleRef.apiGroup": "rbac.authorization.k8s.io",
    "subjects.apiGroup": _subject_group,
}
_WEBHOOK = {
    "webhooks.failurePolicy": "Fail",
    "webhooks.matchPolicy": "Equivalent",
    "webhooks.timeoutSeconds": 10,
    "webhooks.namespaceSelector": {},
    "webhooks.objectSelector": {},
    "webhooks.rules.scope": "*",
    "webhooks.clientConfig.service.port": 443,
}
_OBJECTS: dict[str, Fields] = {
    "Pod": flat(POD, "spec."),
    "PodTemplate": flat(POD, "template.spec."),
    "Deployment": {
        "spec.replicas": 1,
        "spec.revisionHistoryLimit": 10,
        "spec.progressDeadlineSeconds": 600,
        "spec.minReadySeconds": 0,
        "spec.paused": False,
        "spec.strategy.type": "RollingUpdate",
        "spec.strategy.rollingUpdate.maxSurge": "25%",
        "spec.strategy.rollingUpdate.maxUnavailable": "25%",
        **_TEMPLATE,
    },
    "DaemonSet": {
        "spec.revisionHistoryLimit": 10,
        "spec.minReadySeconds": 0,
        f"{_ROLL}type": "RollingUpdate",
        f"{_ROLL}rollingUpdate.maxUnavailable": 1,
        f"{_ROLL}rollingUpdate.maxSurge": 0,
        **_TEMPLATE,
    },
    "StatefulSet": {
        "spec.replicas": 1,
        "spec.revisionHistoryLimit": 10,
        "spec.minReadySeconds": 0,
        "spec.podManagementPolicy": "OrderedReady",
        "spec.ordinals.start": 0,
        "spec.persistentVolumeClaimRetentionPolicy.whenDeleted": "Retain",
        "spec.persistentVolumeClaimRetentionPolicy.whenScaled": "Retain",
        f"{_ROLL}type": "RollingUpdate",
        f"{_ROLL}rollingUpdate.partition": 0,
        "spec.volumeClaimTemplates.apiVersion": "v1",
        "spec.volumeClaimTemplates.kind": "PersistentVolumeClaim",
        **flat(CLAIM, "spec.volumeClaimTemplates.spec."),
        **_TEMPLATE,
    },
    "ReplicaSet": {"spec.replicas": 1, "spec.minReadySeconds": 0, **_TEMPLATE},
    "ReplicationController": {"spec.replicas": 1, "spec.minReadySeconds": 0, **_TEMPLATE},
    "Job": {**flat(_JOB, "spec."), **_TEMPLATE},
    "CronJob": {
        "spec.concurrencyPolicy": "Allow",
        "spec.suspend": False,
        "spec.successfulJobsHistoryLimit": 3,
        "spec.failedJobsHistoryLimit": 1,
        **flat(_JOB, "spec.jobTemplate.spec."),
        **flat(POD, "spec.jobTemplate.spec.template.spec."),
    },
    "Service": {
        "spec.type": "ClusterIP",
        "spec.sessionAffinity": "None",
        "spec.sessionAffinityConfig.clientIP.timeoutSeconds": 10800,
        "spec.publishNotReadyAddresses": False,
        "spec.internalTrafficPolicy": "Cluster",
        "spec.externalTrafficPolicy": _external_policy,
        "spec.allocateLoadBalancerNodePorts": lambda other, own: (
            True if other.get("type") == "LoadBalancer" else NONE
        ),
        "spec.ipFamilyPolicy": _ip_families,
        "spec.ports.protocol": "TCP",
        "spec.ports.targetPort": lambda other, own: other.get("port", NONE),
    },
    "Endpoints": {"subsets.ports.protocol": "TCP"},
    "EndpointSlice": {"ports.protocol": "TCP", "ports.name": ""},
    "ConfigMap": {"immutable": False},
    "Secret": {"type": "Opaque", "immutable": False},
    "ServiceAccount": {"automountServiceAccountToken": True},
    "PersistentVolumeClaim": flat(CLAIM, "spec."),
    "PersistentVolume": {
        "spec.persistentVolumeReclaimPolicy": "Retain",
        "spec.volumeMode": "Filesystem",
        **flat(SOURCES, "spec."),
    },
    "StorageClass": {
        "reclaimPolicy": "Delete",
        "volumeBindingMode": "Immediate",
        "allowVolumeExpansion": False,
    },
    "CSIDriver": {
        "spec.attachRequired": True,
        "spec.podInfoOnMount": False,
        "spec.storageCapacity": False,
        "spec.requiresRepublish": False,
        "spec.fsGroupPolicy": "ReadWriteOnceWithFSType",
        "spec.volumeLifecycleModes": ["Persistent"],
    },
    "PriorityClass": {"preemptionPolicy": "PreemptLowerPriority", "globalDefault": False},
    "HorizontalPodAutoscaler": {
        "spec.minReplicas": 1,
        "spec.behavior.scaleUp.selectPolicy": "Max",
        "spec.behavior.scaleDown.selectPolicy": "Max",
    },
    "PodDisruptionBudget": {"spec.unhealthyPodEvictionPolicy": "IfHealthyBudget"},
    "NetworkPolicy": {
        "spec.policyTypes": _policy_types,
        "spec.ingress.ports.protocol": "TCP",
        "spec.egress.ports.protocol": "TCP",
        "spec.ingress": [],
        "spec.egress": [],
    },
    "IngressClass": {"spec.parameters.scope": "Cluster"},
    "RoleBinding": _BINDING,
    "ClusterRoleBinding": _BINDING,
    "ValidatingWebhookConfiguration": _WEBHOOK,
    "MutatingWebhookConfiguration": {**_WEBHOOK, "webhooks.reinvocationPolicy": "Never"},
    "ValidatingAdmissionPolicy": {
        "spec.failurePolicy": "Fail",
        "spec.matchConstraints.matchPolicy": "Equivalent",
        "spec.matchConstraints.namespaceSelector": {},
        "spec.matchConstraints.objectSelector": {},
    },
    "CustomResourceDefinition": {
        "spec.preserveUnknownFields": False,
        "spec.conversion.strategy": "None",
        "spec.conversion.webhook.clientConfig.service.port": 443,
        "spec.names.singular": lambda other, own: str(other.get("kind", "")).lower() or NONE,
        "spec.names.listKind": lambda other, own: f"{other['kind']}List" if other.get("kind") else NONE,
        "spec.versions.deprecated": False,
    },
    "APIService": {"spec.service.port": 443, "spec.insecureSkipTLSVerify": False},
}


@cache
def _table(kind: str) -> dict[tuple[str, ...], Any]:
    return {tuple(path.split(".")): value for path, value in _OBJECTS.get(kind, {}).items()}


def default(kind: str, path: Path, other: Fields, own: Fields) -> Any:
    """Return the default of the field at a path, NONE if no default is known.

    `other` is the map without the field, `own` is the map that has it.
    """
    names = tuple(part for part in path if isinstance(part, str) and part[:1] != "[")
    found = _table(kind).get(names, NONE)
    return found(other, own) if callable(found) else found
