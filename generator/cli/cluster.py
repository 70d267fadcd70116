"""The options of commands that use a cluster, and how they open it, ask and report progress."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.cli.complete import FILE
from generator.patterns import pattern

if TYPE_CHECKING:
    from generator.helm.releases import HelmReleases
    from generator.io.kubectl import Kubectl

_Command = TypeVar("_Command", bound=Callable[..., Any])
_DURATION = pattern(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?")


def cluster_options(command: _Command) -> _Command:
    """Add the options for the cluster and the namespace."""
    options = (
        click.option(
            "--namespace",
            metavar="NS",
            default="kubeedge",
            show_default=True,
            help="Namespace of the releases.",
        ),
        click.option(
            "--kubeconfig", type=FILE, help="kubeconfig of the cluster (default: as kubectl finds it)."
        ),
        click.option(
            "--kube-context", metavar="NAME", help="Context of the kubeconfig (default: the current one)."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def seconds(_: click.Context, __: click.Parameter, value: str) -> int:
    """Return the seconds of a time such as 5m, 90s or 1h30m; plain digits are seconds."""
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
    help="Longest wait for each release.",
)


def open_cluster(namespace: str, kubeconfig: str | None, context: str | None) -> tuple[HelmReleases, Kubectl]:
    """Open the cluster with helm and kubectl; raise HelmError or ClusterError."""
    from generator.helm.releases import HelmReleases
    from generator.io.kubectl import Kubectl

    return (
        HelmReleases(namespace, kubeconfig=kubeconfig, context=context),
        Kubectl(kubeconfig=kubeconfig, context=context),
    )


def need_terminal(*, yes: bool, dry_run: bool) -> None:
    """Raise UsageError if the command must ask a question and has no terminal."""
    if not yes and not dry_run and not (sys.stdin is not None and sys.stdin.isatty()):
        raise click.UsageError("no terminal to confirm on: use --yes or --dry-run")


def say(text: str) -> None:
    """Print progress to standard error."""
    click.echo(text, err=True)
