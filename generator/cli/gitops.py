"""`generator gitops`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from generator.cli.colour import paint, warn
from generator.cli.command import GeneratorCommand
from generator.cli.complete import DIR
from generator.cli.options import charts_option, quiet_option, site_layers, typed, values_options
from generator.cli.progress import progress
from generator.cli.result import named, show
from generator.components import CHARTS

if TYPE_CHECKING:
    from generator.gitops import GitOpsSite

TOOLS = ("argocd", "flux")
SECRETS = ("none", "sops", "sealed-secrets", "external-secrets")
IN_CLUSTER = "in-cluster"


@click.command(
    cls=GeneratorCommand,
    epilog="The files never contain a secret. With -o, and on a terminal, the output ends with the Secrets "
    "that the site needs and the order of the commits. docs/gitops.md has a walk-through for both tools.",
)
@click.option("--tool", type=click.Choice(TOOLS), required=True, help="The GitOps tool.")
@values_options
@charts_option
@click.option(
    "--chart-source",
    metavar="URL",
    required=True,
    help="Where the charts are published: oci://REGISTRY/PATH, or the URL of a Helm repository.",
)
@click.option(
    "--chart-version",
    metavar="V",
    default="",
    help="Version of the charts (default: that of the charts of this generator).",
)
@click.option(
    "--secrets",
    type=click.Choice(SECRETS),
    default=SECRETS[0],
    show_default=True,
    help="How Git has the Secrets: not at all, encrypted, or as ExternalSecrets.",
)
@click.option(
    "--git-url",
    metavar="URL",
    default="",
    help="With argocd: repository whose root is the folder of -o; adds an ApplicationSet for many sites.",
)
@click.option(
    "--site",
    metavar="NAME",
    default=IN_CLUSTER,
    show_default=True,
    help="With argocd: name of the site's cluster in Argo CD.",
)
@click.option(
    "-o", "--output", type=DIR, callback=named, help="Write files to this folder instead of printing."
)
@click.option("--dry-run", is_flag=True, help="With -o: list the files, write nothing.")
@quiet_option
def gitops(
    charts: tuple[str, ...],
    output: str | None,
    dry_run: bool,
    **values: Any,
) -> None:
    """Write the objects with which Argo CD or Flux installs a site.

    \b
    Examples:
      generator gitops --tool flux -f site.yaml --chart-source oci://registry.example.com/kubeedge -o factory
      generator gitops --tool argocd -f site.yaml --chart-source https://charts.example.com --secrets sops
      generator gitops --tool argocd -f site.yaml --chart-source oci://registry.example.com/kubeedge \\
        --git-url https://git.example.com/fleet.git --site factory -o fleet
    """
    if dry_run and output is None:
        raise click.UsageError("--dry-run needs -o")
    for option, given in (("--git-url", values["git_url"]), ("--site", values["site"] != IN_CLUSTER)):
        if given and values["tool"] != "argocd":
            raise click.UsageError(f"{option} needs --tool argocd")

    from generator.gitops import GitOpsOptions, GitOpsSite, checked_site, gitops_files, gitops_stream
    from generator.render.site import render_site

    options = GitOpsOptions(
        values["tool"],
        values["chart_source"],
        values["chart_version"],
        values["secrets"],
        values["git_url"],
        values["site"],
        output or "",
    )
    loaded = checked_site(site_layers(values, None, None), charts, options)
    warn(loaded.warnings)
    with progress("rendering the charts"):
        found = GitOpsSite(render_site(loaded), options)
    flags_of_site = _flags_of_site(values, charts)
    files = gitops_files(found, flags_of_site)
    if output is None:
        show(gitops_stream(files), nl=False)
        if sys.stderr is not None and sys.stderr.isatty():
            click.echo(_steps(found, values, flags_of_site), nl=False, err=True)
        return
    _write(files, output, dry_run)
    show(_steps(found, values, flags_of_site), nl=False)


def _write(files: dict[str, str], output: str, dry_run: bool) -> None:
    from pathlib import Path

    from generator.gitops import write_gitops

    for step in write_gitops(files, Path(output), dry_run=dry_run):
        show(str(step))
    show("")


def _steps(site: GitOpsSite, values: dict[str, Any], flags_of_site: str) -> str:
    from generator.gitops import steps_of
    from generator.install.apply_text import before_apply_text
    from generator.install.before_apply import Typed

    return before_apply_text(steps_of(site, Typed(typed(values), flags_of_site)), paint)


def _flags_of_site(values: dict[str, Any], charts: tuple[str, ...]) -> str:
    chosen = "" if charts == CHARTS else "".join(f" --chart {chart}" for chart in charts)
    return typed(values, "set_file", "set_json") + chosen
