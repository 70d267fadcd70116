"""Where results go: standard output, or a folder that has a name."""

from __future__ import annotations

import sys

import click

from generator.errors import UnwritableOutput


def show(text: str, *, nl: bool = True) -> None:
    """Print a result; raise UnwritableOutput where it cannot be written, a full disk for example."""
    if sys.stdout is None:
        raise UnwritableOutput("standard output", "it is closed")
    try:
        click.echo(text, nl=nl)
    except BrokenPipeError:
        raise  # Click ends the process quietly
    except OSError as error:
        raise UnwritableOutput("standard output", error.strerror or str(error)) from None


def named(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty name of a folder, which would be the current one: an unset variable's."""
    if value == "":
        raise click.BadParameter("names no folder (. is the current one)")
    return value
