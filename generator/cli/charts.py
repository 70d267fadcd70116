"""`generator charts`."""

from __future__ import annotations

import click


@click.command(short_help="Write or check the generated files of charts/.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file differs.")
def charts(check: bool) -> None:
    """Write the generated files of charts/ (in a checkout), or check them.

    \b
    generator charts           after a change of the model, values/ or the field table
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
