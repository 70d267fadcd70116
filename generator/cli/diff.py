"""`generator diff`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from generator.cli.colour import paint
from generator.cli.command import GeneratorCommand
from generator.cli.complete import CLASSES, DIR, FILE, SIDE
from generator.cli.options import (
    ENGINES,
    charts_option,
    check_side,
    flags,
    format_option,
    namespace_option,
    quiet_option,
    values_options,
)
from generator.cli.outputs import outputs_option, write_outputs
from generator.cli.progress import progress
from generator.cli.releases import releases, version_options
from generator.components import EDGEMESH, KUBEEDGE

if TYPE_CHECKING:
    from generator.diff.report import DiffReport
    from generator.diff.sources import SideSource
    from generator.progress import Progress

FORMATS = ("text", "markdown", "html", "json", "github", "sarif", "junit")
_ROLES = {"+": "added", "-": "removed", "~": "changed", "*": "changed"}


@click.command(
    cls=GeneratorCommand,
    epilog="Secrets are hidden. Exit code 0: no difference; 1: differences (--fail-on selects their "
    "classes); 2: nothing to compare.",
)
@click.argument("before", required=False, type=SIDE, metavar="A")
@click.argument("after", required=False, type=SIDE, metavar="B")
@click.option("--base", metavar="git:REF", help="Compare every site file of the repository with a commit.")
@click.option("--examples", type=DIR, help="With --base: folder of site files (default: found by content).")
@click.option("--sites", is_flag=True, help="List the site files that --base finds, and compare nothing.")
@values_options
@charts_option
@namespace_option("Namespace of the objects.")
@click.option("--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help="Helm to use.")
@version_options("the release that the files name")
@click.option("--kubeconfig", type=FILE, help="For release:NAME: kubeconfig of the cluster.")
@click.option("--kube-context", metavar="NAME", help="For release:NAME: context of the kubeconfig.")
@format_option(*FORMATS)
@outputs_option(FORMATS)
@click.option(
    "--fail-on",
    type=CLASSES,
    help="Exit with 1 only for these classes of impact; see docs/diff.md.",
)
@quiet_option
@click.pass_context
def diff(
    ctx: click.Context,
    /,
    before: str | None,
    after: str | None,
    base: str | None,
    examples: str | None,
    sites: bool,
    namespace: str,
    engine: str,
    kubeedge_version: str | None,
    edgemesh_version: str | None,
    kubeconfig: str | None,
    kube_context: str | None,
    form: str,
    outputs: dict[str, str],
    fail_on: str | None,
    **values: Any,
) -> None:
    """Compare A with B and show what the change does to the cluster.

    \b
    Examples:
      generator diff plain mtls -f site.yaml
      generator diff git:main values:site.yaml
      generator diff release:edgemesh mtls -f site.yaml
      generator diff old.yaml new.yaml --fail-on immutable,tls-weakened
      generator diff --base git:main --format markdown

    \b
    A and B are each one of:
      FILE, DIR or -          manifests, a site or values file, or the config file of a program
      profile:P, or P         the charts with this profile
      values:FILE             the charts with this values file
      git:REF                 the charts and values of a commit
      release:NAME            a Helm release in the cluster
    """
    if sites:
        _list_sites()
        return
    if (base is None) is (after is None):
        raise click.UsageError("give A and B, or --base git:REF")
    if examples is not None and base is None:
        raise click.UsageError("--examples needs --base")
    _check_sides(before, after, base)
    classes = _classes(fail_on)
    versions = _versions(kubeedge_version, edgemesh_version)

    asked = (before, after) if base is None else (base, examples)
    cluster = (kubeconfig, kube_context)
    draws = "html" in (form, *outputs.values())
    values["every_chart"] = ctx.get_parameter_source("charts") is not ParameterSource.DEFAULT
    with progress("comparing") as step:
        report = _report(base is not None, asked, versions, namespace, engine, cluster, values, draws, step)
    # open_sources and compare_base reject sides without any object; "no difference" would be a false success.
    assert report.compared
    write_outputs(outputs, partial(_written, report), "generator diff")
    _print(report, form)
    if report.failing(classes) if classes is not None else report.differences:
        ctx.exit(1)


def _written(report: DiffReport, form: str) -> str:
    from generator.diff.formats import writer

    return writer(form)(report)


def _print(report: DiffReport, form: str) -> None:
    from generator.cli.result import show

    text = _written(report, form)
    if form == "text":
        text = "".join(map(_coloured, text.splitlines(keepends=True)))
    show(text, nl=False)


def _list_sites() -> None:
    """Print the site files of the repository, one per line."""
    from pathlib import Path

    from generator.cli.result import show
    from generator.diff.sites import listed
    from generator.io.git import Repository

    show("\n".join(listed(Repository(Path.cwd()))))


def _report(
    against_base: bool,
    asked: tuple[str | None, str | None],
    versions: dict[str, str],
    namespace: str,
    engine: str,
    cluster: tuple[str | None, str | None],
    values: dict[str, Any],
    draws: bool,
    step: Progress,
) -> DiffReport:
    from generator.diff.recipes import Recipe

    recipe = Recipe(
        "",
        files=values["files"],
        flags=flags(values),
        profile=values["profile"],
        charts=values["charts"],
        namespace=namespace,
        engine=engine,
    )
    if against_base:
        from generator.helm.early import open_early

        open_early(engine)
        from generator.diff.scenarios import compare_base

        return compare_base(str(asked[0]).removeprefix("git:"), recipe, asked[1], versions, step)

    from generator.diff.report import compare_sides, report_of
    from generator.diff.sources import open_sources

    def read_release(name: str) -> SideSource:
        # Imported here because it imports asyncio.
        from generator.diff.live import read_live
        from generator.helm.releases import HelmReleases

        return read_live(name, HelmReleases(namespace, kubeconfig=cluster[0], context=cluster[1]))

    with open_sources(
        str(asked[0]), str(asked[1]), recipe, read_release, every_chart=values["every_chart"]
    ) as sides:
        left, right = (_with_counts(side, cluster) for side in sides) if _of_cluster(sides) else sides
        compared = compare_sides(left, right, versions)
        if left.recipe is None or right.recipe is None:
            return report_of(compared)
        # Imported here because they import Helm; only what the values changed has causes.
        from generator.diff.causes import explained
        from generator.diff.graphs import drawn

        found = explained(compared)
        if draws:
            found.picture, found.arrows = drawn(left, right)
        return found


def _of_cluster(sides: tuple[SideSource, SideSource]) -> bool:
    """Return whether a side is a Helm release, and a rollout changes edge nodes."""
    from generator.kube.rollout import daemonsets

    return any(side.installed for side in sides) and any(daemonsets(side.objects) for side in sides)


def _with_counts(side: SideSource, cluster: tuple[str | None, str | None]) -> SideSource:
    """Return a side with the number of nodes of each rollout, unchanged if kubectl cannot list nodes."""
    from dataclasses import replace

    from generator.errors import ClusterError
    from generator.install.nodes import labels_of, read_nodes
    from generator.io.kubectl import Kubectl
    from generator.kube.rollout import with_counts

    try:
        nodes = read_nodes(Kubectl(kubeconfig=cluster[0], context=cluster[1]))
    except ClusterError:
        return side
    return replace(side, objects=with_counts(side.objects, labels_of(nodes)))


def _check_sides(before: str | None, after: str | None, base: str | None) -> None:
    """Reject names of sides, and of the base, that are wrong whatever files and commits exist."""
    if base is not None and (base == "git:" or not base.startswith("git:")):
        raise click.BadParameter(f"{base}: must be git:REF, for example git:main", param_hint="--base")
    if before == after == "-":
        raise click.UsageError("standard input can be one side only")
    for name, hint in ((before, "A"), (after, "B")):
        check_side(name, hint)


def _classes(text: str | None) -> list[str] | None:
    """Return the classes of --fail-on; reject unknown ones, which would never match."""
    if text is None:
        return None
    from generator.diff.impact import CLASSES

    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in CLASSES]
    if unknown or not names:
        what = f"unknown class {', '.join(unknown)}" if unknown else "names no class"
        raise click.BadParameter(f"{what} (use one of {', '.join(CLASSES)})", param_hint="--fail-on")
    return names


def _versions(kubeedge: str | None, edgemesh: str | None) -> dict[str, str]:
    if not kubeedge and not edgemesh:
        return {}
    releases(kubeedge, edgemesh)
    given = {KUBEEDGE: kubeedge, EDGEMESH: edgemesh}
    return {program: version for program, version in given.items() if version}


def _coloured(line: str) -> str:
    mark = line.lstrip()[:1]
    if line.startswith("  ") and not line.startswith("    "):
        return paint("heading", line)
    return paint(_ROLES[mark], line) if mark in _ROLES else line
