"""`generator status`."""

from __future__ import annotations

from typing import Any

import click

from generator.cli.cluster import cluster_options, open_cluster, say
from generator.cli.options import charts_option, flags, values_options
from generator.cli.result import show


@click.command(short_help="Say how the installation in a cluster is.")
@values_options
@charts_option
@cluster_options
@click.option(
    "--expires-within",
    type=click.IntRange(0, 36500),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="How early the end of a certificate is told.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to print it.",
)
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
    """Say which releases there are, whether the cluster still has what they say, and what expires.

    \b
    generator status
    generator status --profile mtls -f site.yaml
    generator status --format json --expires-within 60

    Without values the measure is what each release was installed with. What the programs write into their
    own configs, and what the cluster adds, is no drift. Exit code 0: all is as it should be; 1: drift, a
    release that is not deployed, a workload without all its pods, a missing secret, a certificate that has
    expired or soon will, or an edge node that has not received what its endpoint needs; 2: nothing is
    installed in the namespace.
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
        for warning in loaded.warnings:
            say(f"warning: {warning}")
        site = render_site(loaded, namespace=namespace)
    releases, kubectl = open_cluster(namespace, kubeconfig, kube_context)
    now = datetime.now(timezone.utc)
    found = read_status(releases, kubectl, charts=charts, site=site, now=now, days=expires_within)
    show((as_json if form == "json" else as_text)(found), nl=False)
    if not found.installed:
        ctx.exit(2)
    if findings(found):
        ctx.exit(1)
