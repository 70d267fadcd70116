"""`generator render`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from generator.cli.result import named, show

_Command = TypeVar("_Command", bound=Callable[..., Any])

_PROFILES = ("plain", "one-way", "one-way-verified", "mtls")
_CHARTS = ("cloudcore", "edgecore", "edgemesh")
_ENGINES = ("auto", "embedded", "helm")


def _many(*names: str, **more: Any) -> Callable[[_Command], _Command]:
    return click.option(*names, multiple=True, **more)


@click.command(short_help="Render the charts to a stream or a tree of files.")
@click.option("--profile", type=click.Choice(_PROFILES), help="How clients reach the endpoint.")
@_many("-f", "--values", "files", metavar="FILE", help="Values file; later ones win; - is standard input.")
@_many("--set", "set_plain", metavar="K=V", help="Set a value, as Helm does.")
@_many("--set-string", metavar="K=V", help="Set a value that stays a string.")
@_many("--set-file", metavar="K=FILE", help="Set a value to the text of a file.")
@_many("--set-json", metavar="K=JSON", help="Set a value to a piece of JSON.")
@_many("--chart", "charts", type=click.Choice(_CHARTS), help="Only this chart; may be repeated.")
@click.option("--engine", type=click.Choice(_ENGINES), default="auto", show_default=True, help="Which Helm.")
@click.option(
    "-o", "--output", metavar="DIR", callback=named, help="Write a tree of files here instead of printing."
)
@click.option("--dry-run", is_flag=True, help="With -o: say what would be written, write nothing.")
@click.option("--release", metavar="NAME", help="Release name; needs exactly one --chart.")
@click.option("--namespace", metavar="NS", default="kubeedge", show_default=True, help="Namespace.")
def render(
    profile: str | None,
    files: tuple[str, ...],
    set_plain: tuple[str, ...],
    set_string: tuple[str, ...],
    set_file: tuple[str, ...],
    set_json: tuple[str, ...],
    charts: tuple[str, ...],
    engine: str,
    output: str | None,
    dry_run: bool,
    release: str | None,
    namespace: str,
) -> None:
    """Render the charts: one YAML stream to stdout, or a tree of files with -o.

    \b
    generator render --profile mtls | kubectl apply -f -
    generator render --profile one-way-verified -f site.yaml -o build
    generator render --chart edgemesh --set agent.relayNodes[0].nodeName=relay-1
    """
    charts = tuple(dict.fromkeys(charts)) or _CHARTS
    if release is not None and len(charts) != 1:
        raise click.UsageError("--release needs exactly one --chart")
    if dry_run and output is None:
        raise click.UsageError("--dry-run needs -o")

    from generator.load import load_site
    from generator.render import render_site

    site = load_site(
        files,
        profile=profile,
        set=set_plain,
        set_string=set_string,
        set_file=set_file,
        set_json=set_json,
        charts=charts,
    )
    for warning in site.warnings:
        click.echo(f"warning: {warning}", err=True)
    releases = {charts[0]: release} if release is not None else None
    rendering = render_site(site, engine=engine, releases=releases, namespace=namespace)
    if output is None:
        show(rendering.manifests, nl=False)
        return

    from generator.output import write_site

    for written in write_site(rendering, output, dry_run=dry_run):
        show(str(written))
