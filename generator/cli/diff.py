"""`generator diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from generator.cli.colour import colour_option
from generator.cli.options import ENGINES, PROFILES, charts_option, flags, many, values_options
from generator.errors import CannotCompare, plain

if TYPE_CHECKING:
    from generator.diff.report import DiffReport
    from generator.diff.sources import SideSource

FORMATS = ("text", "markdown", "json", "github", "sarif", "junit")
_COLOURS = {"+": "green", "-": "red", "~": "yellow", "*": "yellow"}


@click.command(short_help="Say what a change does to the cluster.")
@click.argument("before", required=False, metavar="A")
@click.argument("after", required=False, metavar="B")
@click.option("--base", metavar="git:REF", help="Compare every site of the repository with a commit.")
@click.option(
    "--examples", metavar="DIR", help="With --base: the folder of the sites (default: found by content)."
)
@click.option("--sites", is_flag=True, help="Only list the sites that --base finds in the working tree.")
@values_options
@charts_option
@click.option("--namespace", metavar="NS", default="kubeedge", show_default=True, help="Namespace.")
@click.option("--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help="Which Helm.")
@click.option(
    "--kubeedge-version", metavar="V", help="Release that reads the configs (default: what they say)."
)
@click.option("--edgemesh-version", metavar="V", help="Release of EdgeMesh.")
@click.option("--kubeconfig", metavar="FILE", help="For release:NAME: how to reach the cluster.")
@click.option("--kube-context", metavar="NAME", help="For release:NAME: which context of it.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How to print it.",
)
@many("-o", "--output", "outputs", metavar="FORMAT=FILE", help="Write this format to a file as well.")
@click.option("--fail-on", metavar="CLASS,…", help="Exit with 1 for these classes only; see docs/diff.md.")
@colour_option
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
    outputs: tuple[str, ...],
    fail_on: str | None,
    **values: Any,
) -> None:
    """Compare two sides by what they mean to the cluster, and say what a change does to it.

    A and B are each: a manifest file, a folder of them, or - for standard input; a site file or values file,
    which is rendered; the config file of a program; profile:P or just the profile; values:FILE; git:REF, the
    charts and values as of a commit; release:NAME, a live Helm release.

    \b
    generator diff plain mtls -f site.yaml
    generator diff git:main values:site.yaml
    generator diff release:edgemesh mtls -f site.yaml
    generator diff old.yaml new.yaml --fail-on immutable,tls-weakened
    generator diff --base git:main --format markdown

    Secrets are hidden. Exit code 0: no difference; 1: differences, with --fail-on only such of these classes;
    2: there was nothing to compare.
    """
    if sites:
        _list_sites()
        return
    if (base is None) is (after is None):
        raise click.UsageError("give A and B, or --base git:REF")
    if examples is not None and base is None:
        raise click.UsageError("--examples needs --base")
    _check_sides(before, after, base)
    files = _files(outputs)
    classes = _classes(fail_on)
    versions = _versions(kubeedge_version, edgemesh_version)

    asked = (before, after) if base is None else (base, examples)
    cluster = (kubeconfig, kube_context)
    values["every_chart"] = ctx.get_parameter_source("charts") is not ParameterSource.DEFAULT
    report = _report(base is not None, asked, versions, namespace, engine, cluster, values)
    if not report.compared:
        raise CannotCompare([plain(f"{report.before} -> {report.after}", "", "there is nothing to compare")])
    _write(report, files)
    _print(report, form)
    if report.failing(classes) if classes is not None else report.differences:
        ctx.exit(1)


def _write(report: DiffReport, files: dict[str, str]) -> None:
    """Write a report to files, each in its format."""
    if not files:
        return
    from pathlib import Path

    from generator.diff.formats import writer
    from generator.io.write import FINISHED, REVERTED, File, write_files

    texts = {name: File(writer(kind)(report)) for name, kind in files.items()}
    for step in write_files(Path(), texts, command="generator diff"):
        if step.action in (FINISHED, REVERTED):
            click.echo(str(step), err=True)


def _print(report: DiffReport, form: str) -> None:
    from generator.cli.result import show
    from generator.diff.formats import writer

    text = writer(form)(report)
    if form == "text":
        # Click takes the colours out again where --color decides against them.
        text = "".join(map(_coloured, text.splitlines(keepends=True)))
    show(text, nl=False)


def _list_sites() -> None:
    """Print the sites of the repository, one a line; raise CannotCompare if there are none."""
    from pathlib import Path

    from generator.cli.result import show
    from generator.diff.sites import in_tree
    from generator.io.git import Repository

    repository = Repository(Path.cwd())
    found = in_tree(repository)
    if not found:
        raise CannotCompare([plain(str(repository.top), "", "git knows no values file for the charts in it")])
    show("\n".join(found))


def _report(
    against_base: bool,
    asked: tuple[str | None, str | None],
    versions: dict[str, str],
    namespace: str,
    engine: str,
    cluster: tuple[str | None, str | None],
    values: dict[str, Any],
) -> DiffReport:
    from generator.diff.renderings import Recipe

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
        from generator.diff.scenarios import compare_base

        return compare_base(str(asked[0]).removeprefix("git:"), recipe, asked[1], versions)

    from generator.diff.causes import explained
    from generator.diff.report import compare_sides
    from generator.diff.sources import open_sources

    def read_release(name: str) -> SideSource:
        # asyncio comes with it.
        from generator.diff.live import read_live
        from generator.helm.releases import HelmReleases

        return read_live(name, HelmReleases(namespace, kubeconfig=cluster[0], context=cluster[1]))

    with open_sources(
        str(asked[0]), str(asked[1]), recipe, read_release, every_chart=values["every_chart"]
    ) as (left, right):
        return explained(compare_sides(left, right, versions))


def _check_sides(before: str | None, after: str | None, base: str | None) -> None:
    """Refuse what can be no side, whatever files, commits and releases there are."""
    if base is not None and (base == "git:" or not base.startswith("git:")):
        raise click.BadParameter(f"{base}: must be git:REF, for example git:main", param_hint="--base")
    if before == after == "-":
        raise click.UsageError("standard input can be one side only")
    for name, hint in ((before, "A"), (after, "B")):
        scheme, colon, rest = (name or "").partition(":")
        if scheme == "profile" and colon and rest not in PROFILES:
            raise click.BadParameter(
                f"{rest}: no such profile (one of {', '.join(PROFILES)})", param_hint=hint
            )
        if scheme in ("values", "git", "release") and colon and not rest:
            raise click.BadParameter(f"{name} names nothing", param_hint=hint)


def _files(outputs: tuple[str, ...]) -> dict[str, str]:
    """Read the uses of --output as file -> format."""
    files: dict[str, str] = {}
    for text in outputs:
        form, _, name = text.partition("=")
        if form not in FORMATS or not name:
            what = f"{text} is not FORMAT=FILE with one of {', '.join(FORMATS)}"
            raise click.BadParameter(what, param_hint="--output")
        files[name] = form
    return files


def _classes(text: str | None) -> list[str] | None:
    """Read --fail-on; a class that there is not would never fail."""
    if text is None:
        return None
    from generator.diff.impact import CLASSES

    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in CLASSES]
    if unknown or not names:
        what = f"{', '.join(unknown)}: no such class" if unknown else "names no class"
        raise click.BadParameter(f"{what} (one of {', '.join(CLASSES)})", param_hint="--fail-on")
    return names


def _versions(kubeedge: str | None, edgemesh: str | None) -> dict[str, str]:
    if not kubeedge and not edgemesh:
        return {}
    from generator.cli.releases import releases

    releases(kubeedge, edgemesh)
    given = {"KubeEdge": kubeedge, "EdgeMesh": edgemesh}
    return {program: version for program, version in given.items() if version}


def _coloured(line: str) -> str:
    mark = line.lstrip()[:1]
    if line.startswith("  ") and not line.startswith("    "):
        return click.style(line, bold=True)
    return click.style(line, fg=_COLOURS[mark]) if mark in _COLOURS else line
