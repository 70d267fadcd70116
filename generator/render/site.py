"""Renders a loaded site to documents in order, and reads the configs in these documents.

Only the templates of the charts assemble the configs. This module checks the rendered configs again, against
the field table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from generator import go_yaml, paths
from generator.catalogue.message import say
from generator.components import NAMESPACE, component_of, group_of
from generator.errors import HelmError, InvalidInput, Problem
from generator.helm import Document, Engine, in_order, open_engine
from generator.helm.parallel import at_once
from generator.io import yaml_reader
from generator.io.similar import Similar
from generator.io.yaml_document import YamlDocument
from generator.kube.namespaces import namespace_of
from generator.kube.objects import Object
from generator.load import LoadedSite
from generator.merge import differing
from generator.model.chart_values import values_of_chart
from generator.upstream import Release, config_fields, release_of
from generator.upstream.check import check

# The last config of each program and release that passed the check. Those of node groups and of sites mostly
# have the same values, which pass again.
_PASSED: dict[tuple[str, Release], dict[str, Any]] = {}


@dataclass(frozen=True)
class RenderedConfig:
    """A program's config file as rendered: its component, file name, text and data."""

    component: str
    name: str
    text: str
    data: dict[str, Any]

    @property
    def group(self) -> str:
        """Return the node group of an edgecore.yaml, "" if the site has no node groups."""
        return group_of(self.name)


@dataclass(frozen=True)
class Rendering:
    """The result of rendering a site: documents that are ready to apply, and the configs inside them."""

    site: LoadedSite
    namespace: str
    documents: tuple[Document, ...]
    configs: tuple[RenderedConfig, ...]
    releases: Mapping[str, str] = field(default_factory=dict)

    @property
    def manifests(self) -> str:
        """Return all documents as one YAML stream in the order for `kubectl apply -f -`."""
        return stream(self.documents)


def stream(documents: tuple[Document, ...] | list[Document]) -> str:
    """Join documents to one YAML stream."""
    return "".join(f"---\n{document.text}" for document in documents)


def render_site(
    site: LoadedSite,
    *,
    engine: str | Engine = "auto",
    releases: Mapping[str, str] | None = None,
    namespace: str = NAMESPACE,
    with_namespace: bool = False,
) -> Rendering:
    """Render the charts of a site with Helm.

    `engine` is auto, embedded, helm, or an open engine; `releases` maps a chart to its release name (default:
    the name of the chart). With `with_namespace`, the first document is the Namespace, unless every cluster
    has it: `kubectl apply` needs it, and Helm creates it itself. Raises InvalidInput for an invalid name or
    namespace, HelmError if Helm fails.
    """
    names = {chart: (releases or {}).get(chart, chart) for chart in site.charts}
    _check_names(site, names, namespace)
    helm = open_engine(engine) if isinstance(engine, str) else engine
    documents = list(render_charts(helm, names, site.user, namespace, complete=site.values))
    configs = tuple(find_configs(documents))
    _check_configs(configs, site)
    ordered = in_order(documents)
    if with_namespace:
        ordered = [*_namespace(ordered, site.charts[0], namespace), *ordered]
    return Rendering(site, namespace, tuple(ordered), configs, names)


def _namespace(documents: Iterable[Document], chart: str, name: str) -> Iterator[Document]:
    """Yield the Namespace as a document of a chart."""
    found = namespace_of((Object(document.data) for document in documents), name)
    if found is not None:
        yield Document(chart, go_yaml.dump(found), found)


def render_charts(
    engine: Engine,
    names: Mapping[str, str],
    values: dict[str, Any],
    namespace: str,
    *,
    complete: dict[str, Any] | None = None,
    tests: bool = False,
) -> Iterator[Document]:
    """Yield the documents of some of our charts; `names` maps a chart to its release name; raise HelmError.

    With the `complete` values of load_site, each chart gets only the values that it reads. Without `tests`,
    test hooks are left out.
    """
    rendered = at_once(
        [
            partial(
                engine.render,
                chart,
                values if complete is None else values_of_chart(values, chart),
                release=release,
                namespace=namespace,
                complete=complete and values_of_chart(complete, chart),
                tests=tests,
            )
            for chart, release in names.items()
        ]
    )
    for documents in rendered:
        yield from documents


def _check_names(site: LoadedSite, names: Mapping[str, str], namespace: str) -> None:
    problems = []
    if "cloudcore" in site.charts and namespace != NAMESPACE:
        problems.append(Problem("--namespace", namespace, say("cloudcore-namespace")))
    for chart, name in names.items():
        if not _is_release_name(name):
            problems.append(Problem(f"release of {chart}", name, say("helm-release-name")))
    if not _is_label(namespace):
        problems.append(Problem("--namespace", namespace, say("namespace-name")))
    if problems:
        raise InvalidInput(problems)


def _is_label(name: str) -> bool:
    letters = name.replace("-", "a")
    fine = letters.isascii() and letters.isalnum() and letters == letters.lower()
    return fine and len(name) <= 63 and not name.startswith("-") and not name.endswith("-")


def _is_release_name(name: str) -> bool:
    return len(name) <= 53 and all(_is_label(part) for part in name.split("."))


def find_configs(documents: Iterable[Document]) -> Iterator[RenderedConfig]:
    """Yield the config files inside rendered ConfigMaps; those of node groups partly share their data."""
    similar = Similar()
    for document in documents:
        if document.kind != "ConfigMap":
            continue
        for name, text in (document.data.get("data") or {}).items():
            component = component_of(name)
            if component:
                yield RenderedConfig(component, name, text, _data_of(name, text, similar))


def _data_of(name: str, text: str, similar: Similar) -> dict[str, Any]:
    """Return the data of a config. Of the files of node groups, only the lines that differ are read again."""
    data: dict[str, Any] = _document(name, text, similar).value if group_of(name) else go_yaml.load(text)
    return data


def _document(name: str, text: str, similar: Similar) -> YamlDocument:
    lines = text.split("\n")
    document = similar.read(lines)
    if document is None:
        (document,) = yaml_reader.read_all(text, name, tolerant=True)
        similar.add(text, lines, document)
    return document


def _check_configs(configs: tuple[RenderedConfig, ...], site: LoadedSite) -> None:
    """Check every rendered key against the field table; a failure is a bug in a chart."""
    for config in configs:
        release = release_of(config.component, site.kubeedge, site.edgemesh)
        tree = config_fields(config.component, release)
        new = differing(config.data, _PASSED.get((config.component, release), {}))
        for path, message in check(new, tree, config.component, release):
            what = f"{config.name}: {paths.text(path)}: {message.what}"
            raise HelmError(what, "this is a bug in the chart; please report it")
        _PASSED[config.component, release] = config.data
