"""The kinds of documents that contain values of charts, and the function that reads each kind."""

from __future__ import annotations

from collections.abc import Callable

from generator import paths
from generator.check.gitops import application, application_set, helm_release
from generator.check.held import Held, Text
from generator.check.kubesphere import bare, cluster_configuration, install_plan

_HOLDERS: dict[tuple[str, str], Callable[[Text, paths.Path, str, Held], None]] = {
    ("argoproj.io", "Application"): application,
    ("argoproj.io", "ApplicationSet"): application_set,
    ("helm.toolkit.fluxcd.io", "HelmRelease"): helm_release,
    ("installer.kubesphere.io", "ClusterConfiguration"): cluster_configuration,
    ("kubesphere.io", "InstallPlan"): install_plan,
}


def held(text: Text, at: paths.Path) -> Held:
    """Return the values inside the object at a path of a document."""
    found = Held()
    value = paths.at(text.document.value, at)
    group = str(value.get("apiVersion")).partition("/")[0]
    read = _HOLDERS.get((group, str(value.get("kind"))))
    if read:
        read(text, at, f"{value['kind']} {paths.first(value, 'metadata.name') or '?'}", found)
    elif "kind" not in value:
        bare(text, at, found)
    return found
