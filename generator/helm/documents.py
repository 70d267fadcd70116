"""Splits the output of Helm into documents, and sorts them the same way for both engines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from generator import go_yaml
from generator.errors import HelmError

_LOADING = Lock()
# Searched in a text after a line break: to search for its first character takes a quarter of the time of `^`.
_SEPARATOR = re.compile(r"\n---[ \t]*(?=\n|\Z)")
_SOURCE = re.compile(r"\A(?:# Source: [^\n]*\n)+")

# helm.sh/helm/v4/pkg/release/v1/util/kind_sorter.go, InstallOrder; CRDs come first.
_INSTALL_ORDER = (
    "CustomResourceDefinition",
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
)
_RANK = {kind: rank for rank, kind in enumerate(_INSTALL_ORDER)}


@dataclass(frozen=True)
class Document:
    """A rendered object: its chart, its text as Helm wrote it, and its data.

    Documents with the same text share their data: do not change it.
    """

    chart: str
    text: str
    data: dict[str, Any]

    @property
    def kind(self) -> str:
        """Return the kind of the object."""
        return str(self.data.get("kind", ""))

    @property
    def name(self) -> str:
        """Return the name of the object."""
        return str((self.data.get("metadata") or {}).get("name", ""))

    @property
    def is_test(self) -> bool:
        """Return whether the object is a test hook, which Helm does not install."""
        annotations = (self.data.get("metadata") or {}).get("annotations") or {}
        return str(annotations.get("helm.sh/hook", "")).startswith("test")


def split(chart: str, text: str, source: str) -> Iterator[Document]:
    """Yield the objects in a rendered text; raise HelmError for a document that is not an object."""
    for part in _SEPARATOR.split(f"\n{text}"):
        body = _SOURCE.sub("", part.lstrip("\n")).strip("\n")
        if not body.strip():
            continue
        # Keep the last line break: it is part of a config in a block scalar.
        body += "\n"
        try:
            # One of two charts with the same document waits for the other.
            with _LOADING:
                data = _loaded(body)
        except ValueError as error:
            raise HelmError(f"{chart}: {source} renders invalid YAML: {error}") from None
        if data is None:
            continue
        if not isinstance(data, dict):
            raise HelmError(f"{chart}: {source} renders a document that is not an object")
        yield Document(chart, body, data)


@lru_cache(maxsize=1024)
def _loaded(text: str) -> Any:
    """Load a document; cached, because most documents are the same when a chart is rendered again."""
    return go_yaml.load(text)


def reason(text: str) -> str:
    """Return an error text of Helm without the place of a template's `fail` and the hint to debug it."""
    text = re.sub(r"\s*Use --debug flag to render out invalid YAML\s*$", "", text)
    return re.sub(r"^(Error: )?(execution error at \([^)]*\): )?", "", text).strip()


def in_order(documents: Iterable[Document]) -> list[Document]:
    """Sort for `kubectl apply`: CRDs first, then Helm's install order of kinds, then chart and name."""
    return sorted(documents, key=lambda d: (_RANK.get(d.kind, len(_RANK)), d.kind, d.chart, d.name))
