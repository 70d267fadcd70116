"""`generator render`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from generator.cli.colour import paint, warn
from generator.cli.command import GeneratorCommand
from generator.cli.complete import DIR
from generator.cli.options import (
    ENGINES,
    charts_option,
    flags,
    format_option,
    namespace_option,
    quiet_option,
    typed,
    values_options,
)
from generator.cli.progress import progress
from generator.cli.result import named, show
from generator.components import CHARTS, NAMESPACE

if TYPE_CHECKING:
    from generator.install.before_apply import BeforeApply
    from generator.io.write import Written
    from generator.render.site import Rendering


@click.command(
    cls=GeneratorCommand,
    epilog="With -o, and on a terminal, the output ends with what to do before you apply the manifests: the "
    "Secrets to create, the order, and the steps on edge nodes. The list does not depend on a cluster; "
    "`generator install` compares with one.",
)
@values_options
@charts_option
@click.option("--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help="Helm to use.")
@click.option(
    "-o", "--output", type=DIR, callback=named, help="Write files to this folder instead of printing."
)
@click.option("--dry-run", is_flag=True, help="With -o: list the files, write nothing.")
@format_option("text", "json", text="With -o: format of the files and of what to do before you apply.")
@click.option("--release", metavar="NAME", help="Helm release name; needs exactly one --chart.")
@namespace_option("Namespace of the objects.")
@click.option(
    "--with-namespace/--without-namespace",
    default=True,
    show_default=True,
    help="Render the Namespace too, with the Pod Security level that the pods need.",
)
@quiet_option
def render(
    charts: tuple[str, ...],
    engine: str,
    output: str | None,
    dry_run: bool,
    form: str,
    release: str | None,
    namespace: str,
    with_namespace: bool,
    **values: Any,
) -> None:
    """Render the charts to one YAML stream, or to files with -o.

    \b
    Examples:
      generator render --profile mtls | kubectl apply -f -
      generator render --profile one-way-verified -f site.yaml -o build
      generator render --profile mtls -f site.yaml -o build --dry-run --format json
      generator render --chart edgemesh --set agent.relayNodes[0].nodeName=relay-1
    """
    if release is not None and len(charts) != 1:
        raise click.UsageError("--release needs exactly one --chart")
    for option, given in (("--dry-run", dry_run), ("--format json", form == "json")):
        if given and output is None:
            raise click.UsageError(f"{option} needs -o")

    from generator.helm.early import open_early

    open_early(engine)
    from generator.load import load_site
    from generator.render.site import render_site

    with progress("checking the values"):
        site = load_site(values["files"], profile=values["profile"], charts=charts, **flags(values))
    warn(site.warnings)
    releases = {charts[0]: release} if release is not None else None
    with progress("rendering the charts"):
        rendering = render_site(
            site, engine=engine, releases=releases, namespace=namespace, with_namespace=with_namespace
        )
    values |= {"charts": charts, "release": release, "namespace": namespace, "with": with_namespace}
    if output is not None:
        _write(rendering, output, dry_run, form, values)
        return
    show(rendering.manifests, nl=False)
    if sys.stderr is not None and sys.stderr.isatty():
        _show(_before(rendering, "", values), err=True)


def _write(rendering: Rendering, output: str, dry_run: bool, form: str, values: dict[str, Any]) -> None:
    """Write the files, and print them and what to do before they are applied."""
    from generator.render.tree import write_site

    with progress("writing the files"):
        written = write_site(rendering, output, dry_run=dry_run)
    if form == "json":
        _show_json(written, _before(rendering, output, values))
        return
    for step in written:
        show(str(step))
    show("")
    _show(_before(rendering, output, values))


def _before(rendering: Rendering, output: str, values: dict[str, Any]) -> BeforeApply:
    from generator.install.before_apply import Typed, before_apply

    return before_apply(rendering, Typed(typed(values), _everything(values), output))


def _everything(values: dict[str, Any]) -> str:
    """Return the flags that render the same objects, without those of the output."""
    words = [f"--chart {chart}" for chart in values["charts"] if values["charts"] != CHARTS]
    words += [f"--release {values['release']}"] if values["release"] else []
    words += [f"--namespace {values['namespace']}"] if values["namespace"] != NAMESPACE else []
    words += [] if values["with"] else ["--without-namespace"]
    return typed(values, "set_file", "set_json") + "".join(f" {word}" for word in words)


def _show(found: BeforeApply, *, err: bool = False) -> None:
    from generator.install.apply_text import before_apply_text

    text = before_apply_text(found, paint)
    click.echo(text, nl=False, err=True) if err else show(text, nl=False)


def _show_json(written: list[Written], found: BeforeApply) -> None:
    import json

    files = [{"action": step.action, "path": str(step.path)} for step in written]
    show(json.dumps({"files": files, **found.as_dict()}, indent=2))
