"""`generator charts`."""

from __future__ import annotations

import click

from generator.cli.command import GeneratorCommand
from generator.cli.result import show


@click.command(cls=GeneratorCommand)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file differs.")
@click.option("--path", is_flag=True, help="Print the folder of the charts, and write nothing.")
def charts(check: bool, path: bool) -> None:
    """Write the generated files of charts/ and docs/ in a checkout.

    \b
    Examples:
      generator charts           after a change of the model, the tables or the catalogue
      generator charts --check   in CI
      helm install edgemesh "$(generator charts --path)/edgemesh" --namespace kubeedge
    """
    if check and path:
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
