"""What the commands that touch a cluster share: which one, how long, a question, and progress."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from generator.helm.releases import HelmReleases
    from generator.io.kubectl import Kubectl

_Command = TypeVar("_Command", bound=Callable[..., Any])
_DURATION = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?")


def cluster_options(command: _Command) -> _Command:
    """Add what says which cluster and namespace are meant."""
    options = (
        click.option("--namespace", metavar="NS", default="kubeedge", show_default=True, help="Namespace."),
        click.option("--kubeconfig", metavar="FILE", help="How to reach the cluster."),
        click.option("--kube-context", metavar="NAME", help="Which context of it."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def seconds(_: click.Context, __: click.Parameter, value: str) -> int:
    """Read a time as Helm writes it: 5m, 90s, 1h30m; plain digits are seconds."""
    match = _DURATION.fullmatch(value)
    hours, minutes, rest = (int(part or 0) for part in match.groups()) if match and value else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + rest
    if not total:
        raise click.BadParameter("must be a time such as 5m, 90s or 1h30m")
    return total


timeout_option = click.option(
    "--timeout",
    metavar="TIME",
    default="5m",
    show_default=True,
    callback=seconds,
    help="How long to wait for each release.",
)


def open_cluster(namespace: str, kubeconfig: str | None, context: str | None) -> tuple[HelmReleases, Kubectl]:
    """Find helm and kubectl; raise HelmError or ClusterError."""
    from generator.helm.releases import HelmReleases
    from generator.io.kubectl import Kubectl

    return (
        HelmReleases(namespace, kubeconfig=kubeconfig, context=context),
        Kubectl(kubeconfig=kubeconfig, context=context),
    )


def need_terminal(*, yes: bool, dry_run: bool) -> None:
    """Refuse to go on where a question would have to be asked and nobody can answer."""
    if not yes and not dry_run and not (sys.stdin is not None and sys.stdin.isatty()):
        raise click.UsageError("no terminal to ask on: use --yes, or --dry-run")


def say(text: str) -> None:
    """Tell how far it is."""
    click.echo(text, err=True)
