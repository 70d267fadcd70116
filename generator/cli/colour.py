"""The colours of output: one decision and one table for every command."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import click

from generator.errors import GeneratorError, InvalidInput, Problem
from generator.language import translated
from generator.secrets.safe_text import safe

_STYLES: dict[str, dict[str, Any]] = {
    "error": {"fg": "red"},
    "warning": {"fg": "yellow"},
    "note": {"fg": "cyan"},
    "added": {"fg": "green"},
    "removed": {"fg": "red"},
    "changed": {"fg": "yellow"},
    "heading": {"bold": True},
    "good": {"fg": "green"},
}


def colour_option() -> click.Option:
    """Return --color, which decides whether output has colours."""
    return click.Option(
        ("--color",),
        type=click.Choice(("auto", "always", "never")),
        default="auto",
        show_default=True,
        callback=_decide,
        expose_value=False,
        is_eager=True,
        help="Colour the text; auto: on a terminal, unless NO_COLOR is set or TERM is dumb.",
    )


def _decide(ctx: click.Context, _: click.Parameter, wanted: str) -> None:
    # click.echo removes colours according to the context; None means: unless the stream is a terminal.
    ctx.color = has_colour(wanted)


def has_colour(wanted: str) -> bool | None:
    """Return whether output has colours, None to decide for each stream by whether it is a terminal.

    The option counts first, then NO_COLOR, FORCE_COLOR and TERM.
    """
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def paint(role: str, text: str) -> str:
    """Return text in the colour of its role: a severity, a kind of change, or a heading."""
    return click.style(text, **_STYLES[role]) if text else text


def warn(warnings: Iterable[Problem]) -> None:
    """Print warnings to standard error."""
    for warning in warnings:
        label = translated("words", "warning:")
        click.echo(f"{paint('warning', label)} {warning.text(paint)}", err=True)


def print_error(error: GeneratorError) -> None:
    """Print an error to standard error, without secrets."""
    if not isinstance(error, InvalidInput):
        click.echo(safe(str(error)), err=True)
        return
    warn(error.warnings)
    for problem in error.problems:
        click.echo(problem.text(paint), err=True)
    click.echo(error.conclusion, err=True)
