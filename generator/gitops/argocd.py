"""Objects of Argo CD: an Application for each chart and for the Secrets, an ApplicationSet for all sites."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.components import CHARTS
from generator.gitops.manifest import GitOpsManifest
from generator.gitops.notes import OF_APPLICATION_SET, OF_SECRETS, notes_of_chart
from generator.gitops.options import IN_CLUSTER, NONE
from generator.gitops.site import GitOpsSite

_API = "argoproj.io/v1alpha1"
_NAMESPACE = "argocd"
_WAVE = "argocd.argoproj.io/sync-wave"
_BEFORE_CHARTS = -1


def argocd_manifests(site: GitOpsSite) -> Iterator[GitOpsManifest]:
    """Yield the files of Argo CD for a site."""
    options, place = site.options, site.options.place
    # The Application of the Secrets needs the repository.
    with_secrets = bool(options.git_url and options.secrets != NONE and site.secrets)
    for chart in site.charts:
        first = chart == site.charts[0] and not with_secrets
        found = _application_of_chart(site, chart, makes_namespace=first)
        yield GitOpsManifest(f"{place}{chart}.yaml", (found,), notes_of_chart(site, chart))
    if with_secrets:
        found = _application_of_secrets(site)
        yield GitOpsManifest(f"{place}secrets.yaml", (found,), (OF_SECRETS,))
    if options.git_url:
        found = _application_set(options.git_url)
        yield GitOpsManifest("applicationset.yaml", (found,), (OF_APPLICATION_SET,), shared=True)


def _application_of_chart(site: GitOpsSite, chart: str, *, makes_namespace: bool) -> dict[str, Any]:
    options, values = site.options, site.values(chart)
    helm: dict[str, Any] = {"releaseName": chart}
    if values:
        helm["valuesObject"] = values
    source = {
        # Argo CD takes an address without a scheme as that of an OCI registry.
        "repoURL": options.address.removeprefix("oci://"),
        "chart": chart,
        "targetRevision": site.version(chart),
        "helm": helm,
    }
    found = _application(site, chart, CHARTS.index(chart), source, makes_namespace=makes_namespace)
    ignored = [
        {"group": one.group, "kind": one.kind, "name": one.name, "jsonPointers": pointers}
        for one, pointers in site.rewritten(chart)
    ]
    if ignored:
        found["spec"]["ignoreDifferences"] = ignored
    return found


def _application_of_secrets(site: GitOpsSite) -> dict[str, Any]:
    options = site.options
    source = {"repoURL": options.git_url, "targetRevision": "HEAD", "path": f"{options.place}secrets"}
    return _application(site, "secrets", _BEFORE_CHARTS, source, makes_namespace=True)


def _application(
    site: GitOpsSite, name: str, wave: int, source: dict[str, Any], *, makes_namespace: bool
) -> dict[str, Any]:
    """Return an Application for the site's cluster; one of them creates the namespace."""
    policy: dict[str, Any] = {
        "automated": {"prune": True, "selfHeal": True},
        "syncOptions": ["ServerSideApply=true"],
        "retry": {"limit": 10, "backoff": {"duration": "30s", "factor": 2, "maxDuration": "10m"}},
    }
    if makes_namespace:
        policy["syncOptions"].insert(0, "CreateNamespace=true")
        labels = site.namespace["metadata"].get("labels")
        if labels:
            policy["managedNamespaceMetadata"] = {"labels": labels}
    return {
        "apiVersion": _API,
        "kind": "Application",
        "metadata": {
            "name": f"{site.options.prefix}{name}",
            "namespace": _NAMESPACE,
            "annotations": {_WAVE: str(wave)},
        },
        "spec": {
            "project": "default",
            "source": source,
            "destination": {"name": site.options.site, "namespace": site.rendering.namespace},
            "syncPolicy": policy,
        },
    }


def _application_set(url: str) -> dict[str, Any]:
    """Return the ApplicationSet: for each folder of sites/, an Application that applies the files in it."""
    git = {"repoURL": url, "revision": "HEAD", "directories": [{"path": "sites/*"}]}
    source = {"repoURL": url, "targetRevision": "HEAD", "path": "{{.path.path}}"}
    return {
        "apiVersion": _API,
        "kind": "ApplicationSet",
        "metadata": {"name": "kubeedge", "namespace": _NAMESPACE},
        "spec": {
            "goTemplate": True,
            "goTemplateOptions": ["missingkey=error"],
            "generators": [{"git": git}],
            "syncPolicy": {"preserveResourcesOnDeletion": True},
            "template": {
                "metadata": {"name": "kubeedge-{{.path.basename}}"},
                "spec": {
                    "project": "default",
                    "source": source,
                    "destination": {"name": IN_CLUSTER, "namespace": _NAMESPACE},
                    "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
                },
            },
        },
    }
