"""`generator install`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.cli.cluster import (
    cluster_options,
    need_terminal,
    open_cluster,
    timeout_option,
)
from generator.cli.colour import paint, warn
from generator.cli.command import GeneratorCommand
from generator.cli.options import charts_option, flags, quiet_option, typed, values_options
from generator.cli.progress import progress
from generator.cli.result import show

if TYPE_CHECKING:
    from generator.install.plan import InstallPlan
    from generator.io.kubectl import Kubectl


@click.command(
    cls=GeneratorCommand,
    epilog="If TLS of the endpoint is switched on or off and edge nodes exist, the run waits for the rollout "
    "of edgecore.yaml; without the rollout it stops where the nodes must change first, and prints what to do "
    "there. Needs kubectl and Helm 3.10 or newer ($HELM_BIN, or on "
    "PATH). After an interruption, run the same command again.",
)
@values_options
@charts_option
@cluster_options
@timeout_option
@click.option("--no-wait", is_flag=True, help="Do not wait until pods are ready.")
@click.option(
    "--nodes-done",
    is_flag=True,
    help="Continue after a stop for the edge nodes: edgecore runs with its new file on all of them. "
    "Waits until they are connected, and makes cloudcore send them missing access objects.",
)
@click.option(
    "--rollback-on-failure", is_flag=True, help="Roll back a release that fails, or remove a new one."
)
@click.option("--take-ownership", is_flag=True, help="Adopt objects that exist already (Helm 3.17 or newer).")
@click.option("--dry-run", is_flag=True, help="Show what would change, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@quiet_option
def install(
    charts: tuple[str, ...],
    namespace: str,
    kubeconfig: str | None,
    kube_context: str | None,
    timeout: int,
    no_wait: bool,
    nodes_done: bool,
    rollback_on_failure: bool,
    take_ownership: bool,
    dry_run: bool,
    yes: bool,
    **values: Any,
) -> None:
    """Install or upgrade the charts in the right order.

    \b
    Examples:
      generator install --profile mtls -f site.yaml --dry-run
      generator install --profile mtls -f site.yaml --yes --timeout 10m
      generator install --profile mtls -f site.yaml --yes --nodes-done
    """
    need_terminal(yes=yes, dry_run=dry_run)
    if no_wait and rollback_on_failure:
        raise click.UsageError("--rollback-on-failure must wait for a failure: leave out --no-wait")

    from generator.helm.flags import UpgradeOptions, upgrade_flags
    from generator.install.apply import apply
    from generator.install.plan import make_plan
    from generator.install.plan_text import by_hand_text
    from generator.install.reconnect import reconnect
    from generator.load import load_site
    from generator.render.site import render_site

    site = load_site(values["files"], profile=values["profile"], charts=charts, **flags(values))
    warn(site.warnings)
    wish = UpgradeOptions(timeout, not no_wait, rollback_on_failure, take_ownership)
    with progress("rendering the charts") as step:
        rendering = render_site(site, namespace=namespace)
        step("reading the cluster")
        releases, kubectl = open_cluster(namespace, kubeconfig, kube_context)
        upgrade_flags(releases.helm, wish)
        plan = make_plan(rendering, releases, kubectl, flags=typed(values), adopt=take_ownership)
    if _nothing_to_do(plan, kubectl, nodes_done=nodes_done, yes=yes, dry_run=dry_run):
        return
    try:
        with progress("waiting for the edge nodes") as step:
            if plan.follows_nodes(nodes_done=nodes_done):
                reconnect(plan, kubectl, wish, step.say)
            apply(plan, releases, kubectl, wish, step.say, nodes_done=nodes_done, progress=step)
    finally:
        show(by_hand_text(plan), nl=False)


def _nothing_to_do(
    plan: InstallPlan, kubectl: Kubectl, *, nodes_done: bool, yes: bool, dry_run: bool
) -> bool:
    """Print the plan, raise its blockers, and ask for confirmation; return whether the run ends here."""
    from generator.errors import InvalidInput
    from generator.install.plan_text import plan_text
    from generator.install.reconnect import outlook

    show(plan_text(plan, paint), nl=False)
    if plan.problems:
        raise InvalidInput(plan.problems)
    if dry_run and plan.follows_nodes(nodes_done=nodes_done):
        show(outlook(plan, kubectl))
    changes = plan.now or plan.follows_nodes(nodes_done=nodes_done)
    if dry_run or not (changes or plan.rolled):
        return True
    if plan.asks_for_nodes and not nodes_done:
        _ask_for_nodes(plan, yes=yes)
    if changes and not yes:
        click.confirm("Continue?", abort=True, err=True)
    return False


def _ask_for_nodes(plan: InstallPlan, *, yes: bool) -> None:
    from generator.errors import NodesFirst
    from generator.install.node_names import names

    question = f"Does edgecore run with its new edgecore.yaml on all of {names(plan.by_hand)}?"
    if yes or not click.confirm(question, err=True):
        raise NodesFirst([names(plan.by_hand)])
