"""Tables by path: the defaults that the API server fills in for missing fields of pods (Kubernetes v1.34).

Paths start at the top of a pod, a container or a volume, and do not contain the items of lists. The tables
also have values that mean the same as a missing field, although the API server does not fill them in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Fields = Mapping[str, Any]
# A default that depends on other fields: of the map without the field, and of the map that has it.
Computed = Callable[[Fields, Fields], Any]
# Marks a field without a default; no YAML value is equal to it.
NONE: Any = object()


def _pull_policy(name: str) -> Computed:
    def found(other: Fields, _own: Fields) -> str:
        _, digest, _ = str(other.get(name)).partition("@")
        tag = str(other.get(name)).rpartition("/")[2].partition(":")[2]
        return "IfNotPresent" if digest or tag not in ("", "latest") else "Always"

    return found


def _only_a_name(other: Fields, _own: Fields) -> Any:
    return {} if set(other) <= {"name"} else NONE


def flat(table: Fields, top: str = "") -> dict[str, Any]:
    """Return a table with `top` before every path; a path with `a|b` becomes two paths."""
    flat = {}
    for path, value in table.items():
        head, _, rest = path.partition(".")
        for name in head.split("|"):
            flat[f"{top}{name}.{rest}" if rest else f"{top}{name}"] = value
    return flat


_HANDLER = {"httpGet.path": "/", "httpGet.scheme": "HTTP", "grpc.service": ""}
_PROBE = {
    "timeoutSeconds": 1,
    "periodSeconds": 10,
    "successThreshold": 1,
    "failureThreshold": 3,
    "initialDelaySeconds": 0,
    **_HANDLER,
}
_CONTAINER = {
    "imagePullPolicy": _pull_policy("image"),
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "stdin|tty|stdinOnce": False,
    "ports.protocol": "TCP",
    "env.value": "",
    "env.valueFrom.fieldRef.apiVersion": "v1",
    "env.valueFrom.configMapKeyRef.optional": False,
    "env.valueFrom.secretKeyRef.optional": False,
    "envFrom.configMapRef.optional": False,
    "envFrom.secretRef.optional": False,
    "volumeMounts.readOnly": False,
    "volumeMounts.mountPropagation": "None",
    "volumeMounts.subPath": "",
    "securityContext.privileged": False,
    "securityContext.readOnlyRootFilesystem": False,
    "securityContext.procMount": "Default",
    **flat(_PROBE, "livenessProbe."),
    **flat(_PROBE, "readinessProbe."),
    **flat(_PROBE, "startupProbe."),
    **flat(_HANDLER, "lifecycle.postStart."),
    **flat(_HANDLER, "lifecycle.preStop."),
}
CLAIM = {"volumeMode": "Filesystem"}
# For the volumes of pods and for persistent volumes.
SOURCES = {
    "hostPath.type": "",
    "iscsi.iscsiInterface": "default",
    "rbd.pool": "rbd",
    "rbd.user": "admin",
    "rbd.keyring": "/etc/ceph/keyring",
    "azureDisk.cachingMode": "ReadWrite",
    "azureDisk.kind": "Shared",
    "azureDisk.fsType": "ext4",
    "nfs|iscsi|rbd|cephfs|csi|fc|azureDisk|azureFile|glusterfs|cinder.readOnly": False,
}
_VOLUME = {
    **SOURCES,
    "emptyDir": _only_a_name,
    "emptyDir.medium": "",
    "persistentVolumeClaim.readOnly": False,
    "configMap|secret|projected|downwardAPI.defaultMode": 420,
    "configMap|secret.optional": False,
    "projected.sources.configMap.optional": False,
    "projected.sources.secret.optional": False,
    "projected.sources.serviceAccountToken.expirationSeconds": 3600,
    "projected.sources.downwardAPI.items.fieldRef.apiVersion": "v1",
    "downwardAPI.items.fieldRef.apiVersion": "v1",
    "image.pullPolicy": _pull_policy("reference"),
    **flat(CLAIM, "ephemeral.volumeClaimTemplate.spec."),
}
POD = {
    "restartPolicy": "Always",
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    # An admission plugin fills it in.
    "serviceAccountName": "default",
    "terminationGracePeriodSeconds": 30,
    "enableServiceLinks": True,
    "hostNetwork|hostPID|hostIPC|shareProcessNamespace|setHostnameAsFQDN": False,
    "hostUsers": True,
    "securityContext.runAsNonRoot": False,
    "tolerations.operator": "Equal",
    "topologySpreadConstraints.minDomains": 1,
    "topologySpreadConstraints.nodeAffinityPolicy": "Honor",
    "topologySpreadConstraints.nodeTaintsPolicy": "Ignore",
    **flat(_CONTAINER, "containers."),
    **flat(_CONTAINER, "initContainers."),
    **flat(_CONTAINER, "ephemeralContainers."),
    **flat(_VOLUME, "volumes."),
}
