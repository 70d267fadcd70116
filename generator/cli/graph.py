"""`generator graph`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.cli.command import GeneratorCommand
from generator.cli.complete import FILE, SITE_SIDE
from generator.cli.options import PROFILES, check_side, format_option, site_layers, values_options
from generator.cli.releases import version_options

if TYPE_CHECKING:
    from generator.graph.model import Graph

FORMATS = ("mermaid", "dot", "svg", "json")


@click.command(
    cls=GeneratorCommand,
    epilog="The exit code is 0 also if A and B differ; see `generator diff` for the effects of a change.",
)
@click.argument("before", required=False, type=SITE_SIDE, metavar="[A")
@click.argument("after", required=False, type=SITE_SIDE, metavar="B]")
@values_options
@version_options("that of the site")
@format_option(*FORMATS, text="Format of the graph.")
@click.option("-o", "--output", type=FILE, help="Write the graph to this file instead of printing it.")
def graph(
    before: str | None,
    after: str | None,
    kubeedge_version: str | None,
    edgemesh_version: str | None,
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

    \b
    With A and B the graph shows what changes. Each is one of:
      profile:P, or P         the site with this profile
      values:FILE, or FILE    the site with this values file
    """
    if (before is None) is not (after is None):
        raise click.UsageError("give both A and B, or none")
    for name, hint in ((before, "A"), (after, "B")):
        _check_side(name, hint)

    from generator.cli.result import show
    from generator.graph import writer
    from generator.graph.compare import compared

    versions = (kubeedge_version, edgemesh_version)
    if before is None or after is None:
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


def _write(output: str, text: str) -> None:
    from pathlib import Path

    from generator.io.write import File, write_files

    path = Path(output)
    for step in write_files(path.parent, {path.name: File(text)}, command="generator graph"):
        click.echo(str(step))
