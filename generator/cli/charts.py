"""`generator charts`."""

from __future__ import annotations

import click

from generator.cli.command import GeneratorCommand


@click.command(cls=GeneratorCommand)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file differs.")
def charts(check: bool) -> None:
    """Write the generated files of charts/ and docs/ in a checkout.

    \b
    Examples:
      generator charts           after a change of the model, the tables or the catalogue
      generator charts --check   in CI
    """
    from generator.chart_files.generate import COMMAND, update_charts
    from generator.errors import Drift

    written = update_charts(dry_run=check)
    changed = [step for step in written if step.action != "identical"]
    if check and changed:
        raise Drift((str(step.path) for step in changed), COMMAND)
    for step in changed:
        click.echo(str(step))
    click.echo(f"{len(written)} generated files, {len(changed)} changed")
