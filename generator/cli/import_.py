"""`generator import`."""

from __future__ import annotations

import click


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("-o", "--output", metavar="SITE", help="Write the site file here instead of printing it.")
@click.option("--kubeedge-version", metavar="V", help="Release of KubeEdge (default: what the files say).")
@click.option("--edgemesh-version", metavar="V", help="Release of EdgeMesh (default: what the files say).")
@click.option("--force", is_flag=True, help="Replace an existing site file.")
def import_files(
    files: tuple[str, ...],
    output: str | None,
    kubeedge_version: str | None,
    edgemesh_version: str | None,
    force: bool,
) -> None:
    r"""Turn existing config and values files into one site file.

    \b
    generator import cloudcore.yaml edgecore.yaml edgemesh-agent.yaml -o values/site.yaml
    helm get values edgemesh -n kubeedge -o yaml | generator import -
    helm get manifest cloudcore -n kubeedge | generator import - -o site.yaml
    """
    from pathlib import Path

    from generator.cli.releases import releases
    from generator.errors import InvalidInput, Problem
    from generator.importer import differences, import_files
    from generator.write import File, write_files

    releases(kubeedge_version, edgemesh_version)
    if output and Path(output).exists() and not force:
        raise InvalidInput([Problem(output, "", "exists already", "choose another name, or --force")])
    imported = import_files(files, kubeedge=kubeedge_version, edgemesh=edgemesh_version)
    try:
        changed = differences(imported)
    except InvalidInput as error:
        changed = []
        for problem in error.problems:
            click.echo(f"to be put right: {problem.key}: {problem.what} ({problem.fix})", err=True)
    for assumed in imported.assumed:
        click.echo(f"assumed: {assumed}", err=True)
    for note in imported.notes:
        click.echo(f"not taken over: {note}", err=True)
    for difference in changed:
        click.echo(f"intended difference: {difference}", err=True)
    if output is None:
        click.echo(imported.text(), nl=False)
    else:
        for written in write_files(Path(output).parent, {Path(output).name: File(imported.text())}):
            click.echo(str(written))
