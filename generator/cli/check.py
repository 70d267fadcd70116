"""`generator check`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from generator.cli.colour import paint
from generator.cli.command import GeneratorCommand
from generator.cli.complete import FILE, VERSION
from generator.cli.options import PROFILES, format_option, quiet_option
from generator.cli.outputs import outputs_option, write_outputs
from generator.cli.progress import progress
from generator.cli.releases import releases, version_options
from generator.components import COMPONENTS, KUBEEDGE, VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.check.results import CheckReport

    _Writer = Callable[[CheckReport], str]

FORMATS = ("text", "html", "json", "sarif")
_KINDS = (*COMPONENTS, *VALUES)


@click.command(cls=GeneratorCommand)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE|DIR...")
@version_options("the release that the files name")
@click.option(
    "--as", "kind", type=click.Choice(_KINDS), help="Kind of the files (default: recognised by content)."
)
@click.option("--intend", type=click.Choice(PROFILES), help="List the changes to reach this profile.")
@click.option(
    "--target-version",
    type=VERSION[KUBEEDGE],
    help="List what an upgrade to this KubeEdge release changes.",
)
@click.option(
    "--cluster", type=FILE, metavar="KUBECONFIG", help="Compare the service account issuer with this cluster."
)
@format_option(*FORMATS)
@outputs_option(FORMATS)
@click.option("--fix", is_flag=True, help="Show the safe fixes and write them; keeps FILE.orig.")
@quiet_option
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[str, ...],
    kubeedge_version: str | None,
    edgemesh_version: str | None,
    kind: str | None,
    intend: str | None,
    target_version: str | None,
    cluster: str | None,
    form: str,
    outputs: dict[str, str],
    fix: bool,
) -> None:
    """Check existing config and values files, alone and together.

    \b
    Examples:
      generator check cloudcore.yaml edgecore.yaml edgemesh-agent.yaml
      generator check build/factory                     every YAML file in a folder
      generator check --kubeedge-version v1.16.6 --intend mtls edgecore.yaml
      generator check --target-version v1.23.1 edgecore.yaml
      kubectl get configmap -n kubeedge -o yaml | generator check -
    """
    if fix and "-" in files:
        raise click.UsageError("--fix writes to files; it cannot fix standard input")

    from generator.check.formats import WRITERS, text
    from generator.check.report import check_files

    releases(kubeedge_version, edgemesh_version)
    if target_version:
        releases(target_version, None, "--target-version")
    issuer = None
    if cluster:
        from generator.io.kubectl import issuer_of

        issuer = issuer_of(cluster)
    if fix:
        _recover(files)
    with progress("reading files") as step:
        report = check_files(
            files,
            kind=kind,
            kubeedge=kubeedge_version,
            edgemesh=edgemesh_version,
            intend=intend,
            target=target_version,
            issuer=issuer,
            progress=step,
        )
    page: _Writer = partial(_page, files=files, kind=kind)
    write: dict[str, _Writer] = {**WRITERS, "html": page}
    write_outputs(outputs, lambda kind: write[kind](report), "generator check")
    click.echo(text(report, paint) if form == "text" else write[form](report), nl=False)
    if fix:
        _fix(report, to_stderr=form != "text")
    if not report.clean:
        ctx.exit(1)


def _recover(files: tuple[str, ...]) -> None:
    """Remove what an interrupted --fix has left."""
    from generator.check.fix_files import recover_fixes

    for name in recover_fixes(files):
        click.echo(f"   remove  {name}", err=True)


def _page(report: CheckReport, files: tuple[str, ...], kind: str | None) -> str:
    """Return the report as a page, with a picture if the files can be imported to a valid site."""
    from generator.check.html import SitePicture, write
    from generator.components import CHARTS
    from generator.errors import InvalidInput
    from generator.graph import words
    from generator.graph.build import site_graph
    from generator.graph.svg import write_short
    from generator.importer import import_files
    from generator.importer.from_configs import site_of
    from generator.render.site import render_site

    if "-" in files:
        # Standard input can be read only once.
        return write(report)
    kubeedge, edgemesh = report.kubeedge.tag, report.edgemesh.tag
    try:
        imported = import_files(files, kubeedge=kubeedge, edgemesh=edgemesh, kind=kind)
        if "cloudcore" not in imported.charts:
            return write(report)
        whole = any(source.kind == "site" for source in report.sources)
        drawn = site_graph(render_site(site_of(imported, CHARTS if whole else ())))
    except InvalidInput:
        return write(report)
    return write(report, SitePicture(write_short(drawn), [*words.arrows(drawn)]))


def _fix(report: CheckReport, *, to_stderr: bool) -> None:
    """Print the safe fixes of a report and write them."""
    from generator.check.fix_files import write_fix
    from generator.check.fixes import plan_fixes

    plan = plan_fixes(report)
    for step in plan:
        click.echo(step.diff, nl=False, err=to_stderr)
    for step in plan:
        write_fix(step)
        click.echo(f"{step.count} fixed in {step.file}; the original is {step.backup}", err=True)
