"""`generator explain`."""

from __future__ import annotations

import click

from generator.cli.command import GeneratorCommand
from generator.cli.complete import CODE


@click.command(cls=GeneratorCommand)
@click.argument("code", required=False, type=CODE)
def explain(code: str | None) -> None:
    """Explain a code in a message: its cause, fix and releases.

    \b
    Examples:
      generator explain cluster-dns-differs
      generator explain                       list all codes
    """
    from generator.catalogue import catalogue, find
    from generator.catalogue.page import terminal
    from generator.cli.result import show
    from generator.model.rules import conditions_of

    if code is None:
        show("\n".join(f"{name}: {find(name).means}" for name in catalogue()))
        return
    name = code.strip("[]")
    if name not in catalogue():
        raise click.BadParameter(_unknown(code), param_hint="CODE")
    show(terminal(find(name), conditions_of(name)))


def _unknown(code: str) -> str:
    from difflib import get_close_matches

    from generator.catalogue import catalogue

    near = get_close_matches(code, catalogue(), n=3)
    return f"unknown code {code}" + (f" (did you mean {' or '.join(near)}?)" if near else "")
