"""Whether output has colours: one decision for every command."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def colour_option(command: _Command) -> _Command:
    """Add --color, which decides whether what is shown has colours."""
    option = click.option(
        "--color",
        type=click.Choice(("auto", "always", "never")),
        default="auto",
        show_default=True,
        callback=_decide,
        expose_value=False,
        help="Colour the text; auto: on a terminal, unless NO_COLOR is set or TERM is dumb.",
    )
    return option(command)


def _decide(ctx: click.Context, _: click.Parameter, wanted: str) -> None:
    # Click takes the colours out of all that is printed in a context without.
    ctx.color = has_colour(wanted)


def has_colour(wanted: str) -> bool:
    """Say whether output has colours; the option wins, then NO_COLOR, FORCE_COLOR, TERM and the terminal."""
    if wanted != "auto":
        return wanted == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return os.environ.get("TERM") != "dumb" and sys.stdout is not None and sys.stdout.isatty()
