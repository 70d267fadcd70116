"""Asks questions on a terminal: shows the default, and asks again with the reason after a bad answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from generator.cli.colour import paint, warn
from generator.errors import InvalidInput, Problem
from generator.language import translated

if TYPE_CHECKING:
    from generator.init import Interview, Question


def ask(interview: Interview, question: Question) -> None:
    """Ask until an answer is accepted; raise KeyboardInterrupt if the user or the terminal leaves."""
    for line in question.choices(interview.answers):
        click.echo(translated("words", line), err=True)
    default = interview.default(question)
    while True:
        try:
            warnings = interview.give(question, _line(question.prompt, default or ""))
        except InvalidInput as error:
            for problem in error.problems:
                click.echo(_unplaced(problem).text(paint), err=True)
        else:
            warn(map(_unplaced, warnings))
            return


def _line(text: str, default: str) -> str:
    from generator.catalogue.message import say

    try:
        answer: str = click.prompt(text, default=default, show_default=bool(default), err=True)
    except click.Abort:
        click.echo(err=True)
        raise KeyboardInterrupt from None
    except UnicodeDecodeError:
        raise InvalidInput([Problem("", "", say("not-utf8", "flag"))]) from None
    return answer


def _unplaced(problem: Problem) -> Problem:
    """Return a problem without its place: the user sees the question above it."""
    return replace(problem, where="")
