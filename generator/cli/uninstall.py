"""`generator uninstall`."""

from __future__ import annotations

import click

from generator.cli.cluster import cluster_options, need_terminal, open_cluster, say, timeout_option
from generator.cli.command import GeneratorCommand
from generator.cli.options import charts_option
from generator.cli.result import show


@click.command(
    cls=GeneratorCommand,
    epilog="CRDs and all custom resources stay, and so do Secrets, also the one of cloudcore's own CA.",
)
@charts_option
@cluster_options
@timeout_option
@click.option("--dry-run", is_flag=True, help="Show what would be removed and what stays, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
def uninstall(
    charts: tuple[str, ...],
    namespace: str,
    kubeconfig: str | None,
    kube_context: str | None,
    timeout: int,
    dry_run: bool,
    yes: bool,
) -> None:
    """Remove the releases, and list what stays in the cluster.

    \b
    Examples:
      generator uninstall --dry-run
      generator uninstall --chart edgemesh --yes
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
        click.confirm("Continue?", abort=True, err=True)
    remove(removal, releases, kubectl, timeout, say)
