"""A site as the files for GitOps tools need it, and the rejection of secrets in its values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generator import go_yaml, locations, paths
from generator.catalogue.message import say
from generator.components import CHARTS
from generator.errors import InvalidInput, Problem
from generator.gitops.options import ARGOCD, GitOpsOptions
from generator.install.before_apply import needed_secrets, objects_of
from generator.install.prerequisites import RequiredSecret
from generator.install.rewritten import rewritten_fields
from generator.io.files import read_text
from generator.kube.namespaces import namespace_of
from generator.kube.objects import Object
from generator.kube.pods import pod_of
from generator.kube.selectors import CLOUD, node_kind
from generator.load.layers import Layers
from generator.load.problems import problem
from generator.load.site import LoadedSite, validate
from generator.merge import merge
from generator.model.chart_values import values_of_chart
from generator.patterns import pattern
from generator.render.site import Rendering
from generator.secrets.trees import secrets_in

_SECRET_NAME = pattern(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_CRD = "CustomResourceDefinition"
# Argo CD reads helm.sh/resource-policy only if the whole Application is deleted, not if it prunes.
_NO_PRUNE = {"crds": {"annotations": {"argocd.argoproj.io/sync-options": "Prune=false"}}}


@dataclass(frozen=True)
class GitOpsSite:
    """A rendering, and the options of the files."""

    rendering: Rendering
    options: GitOpsOptions

    @cached_property
    def charts(self) -> tuple[str, ...]:
        """Return the charts of the site in the order of a first installation."""
        return tuple(chart for chart in CHARTS if chart in self.rendering.site.charts)

    @cached_property
    def objects(self) -> Sequence[Object]:
        """Return all rendered objects except the Namespace."""
        return [one for one in objects_of(self.rendering) if one.kind != "Namespace"]

    def of(self, chart: str) -> list[Object]:
        """Return the objects of a chart."""
        return [one for one in self.objects if one.chart == chart]

    def values(self, chart: str) -> dict[str, Any]:
        """Return the values for a chart."""
        found = values_of_chart(self.rendering.site.user, chart)
        keeps = self.options.tool == ARGOCD and self.has_crds(chart)
        return merge(_NO_PRUNE, found) if keeps else found

    def version(self, chart: str) -> str:
        """Return the version of a chart."""
        about = go_yaml.load(read_text(str(locations.CHARTS / chart / "Chart.yaml")))
        return self.options.version or str(about["version"])

    def has_crds(self, chart: str) -> bool:
        """Return whether a chart installs CRDs."""
        return any(one.kind == _CRD for one in self.of(chart))

    def reaches_edge(self, chart: str) -> bool:
        """Return whether a chart has pods on edge nodes, which may be offline for long."""
        return any(one.kind == "DaemonSet" and node_kind(pod_of(one)) != CLOUD for one in self.of(chart))

    def rewritten(self, chart: str) -> Iterator[tuple[Object, list[str]]]:
        """Yield the objects of a chart with the JSON pointers of their fields that others write."""
        for one in self.of(chart):
            pointers = [f"/{field.name}" for field in rewritten_fields(one)]
            if pointers:
                yield one, pointers

    @cached_property
    def secrets(self) -> list[RequiredSecret]:
        """Return the Secrets that the site needs."""
        return needed_secrets(self.rendering)

    def check_names(self) -> None:
        """Raise InvalidInput for a name of a Secret that Kubernetes rejects; it becomes a file name."""
        problems = [
            Problem(f"secret {one.namespace}/{one.name}", "", say("bad-secret-name", reader=one.reader))
            for one in self.secrets
            if not _SECRET_NAME.fullmatch(one.name)
        ]
        if problems:
            raise InvalidInput(problems)

    @cached_property
    def namespace(self) -> dict[str, Any]:
        """Return the Namespace that the objects need."""
        found = namespace_of(self.objects, self.rendering.namespace)
        # Only a namespace that every cluster has needs none.
        assert found is not None, self.rendering.namespace
        return found

    @cached_property
    def rolls_out(self) -> bool:
        """Return whether DaemonSets bring edgecore.yaml to the nodes."""
        return paths.first(self.rendering.site.values, "edgeCore.rollout.enable") is True


def checked_site(layers: Layers, charts: tuple[str, ...], options: GitOpsOptions) -> LoadedSite:
    """Validate layers and options; raise InvalidInput, also for a secret in plain text."""
    problems = [*options.problems(), *_secret_problems(layers)]
    try:
        site = validate(layers, charts)
    except InvalidInput as error:
        raise InvalidInput([*problems, *error.problems], error.warnings) from None
    if problems:
        raise InvalidInput(problems, site.warnings)
    return site


def _secret_problems(layers: Layers) -> Iterator[Problem]:
    for path in _secret_keys(layers.values, ()):
        yield problem(layers, path, say("secret-in-git", _VARIANTS.get(path[-1], "")))


# The keys for which the charts have a better place.
_VARIANTS: dict[str | int, str] = {"psk": "psk", "token": "token"}


def _secret_keys(value: Any, at: paths.Path) -> Iterator[paths.Path]:
    """Yield the path of each secret, or of the smallest part around it that shows that it is one."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in items:
        part = {name: child} if isinstance(value, dict) else [child]
        if any(True for _ in secrets_in(part)):
            inside = [*_secret_keys(child, (*at, name))]
            yield from inside or [(*at, name)]
