"""Results go to standard output through here."""

from __future__ import annotations

import click

from generator.errors import UnwritableOutput


def show(text: str, *, nl: bool = True) -> None:
    """Print a result; raise UnwritableOutput where it cannot be written, a full disk for example."""
    try:
        click.echo(text, nl=nl)
    except BrokenPipeError:
        raise  # Click ends the process quietly
    except OSError as error:
        raise UnwritableOutput("standard output", error.strerror or str(error)) from None
