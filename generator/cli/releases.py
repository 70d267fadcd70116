"""The options --kubeedge-version and --edgemesh-version, which several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from generator.cli.complete import VERSION
from generator.components import DEFAULT_RELEASES, EDGEMESH, KUBEEDGE
from generator.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from generator.upstream import Release

_Command = TypeVar("_Command", bound=Callable[..., Any])


def version_options(source: str = "") -> Callable[[_Command], _Command]:
    """Add both options; `source` says which release is used without them, if it is not always the same."""

    def add(command: _Command) -> _Command:
        for program, option in ((EDGEMESH, "--edgemesh-version"), (KUBEEDGE, "--kubeedge-version")):
            default = f"{source}, else {DEFAULT_RELEASES[program]}" if source else DEFAULT_RELEASES[program]
            command = click.option(
                option,
                type=VERSION[program],
                help=f"{program} release (default: {default}).",
            )(command)
        return command

    return add


def releases(
    kubeedge: str | None, edgemesh: str | None, option: str = "--kubeedge-version"
) -> tuple[Release, Release]:
    """Return both releases, or their defaults; raise InvalidInput for an unknown release."""
    from generator.upstream import Release, UnknownRelease

    wanted = {
        KUBEEDGE: (option, kubeedge or DEFAULT_RELEASES[KUBEEDGE]),
        EDGEMESH: ("--edgemesh-version", edgemesh or DEFAULT_RELEASES[EDGEMESH]),
    }
    found: list[Release] = []
    problems: list[Problem] = []
    for program, (name, version) in wanted.items():
        try:
            found.append(Release.parse(program, version))
        except UnknownRelease as error:
            problems.append(Problem(name, "", error.message))
    if problems:
        raise InvalidInput(problems)
    return found[0], found[1]
