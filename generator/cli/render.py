"""`generator render`."""

from __future__ import annotations

from typing import Any

import click

from generator.cli.options import ENGINES, charts_option, flags, values_options
from generator.cli.result import named, show


@click.command(short_help="Render the charts to a stream or a tree of files.")
@values_options
@charts_option
@click.option("--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help="Which Helm.")
@click.option(
    "-o", "--output", metavar="DIR", callback=named, help="Write a tree of files here instead of printing."
)
@click.option("--dry-run", is_flag=True, help="With -o: say what would be written, write nothing.")
@click.option("--release", metavar="NAME", help="Release name; needs exactly one --chart.")
@click.option("--namespace", metavar="NS", default="kubeedge", show_default=True, help="Namespace.")
def render(
    charts: tuple[str, ...],
    engine: str,
    output: str | None,
    dry_run: bool,
    release: str | None,
    namespace: str,
    **values: Any,
) -> None:
    """Render the charts: one YAML stream to stdout, or a tree of files with -o.

    \b
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
    for warning in site.warnings:
        click.echo(f"warning: {warning}", err=True)
    releases = {charts[0]: release} if release is not None else None
    rendering = render_site(site, engine=engine, releases=releases, namespace=namespace)
    if output is None:
        show(rendering.manifests, nl=False)
        return

    from generator.render.tree import write_site

    for written in write_site(rendering, output, dry_run=dry_run):
        show(str(written))
