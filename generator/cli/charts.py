"""`generator charts` and `generator charts export`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from generator.cli.colour import warn
from generator.cli.command import GeneratorCommandGroup
from generator.cli.complete import DIR
from generator.cli.options import format_option
from generator.cli.result import named, show

if TYPE_CHECKING:
    from pathlib import Path

    from generator.io.write import Written

FORMATS = ("folder", "tgz")


@click.group(cls=GeneratorCommandGroup, invoke_without_command=True)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file differs.")
@click.option("--path", is_flag=True, help="Print the folder of the charts, and write nothing.")
@click.pass_context
def charts(ctx: click.Context, check: bool, path: bool) -> None:
    """Write the generated files of charts/ and docs/ in a checkout.

    \b
    Examples:
      generator charts              after a change of the model, the tables or the catalogue
      generator charts --check      in CI
      generator charts export DIR   write the charts for others, from a checkout or the wheel
      helm install edgemesh "$(generator charts --path)/edgemesh" --namespace kubeedge
    """
    given = [name for name, value in (("--check", check), ("--path", path)) if value]
    if ctx.invoked_subcommand:
        if given:
            raise click.UsageError(f"{given[0]} is not an option of {ctx.invoked_subcommand}")
        return
    if len(given) > 1:
        raise click.UsageError("give --check or --path, not both")
    if path:
        from generator import locations

        show(str(locations.CHARTS))
        return

    from generator.chart_files.generate import COMMAND, update_charts
    from generator.errors import Drift

    written = update_charts(dry_run=check)
    changed = [step for step in written if step.action != "identical"]
    if check and changed:
        raise Drift((str(step.path) for step in changed), COMMAND)
    for step in changed:
        click.echo(str(step))
    click.echo(f"{len(written)} generated files, {len(changed)} changed")


@charts.command(
    epilog="The archives have the same bytes on every machine. `created` in index.yaml is 2020-02-02, or the "
    "time in the environment variable SOURCE_DATE_EPOCH (seconds since 1970). docs/publish.md has the next "
    "steps: registries, signatures, Artifact Hub.",
)
@click.argument("folder", type=DIR, metavar="DIR", callback=named)
@format_option(*FORMATS, text="A folder for each chart, or archives with an index.yaml.")
@click.option(
    "--url",
    metavar="URL",
    help="With tgz: address of the archives, for index.yaml (default: its own folder).",
)
@click.option("--force", is_flag=True, help="Overwrite files, and remove files that the charts do not have.")
@click.option("--dry-run", is_flag=True, help="List the changes, write nothing.")
def export(folder: str, form: str, url: str | None, force: bool, dry_run: bool) -> None:
    """Write the charts as folders, or as archives for a Helm repository.

    \b
    Examples:
      generator charts export build/charts
      generator charts export build/repository --format tgz --url https://charts.example.com/kubeedge
    """
    if url is not None and form != "tgz":
        raise click.UsageError("--url needs --format tgz: only archives have an index.yaml")

    import os
    from pathlib import Path

    from generator.io.files import is_folder
    from generator.io.write import recover
    from generator.publish import SOURCE_DATE, export_charts

    target = Path(folder)
    for step in recover(target) if is_folder(target) and not dry_run else ():
        show(str(step))
    source_date = os.environ.get(SOURCE_DATE) if form == "tgz" else None
    done = export_charts(target, form, url=url, source_date=source_date, force=force, dry_run=dry_run)
    for line in _lines(target, done.written) if form == "folder" else map(str, done.written):
        show(line)
    warn(done.warnings)


def _lines(folder: Path, written: tuple[Written, ...]) -> Iterator[str]:
    """Yield one line for each chart and action, because a chart has more than a hundred files."""
    from generator.errors import count

    counts = Counter(
        replace(step, path=folder.joinpath(*step.path.relative_to(folder).parts[:1])) for step in written
    )
    yield from (f"{step}: {count(number, 'file')}" for step, number in counts.items())
