"""The building blocks of the values model: closed and open sections, images, workloads.

Every field's text lives here once, as its `description`; values.yaml, the schemas and the README
tables are generated from it. `unit` and `unset` (what decides the value when the key is left out)
travel in `json_schema_extra`.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A closed map of values: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True, defer_build=True)


class ConfigSection(BaseModel):
    """A part of a program's config file: the keys named here are documented, any other field that
    the release reads may be set as well and is held against the field table.
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

    `default` None makes the key absent from values.yaml, where it stands as a comment; `unset`
    says what decides it then, `example` what could stand there. `limits` are pydantic's (ge, le).
    """
    extra = {"unit": unit, "unset": unset, "example": example}
    extra = {name: value for name, value in extra.items() if value is not None}
    if isinstance(default, (dict, list, BaseModel)):
        # Each caller gets a default of its own, to the last leaf.
        return Field(
            default_factory=lambda: deepcopy(default), description=text, json_schema_extra=extra, **limits
        )
    return Field(default, description=text, json_schema_extra=extra, **limits)


def section(model: type[BaseModel], text: str) -> Any:
    """Declare a nested section with the defaults of its own fields."""
    return Field(default_factory=model, description=text)


PullPolicy = Literal["Always", "IfNotPresent", "Never"]


class Image(Section):
    """Where a container image comes from."""

    repository: str | None = key(None, "repository without registry", unset="the upstream image")
    tag: str | None = key(None, "tag", unset="the release of the program")
    digest: str = key("", "digest such as sha256:…; replaces the tag")
    pullPolicy: PullPolicy | None = key(
        None, "pull policy: Always, IfNotPresent or Never", unset="images.pullPolicy"
    )
    pullSecrets: list[str | dict[str, Any]] = key(
        [], "pull secrets, names or {name: …}; added to images.pullSecrets"
    )


class Images(Section):
    """What holds for every image."""

    registry: str = key("", "registry put before every repository, for mirrors and closed networks")
    pullPolicy: PullPolicy = key("IfNotPresent", "pull policy: Always, IfNotPresent or Never")
    pullSecrets: list[str | dict[str, Any]] = key([], "pull secrets, names or {name: …}")


def affinity(edge: bool) -> dict[str, Any]:
    """Return upstream's node affinity: edge nodes only, or every node but them."""
    expression = {
        "key": "node-role.kubernetes.io/edge",
        "operator": "Exists" if edge else "DoesNotExist",
    }
    terms = [{"matchExpressions": [expression]}]
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}}


class Workload(Section):
    """What every pod of the charts can be given."""

    labels: dict[str, str] = key({}, "labels added to the objects and pods (selectors stay fixed)")
    annotations: dict[str, str] = key({}, "annotations of the workload object")
    podLabels: dict[str, str] = key({}, "labels added to the pods only")
    podAnnotations: dict[str, str] = key({}, "annotations of the pods")
    affinity: dict[str, Any] = key({}, "node and pod affinity")
    tolerations: list[dict[str, Any]] = key([], "tolerations")
    nodeSelector: dict[str, str] = key({}, "node selector")
    priorityClassName: str = key("", "priority class")
    terminationGracePeriodSeconds: int | None = key(
        None, "time to stop", unit="seconds", unset="Kubernetes, 30", ge=0
    )
    podSecurityContext: dict[str, Any] = key({}, "security context of the pods")
    extraEnv: list[dict[str, Any]] = key([], "environment variables added to the container")
    extraVolumes: list[dict[str, Any]] = key([], "volumes added to the pods")
    extraVolumeMounts: list[dict[str, Any]] = key([], "volume mounts added to the container")


class ServiceAccount(Section):
    """The service account of a workload."""

    annotations: dict[str, str] = key({}, "annotations of the service account")


class DisruptionBudget(Section):
    """A PodDisruptionBudget."""

    enable: bool = key(False, "make a PodDisruptionBudget")
    minAvailable: int | str | None = key(None, "pods that must stay", unset="not set", example=1)
    maxUnavailable: int | str | None = key(None, "pods that may go", unset="1 unless minAvailable is set")


class NetworkPolicy(Section):
    """A NetworkPolicy; it does not bind pods on the host network."""

    enable: bool = key(False, "make a NetworkPolicy that admits the program's own ports")
    ingressFrom: list[dict[str, Any]] = key([], "peers that may connect; empty admits all")


class IssuerRef(Section):
    """The cert-manager issuer that signs."""

    name: str = key("", "name of the issuer")
    kind: str = key("Issuer", "Issuer or ClusterIssuer")
    group: str = key("cert-manager.io", "API group of the issuer")


class CertManager(Section):
    """A certificate from cert-manager."""

    enable: bool = key(False, "ask cert-manager for the certificate")
    issuerRef: IssuerRef = section(IssuerRef, "the issuer that signs it")
    duration: str = key("8760h", "lifetime of the certificate", unit="duration such as 2160h")
    renewBefore: str = key("720h", "how long before its end it is renewed", unit="duration such as 360h")
