"""`generator import`."""

from __future__ import annotations

import click


@click.command("import", short_help="Turn existing files into one site file.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", metavar="SITE", help="Write the site file here instead of printing it.")
@click.option("--kubeedge-version", metavar="V", help="Release of KubeEdge (default: what the files say).")
@click.option("--edgemesh-version", metavar="V", help="Release of EdgeMesh (default: what the files say).")
@click.option("--as", "kind", metavar="KIND", help="What the files are, instead of recognising it.")
@click.option("--force", is_flag=True, help="Replace an existing site file.")
def import_files(
    files: tuple[str, ...],
    output: str | None,
    kubeedge_version: str | None,
    edgemesh_version: str | None,
    kind: str | None,
    force: bool,
) -> None:
    """Turn existing config and values files into one site file.

    \b
    generator import cloudcore.yaml edgecore.yaml edgemesh-agent.yaml -o values/site.yaml
    helm get values edgemesh -n kubeedge -o yaml | generator import -
    helm get manifest cloudcore -n kubeedge | generator import - -o site.yaml

    What is assumed, left out or different is said on stderr. Where the files hold what no site may,
    the site is written all the same, the problems are listed, and the exit code is 1.
    """
    from pathlib import Path

    from generator.check.sources import KINDS
    from generator.cli.releases import releases
    from generator.errors import InvalidInput, one_line
    from generator.importer import differences, import_files
    from generator.io.write import File, recover, write_files
    from generator.secrets.safe_text import safe
    from generator.secrets.trees import mode_of

    if kind and kind not in KINDS:
        raise click.BadParameter(f"{kind} is none of {', '.join(KINDS)}", param_hint="--as")
    releases(kubeedge_version, edgemesh_version)
    if output:
        for step in recover(Path(output).parent):
            click.echo(str(step), err=True)
        _refuse_target(output, files, force)
    imported = import_files(files, kubeedge=kubeedge_version, edgemesh=edgemesh_version, kind=kind)
    problems: list[str] = []
    try:
        said = [f"intended difference: {difference}" for difference in differences(imported)]
    except InvalidInput as error:
        said = []
        problems = [f"to be put right: {imported.located(problem)}" for problem in error.problems]
    said += [f"not taken over: {note}" for note in imported.notes]
    said += [f"secret: {line}" for line in imported.logins]
    for line in (*(f"assumed: {line}" for line in imported.assumed), *said, *problems):
        click.echo(one_line(safe(line)), err=True)
    if output is None:
        click.echo(imported.text(), nl=False)
    else:
        site = {Path(output).name: File(imported.text(), mode_of(imported.values))}
        for written in write_files(Path(output).parent, site, command="generator import"):
            click.echo(str(written))
    if problems:
        raise SystemExit(1)


def _refuse_target(output: str, files: tuple[str, ...], force: bool) -> None:
    """Refuse to write over one of the files that are read, and without --force over any file."""
    from pathlib import Path

    from generator.errors import InvalidInput, plain
    from generator.io.files import is_there

    there = is_there(Path(output))
    if there and any(name != "-" and _same(output, name) for name in files):
        raise InvalidInput([plain(output, "", "is one of the files to import", "choose another name")])
    if there and not force:
        raise InvalidInput([plain(output, "", "exists already", "choose another name, or --force")])


def _same(one: str, other: str) -> bool:
    """Say whether two names are of the same file, also by a link."""
    from pathlib import Path

    try:
        return Path(one).samefile(other)
    except OSError:
        return False  # reading it will say why
