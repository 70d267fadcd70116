"""The building blocks of the values model: closed and open sections, images, workloads.

Every field's text lives here once, as its `description`; values.yaml, the schemas and the README
tables are generated from it. `unit` and `unset` (what applies if the key is not set)
are in `json_schema_extra`.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A closed map of values: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, defer_build=True)


class ConfigSection(BaseModel):
    """A part of a program's config file. Its keys are documented here; other fields of the release are
    allowed too and validated against the field table.
    """

    model_config = ConfigDict(extra="allow", strict=True, hide_input_in_errors=True, defer_build=True)


def key(
    default: Any = None,
    text: str = "",
    *,
    unit: str | None = None,
    unset: str | None = None,
    example: Any = None,
    **limits: Any,
) -> Any:
    """Declare one key of the charts.

    A key with the default None appears in values.yaml only as a comment; `unset` describes its value then,
    `example` is the value in the comment. `limits` are those of pydantic (ge, le).
    """
    extra = {"unit": unit, "unset": unset, "example": example}
    extra = {name: value for name, value in extra.items() if value is not None}
    if isinstance(default, (dict, list, BaseModel)):
        # Each caller gets its own deep copy of the default.
        return Field(
            default_factory=lambda: deepcopy(default), description=text, json_schema_extra=extra, **limits
        )
    return Field(default, description=text, json_schema_extra=extra, **limits)


def section(model: type[BaseModel], text: str) -> Any:
    """Declare a nested section; its default consists of the defaults of its fields."""
    return Field(default_factory=model, description=text)


PullPolicy = Literal["Always", "IfNotPresent", "Never"]


class Image(Section):
    """Where a container image comes from."""

    repository: str | None = key(None, "repository without registry", unset="the upstream image")
    tag: str | None = key(None, "tag", unset="the release of the program")
    digest: str = key("", "digest such as sha256:…; used instead of the tag")
    pullPolicy: PullPolicy | None = key(
        None, "pull policy: Always, IfNotPresent or Never", unset="images.pullPolicy"
    )
    pullSecrets: list[str | dict[str, Any]] = key(
        [], "pull secrets as names or {name: …}; added to images.pullSecrets"
    )


class Images(Section):
    """Settings of all images."""

    registry: str = key("", "registry for all repositories, for mirrors and closed networks")
    pullPolicy: PullPolicy = key("IfNotPresent", "pull policy: Always, IfNotPresent or Never")
    pullSecrets: list[str | dict[str, Any]] = key([], "pull secrets as names or {name: …}")


def affinity(edge: bool) -> dict[str, Any]:
    """Return upstream's node affinity: only edge nodes, or all other nodes."""
    expression = {
        "key": "node-role.kubernetes.io/edge",
        "operator": "Exists" if edge else "DoesNotExist",
    }
    terms = [{"matchExpressions": [expression]}]
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}


class Workload(Section):
    """Settings of every pod of the charts."""

    labels: dict[str, str] = key({}, "labels to add to the objects and pods (selectors do not change)")
    annotations: dict[str, str] = key({}, "annotations of the workload object")
    podLabels: dict[str, str] = key({}, "labels to add to the pods only")
    podAnnotations: dict[str, str] = key({}, "annotations of the pods")
    affinity: dict[str, Any] = key({}, "node and pod affinity")
    tolerations: list[dict[str, Any]] = key([], "tolerations")
    nodeSelector: dict[str, str] = key({}, "node selector")
    priorityClassName: str = key("", "priority class")
    terminationGracePeriodSeconds: int | None = key(
        None, "time for a pod to stop", unit="seconds", unset="Kubernetes, 30", ge=0
    )
    podSecurityContext: dict[str, Any] = key({}, "security context of the pods")
    extraEnv: list[dict[str, Any]] = key([], "environment variables to add to the container")
    extraVolumes: list[dict[str, Any]] = key([], "volumes to add to the pods")
    extraVolumeMounts: list[dict[str, Any]] = key([], "volume mounts to add to the container")


class ServiceAccount(Section):
    """The service account of a workload."""

    annotations: dict[str, str] = key({}, "annotations of the service account")


class DisruptionBudget(Section):
    """A PodDisruptionBudget."""

    enable: bool = key(False, "create a PodDisruptionBudget")
    minAvailable: int | str | None = key(None, "minimum number of running pods", unset="not set", example=1)
    maxUnavailable: int | str | None = key(
        None, "maximum number of stopped pods", unset="1 unless minAvailable is set"
    )


class NetworkPolicy(Section):
    """A NetworkPolicy; it has no effect on pods on the host network."""

    enable: bool = key(False, "create a NetworkPolicy that allows only the ports of the program")
    ingressFrom: list[dict[str, Any]] = key([], "peers that may connect; empty allows all")


class IssuerRef(Section):
    """The cert-manager issuer that signs."""

    name: str = key("", "name of the issuer")
    kind: str = key("Issuer", "Issuer or ClusterIssuer")
    group: str = key("cert-manager.io", "API group of the issuer")


class CertManager(Section):
    """A certificate from cert-manager."""

    enable: bool = key(False, "request the certificate from cert-manager")
    issuerRef: IssuerRef = section(IssuerRef, "the issuer that signs it")
    duration: str = key("8760h", "lifetime of the certificate", unit="duration such as 2160h")
    renewBefore: str = key("720h", "how long before expiry it is renewed", unit="duration such as 360h")
