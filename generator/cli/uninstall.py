"""`generator uninstall`."""

from __future__ import annotations

import click

from generator.cli.cluster import cluster_options, need_terminal, open_cluster, say, timeout_option
from generator.cli.options import charts_option
from generator.cli.result import show


@click.command(short_help="Remove the charts from a cluster.")
@charts_option
@cluster_options
@timeout_option
@click.option("--dry-run", is_flag=True, help="Say what would go and what would stay, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def uninstall(
    charts: tuple[str, ...],
    namespace: str,
    kubeconfig: str | None,
    kube_context: str | None,
    timeout: int,
    dry_run: bool,
    yes: bool,
) -> None:
    """Remove the releases, EdgeMesh first and cloudcore last, and say what stays.

    \b
    generator uninstall --dry-run
    generator uninstall --chart edgemesh --yes

    Definitions stay with all that is stored in them, and so do secrets, cloudcore's own authority among them.
    """
    need_terminal(yes=yes, dry_run=dry_run)

    from generator.install.uninstall import plan_removal, removal_text
    from generator.install.uninstall import uninstall as remove

    releases, kubectl = open_cluster(namespace, kubeconfig, kube_context)
    removal = plan_removal(releases, kubectl, charts)
    show(removal_text(removal), nl=False)
    if dry_run or not removal.releases:
        return
    if not yes:
        click.confirm("Go on?", abort=True, err=True)
    remove(removal, releases, kubectl, timeout, say)
