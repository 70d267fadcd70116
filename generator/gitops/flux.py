"""Objects of Flux: the Namespace, the source of the charts, and a HelmRelease for each chart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.gitops.manifest import GitOpsManifest
from generator.gitops.notes import OF_NAMESPACE, notes_of_chart
from generator.gitops.site import GitOpsSite

_SOURCE_API, _HELM_API = "source.toolkit.fluxcd.io/v1", "helm.toolkit.fluxcd.io/v2"
_REPOSITORY = "kubeedge-charts"
_OFTEN, _SELDOM = "10m", "1h"
# The layer of an OCI artifact that helm push makes.
_CHART_LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
_RETRY = {"strategy": {"name": "RetryOnFailure", "retryInterval": "5m"}}


def flux_manifests(site: GitOpsSite) -> Iterator[GitOpsManifest]:
    """Yield the files of Flux for a site."""
    namespace = dict(site.namespace)
    kept = {"kustomize.toolkit.fluxcd.io/prune": "disabled"}
    namespace["metadata"] = {**namespace["metadata"], "annotations": kept}
    yield GitOpsManifest("namespace.yaml", (namespace,), (OF_NAMESPACE,))
    if not site.options.oci:
        yield GitOpsManifest("helm-repository.yaml", (_helm_repository(site),))
    for number, chart in enumerate(site.charts):
        before = site.charts[number - 1] if number else ""
        release = _release(site, chart, before)
        objects = (_oci_repository(site, chart), release) if site.options.oci else (release,)
        yield GitOpsManifest(f"{chart}.yaml", objects, notes_of_chart(site, chart))


def _named(site: GitOpsSite, api: str, kind: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": site.rendering.namespace}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec}


def _oci_repository(site: GitOpsSite, chart: str) -> dict[str, Any]:
    spec = {
        "interval": _SELDOM,
        "url": f"{site.options.address}/{chart}",
        "ref": {"tag": site.version(chart)},
        "layerSelector": {"mediaType": _CHART_LAYER, "operation": "copy"},
    }
    return _named(site, _SOURCE_API, "OCIRepository", chart, spec)


def _helm_repository(site: GitOpsSite) -> dict[str, Any]:
    spec = {"interval": _SELDOM, "url": site.options.address}
    return _named(site, _SOURCE_API, "HelmRepository", _REPOSITORY, spec)


def _release(site: GitOpsSite, chart: str, before: str) -> dict[str, Any]:
    spec: dict[str, Any] = {"interval": _OFTEN, "releaseName": chart, **_chart(site, chart)}
    if before:
        spec["dependsOn"] = [{"name": before}]
    # Helm's wait would fail as long as an edge node is offline.
    wait = {"disableWait": True} if site.reaches_edge(chart) else {}
    spec |= {"install": {**_RETRY, **wait}, "upgrade": {**_RETRY, **wait}}
    spec["driftDetection"] = {"mode": "enabled"}
    ignored = [
        {"paths": pointers, "target": {"group": one.group, "kind": one.kind, "name": one.name}}
        for one, pointers in site.rewritten(chart)
    ]
    if ignored:
        spec["driftDetection"]["ignore"] = ignored
    values = site.values(chart)
    return _named(site, _HELM_API, "HelmRelease", chart, {**spec, **({"values": values} if values else {})})


def _chart(site: GitOpsSite, chart: str) -> dict[str, Any]:
    """Return the part of a HelmRelease that names the chart."""
    if site.options.oci:
        return {"chartRef": {"kind": "OCIRepository", "name": chart}}
    source = {"kind": "HelmRepository", "name": _REPOSITORY}
    return {"chart": {"spec": {"chart": chart, "version": site.version(chart), "sourceRef": source}}}
