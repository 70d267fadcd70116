"""Prints results to standard output, and checks the name of an output folder."""

from __future__ import annotations

import sys

import click

from generator.errors import UnwritableOutput


def show(text: str, *, nl: bool = True) -> None:
    """Print a result; raise UnwritableOutput if the output is closed or the disk full."""
    if sys.stdout is None:
        raise UnwritableOutput("standard output", "it is closed")
    try:
        click.echo(text, nl=nl)
    except BrokenPipeError:
        raise  # the group of commands ends the process quietly
    except OSError as error:
        raise UnwritableOutput("standard output", error.strerror or str(error)) from None


def named(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Reject an empty folder name: it is probably an unset shell variable, and means the current folder."""
    if value == "":
        raise click.BadParameter("names no folder (use . for the current folder)")
    return value
