"""`generator import`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from generator.cli.command import GeneratorCommand
from generator.cli.complete import FILE
from generator.cli.releases import releases, version_options

if TYPE_CHECKING:
    from generator.errors import Problem
    from generator.importer import Imported


@click.command(
    "import",
    cls=GeneratorCommand,
    epilog="What was assumed, left out or changed is printed to stderr. If the files break rules of a site, "
    "the site file is still written, the problems are listed, and the exit code is 1.",
)
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@click.option(
    "-o", "--output", type=FILE, metavar="SITE", help="Write the site file here instead of printing it."
)
@version_options("the release that the files name")
@click.option("--as", "kind", metavar="KIND", help="Kind of the files (default: recognised by content).")
@click.option("--force", is_flag=True, help="Overwrite an existing site file.")
def import_files(
    files: tuple[str, ...],
    output: str | None,
    kubeedge_version: str | None,
    edgemesh_version: str | None,
    kind: str | None,
    force: bool,
) -> None:
    """Convert existing config and values files to one site file.

    \b
    Examples:
      generator import cloudcore.yaml edgecore.yaml edgemesh-agent.yaml -o values/site.yaml
      helm get values edgemesh -n kubeedge -o yaml | generator import -
      helm get manifest cloudcore -n kubeedge | generator import - -o site.yaml
    """
    from pathlib import Path

    from generator.check.sources import KINDS
    from generator.importer import import_files
    from generator.io.write import File, recover, write_files
    from generator.secrets.trees import mode_of

    if kind and kind not in KINDS:
        raise click.BadParameter(f"unknown kind {kind} (use one of {', '.join(KINDS)})", param_hint="--as")
    releases(kubeedge_version, edgemesh_version)
    if output:
        for step in recover(Path(output).parent):
            click.echo(str(step), err=True)
        _check_target(output, files, force)
    imported = import_files(files, kubeedge=kubeedge_version, edgemesh=edgemesh_version, kind=kind)
    valid = report_import(imported)
    if output is None:
        click.echo(imported.text(), nl=False)
    else:
        site = {Path(output).name: File(imported.text(), mode_of(imported.values))}
        for written in write_files(Path(output).parent, site, command="generator import"):
            click.echo(str(written))
    if not valid:
        raise SystemExit(1)


def report_import(imported: Imported, known: Sequence[Problem] = ()) -> bool:
    """Print what an import assumed, left out and changed, and its problems; return whether it has none.

    `known` are problems that were found already: such a site cannot be rendered and compared.
    """
    from generator.errors import InvalidInput, one_line
    from generator.importer import differences
    from generator.secrets.safe_text import safe

    changed: list[str] = []
    problems = [f"invalid: {problem}" for problem in known]
    try:
        changed = [] if known else [f"changed: {difference}" for difference in differences(imported)]
    except InvalidInput as error:
        problems = [f"invalid: {imported.located(problem)}" for problem in error.problems]
    remarks = [f"{label}: {problem}" for label, problem in imported.remarks()]
    for line in (*remarks, *changed, *problems):
        click.echo(one_line(safe(line)), err=True)
    return not problems


def _check_target(output: str, files: tuple[str, ...], force: bool) -> None:
    """Raise InvalidInput for an output that is one of the files to import, or exists without --force."""
    from pathlib import Path

    from generator.catalogue.message import say
    from generator.errors import InvalidInput, Problem
    from generator.io.files import is_there

    there = is_there(Path(output))
    if there and any(name != "-" and _same(output, name) for name in files):
        raise InvalidInput([Problem(output, "", say("output-is-input"))])
    if there and not force:
        raise InvalidInput([Problem(output, "", say("output-exists"))])


def _same(one: str, other: str) -> bool:
    """Return whether two names are the same file, also through a link."""
    from pathlib import Path

    try:
        return Path(one).samefile(other)
    except OSError:
        return False  # reading the file reports the error
