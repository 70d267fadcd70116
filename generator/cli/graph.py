"""`generator graph`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.cli.cluster import cluster_options
from generator.cli.command import GeneratorCommand
from generator.cli.complete import FILE, SITE_SIDE
from generator.cli.options import PROFILES, check_side, format_option, site_layers, values_options
from generator.cli.releases import version_options

if TYPE_CHECKING:
    from generator.graph.model import Graph

# What describes a site on the command line.
_OF_A_SITE = ("profile", "files", "set_plain", "set_string", "set_file", "set_json")
FORMATS = ("mermaid", "dot", "svg", "json")


@click.command(
    cls=GeneratorCommand,
    epilog="The exit code is 0 also if A and B differ; see `generator diff` for the effects of a change.",
)
@click.argument("before", required=False, type=SITE_SIDE, metavar="[A")
@click.argument("after", required=False, type=SITE_SIDE, metavar="B]")
@values_options
@version_options("that of the site")
@click.option("--cluster", is_flag=True, help="Draw what the cluster runs, instead of a site.")
@cluster_options
@format_option(*FORMATS, text="Format of the graph.")
@click.option("-o", "--output", type=FILE, help="Write the graph to this file instead of printing it.")
def graph(
    before: str | None,
    after: str | None,
    kubeedge_version: str | None,
    edgemesh_version: str | None,
    cluster: bool,
    form: str,
    output: str | None,
    **values: Any,
) -> None:
    """Draw who talks to whom in a site, with TLS and CAs.

    \b
    Examples:
      generator graph --profile mtls -f site.yaml --format svg -o site.svg
      generator graph plain mtls -f site.yaml --format svg -o change.svg
      generator graph -f site.yaml --format dot | dot -Tpdf > site.pdf
      generator graph --cluster --format svg -o cluster.svg

    \b
    With A and B the graph shows what changes. Each is one of:
      profile:P, or P         the site with this profile
      values:FILE, or FILE    the site with this values file
    """
    if (before is None) is not (after is None):
        raise click.UsageError("give both A and B, or none")
    if cluster and (before or any(values[name] for name in _OF_A_SITE)):
        raise click.UsageError("--cluster draws the cluster only: leave out A, B and the values")
    for name, hint in ((before, "A"), (after, "B")):
        _check_side(name, hint)

    from generator.cli.result import show
    from generator.graph import writer
    from generator.graph.compare import compared

    versions = (kubeedge_version, edgemesh_version)
    if cluster:
        found = _live_graph(values, *versions)
    elif before is None or after is None:
        found = _graph(values, *versions)
    else:
        left, right = (_graph(_side(name, values), *versions) for name in (before, after))
        found = compared(left, right, f"{_label(before)} → {_label(after)}")
    text = writer(form)(found)
    if output is None:
        show(text, nl=False)
    else:
        _write(output, text)


def _check_side(name: str | None, hint: str) -> None:
    """Reject sides that only `generator diff` has, and wrong names."""
    if (name or "").startswith(("git:", "release:")):
        raise click.BadParameter(f"{name}: must be a profile or a values file", param_hint=hint)
    check_side(name, hint)


def _side(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the options of the site that a side names."""
    profile = name.removeprefix("profile:")
    if profile in PROFILES:
        return {**values, "profile": profile}
    return {**values, "files": (*values["files"], name.removeprefix("values:"))}


def _label(name: str) -> str:
    profile = name.removeprefix("profile:")
    return f"profile {profile}" if profile in PROFILES else name.removeprefix("values:")


def _graph(values: dict[str, Any], kubeedge: str | None, edgemesh: str | None) -> Graph:
    """Render the site of some options, and return its graph."""
    from generator.components import CHARTS
    from generator.graph.build import site_graph
    from generator.load.site import validate
    from generator.render.site import render_site

    return site_graph(render_site(validate(site_layers(values, kubeedge, edgemesh), CHARTS)))


def _live_graph(values: dict[str, Any], kubeedge: str | None, edgemesh: str | None) -> Graph:
    """Import what the cluster runs, and return its graph; print what the import assumed and left out."""
    from dataclasses import replace

    from generator.catalogue.message import say
    from generator.cli.import_ import report_import
    from generator.errors import InvalidInput, Problem
    from generator.graph.build import site_graph
    from generator.importer.from_configs import site_of
    from generator.init import read_cluster, site_in_cluster
    from generator.io.kubectl import Kubectl
    from generator.render.site import render_site

    kubectl = Kubectl(kubeconfig=values["kubeconfig"], context=values["kube_context"])
    namespace = values["namespace"]
    objects = read_cluster(kubectl, namespace)
    found = site_in_cluster(objects, namespace, kubeedge=kubeedge, edgemesh=edgemesh, option="--cluster")
    if "cloudcore" not in found.charts:
        message = say("cluster-without-cloudcore", namespace=namespace)
        raise InvalidInput([Problem("--cluster", "", message)])
    if "edgecore" not in found.charts:
        found.notes.append(Problem("--cluster", "", say("cluster-without-edgecore", namespace=namespace)))
    if not report_import(found):
        raise SystemExit(1)
    drawn = site_graph(render_site(site_of(found)))
    return replace(drawn, title=f"the namespace {namespace} of the cluster")


def _write(output: str, text: str) -> None:
    from pathlib import Path

    from generator.io.write import File, write_files

    path = Path(output)
    for step in write_files(path.parent, {path.name: File(text)}, command="generator graph"):
        click.echo(str(step))
