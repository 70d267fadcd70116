"""`generator render`."""

from __future__ import annotations

from typing import Any

import click

from generator.cli.colour import warn
from generator.cli.command import GeneratorCommand
from generator.cli.options import ENGINES, charts_option, flags, namespace_option, values_options
from generator.cli.result import named, show


@click.command(cls=GeneratorCommand)
@values_options
@charts_option
@click.option("--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help="Helm to use.")
@click.option(
    "-o", "--output", metavar="DIR", callback=named, help="Write files to this folder instead of printing."
)
@click.option("--dry-run", is_flag=True, help="With -o: list the files, write nothing.")
@click.option("--release", metavar="NAME", help="Helm release name; needs exactly one --chart.")
@namespace_option("Namespace of the objects.")
def render(
    charts: tuple[str, ...],
    engine: str,
    output: str | None,
    dry_run: bool,
    release: str | None,
    namespace: str,
    **values: Any,
) -> None:
    """Render the charts to one YAML stream, or to files with -o.

    \b
    Examples:
      generator render --profile mtls | kubectl apply -f -
      generator render --profile one-way-verified -f site.yaml -o build
      generator render --chart edgemesh --set agent.relayNodes[0].nodeName=relay-1
    """
    if release is not None and len(charts) != 1:
        raise click.UsageError("--release needs exactly one --chart")
    if dry_run and output is None:
        raise click.UsageError("--dry-run needs -o")

    from generator.load import load_site
    from generator.render.site import render_site

    site = load_site(values["files"], profile=values["profile"], charts=charts, **flags(values))
    warn(site.warnings)
    releases = {charts[0]: release} if release is not None else None
    rendering = render_site(site, engine=engine, releases=releases, namespace=namespace)
    if output is None:
        show(rendering.manifests, nl=False)
        return

    from generator.render.tree import write_site

    for written in write_site(rendering, output, dry_run=dry_run):
        show(str(written))
