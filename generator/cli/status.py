"""`generator status`."""

from __future__ import annotations

from typing import Any

import click

from generator.cli.cluster import cluster_options, open_cluster
from generator.cli.colour import paint, warn
from generator.cli.command import GeneratorCommand
from generator.cli.options import charts_option, flags, format_option, quiet_option, values_options
from generator.cli.progress import progress
from generator.cli.result import show


@click.command(
    cls=GeneratorCommand,
    epilog="Without values, each release is compared with the values that it was installed with. What the "
    "programs write into their own configs, and what the cluster adds, is not drift. Exit code 0: no "
    "finding; 1: drift, a release that is not deployed, a workload without all its pods, a missing Secret, a "
    "certificate that has expired or expires soon, or an edge node without its access objects; 2: nothing is "
    "installed in the namespace.",
)
@values_options
@charts_option
@cluster_options
@click.option(
    "--expires-within",
    type=click.IntRange(0, 36500),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Report certificates that expire within this time.",
)
@format_option("text", "json")
@quiet_option
@click.pass_context
def status(
    ctx: click.Context,
    /,
    charts: tuple[str, ...],
    namespace: str,
    kubeconfig: str | None,
    kube_context: str | None,
    expires_within: int,
    form: str,
    **values: Any,
) -> None:
    """Show installed releases, drift and expiring certificates.

    \b
    Examples:
      generator status
      generator status --profile mtls -f site.yaml
      generator status --format json --expires-within 60
    """
    from datetime import datetime, timezone

    from generator.install.findings import findings
    from generator.install.status import read_status
    from generator.install.status_formats import as_json, as_text
    from generator.load import load_site
    from generator.render.site import render_site

    site = None
    if any(values.values()):
        loaded = load_site(values["files"], profile=values["profile"], charts=charts, **flags(values))
        warn(loaded.warnings)
        site = render_site(loaded, namespace=namespace)
    releases, kubectl = open_cluster(namespace, kubeconfig, kube_context)
    now = datetime.now(timezone.utc)
    with progress("reading the releases") as step:
        found = read_status(
            releases, kubectl, charts=charts, site=site, now=now, days=expires_within, progress=step
        )
    show(as_json(found) if form == "json" else as_text(found, paint), nl=False)
    if not found.installed:
        ctx.exit(2)
    if findings(found):
        ctx.exit(1)
