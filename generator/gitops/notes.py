"""The comments in the files: what the tool does not do by itself, and why some fields are as they are."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.gitops.options import ARGOCD, FLUX
from generator.gitops.site import GitOpsSite
from generator.gitops.switch import tls_message

OF_SECRETS = "Before the charts: the encrypted Secrets, or the ExternalSecrets, in the folder secrets/."
OF_NAMESPACE = (
    "prune: disabled keeps the namespace if this file is removed. The namespace has casecret: "
    "without it, every edge node must join again."
)
OF_APPLICATION_SET = (
    "Apply this file once, in the cluster of Argo CD. It makes one Application for each folder of sites/, "
    "which applies the Applications in the folder. The name of the folder is the name of the cluster "
    "in Argo CD."
)
_WAVE = (
    "The sync wave orders the first installation. It needs an Application for the folder of this file, "
    "and the health check of Applications in argocd-cm (docs/gitops.md)."
)
_NO_WAIT = "disableWait: Helm would wait for pods on every edge node, and fail while one of them is offline."
_CRDS = {
    ARGOCD: "The CRDs are templates of the chart, so a sync upgrades them. crds.annotations keeps Argo CD "
    "from pruning a CRD, which would delete its custom resources. Never use Replace=true.",
    FLUX: "The CRDs are templates of the chart, so an upgrade of the release upgrades them, and Helm never "
    "deletes them. install.crds and upgrade.crds are only for charts with a folder crds/.",
}
_REWRITTEN = (
    "{key} has the fields that controllers write. cloudcore has no permission to change its ConfigMap."
)
_KEYS = {ARGOCD: "ignoreDifferences", FLUX: "driftDetection.ignore"}


def notes_of_chart(site: GitOpsSite, chart: str) -> tuple[str, ...]:
    """Return the comments for a chart's file."""
    return tuple(_of_chart(site, chart))


def _of_chart(site: GitOpsSite, chart: str) -> Iterator[str]:
    tool = site.options.tool
    if tool == ARGOCD:
        yield _WAVE
    elif site.reaches_edge(chart):
        yield _NO_WAIT
    if site.has_crds(chart):
        yield _CRDS[tool]
    if any(True for _ in site.rewritten(chart)):
        yield _REWRITTEN.format(key=_KEYS[tool])
    message = tls_message(site)
    if message is not None:
        yield str(Problem("TLS", "", message))
