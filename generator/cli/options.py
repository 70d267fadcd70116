"""Options that several commands share: where the values come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

PROFILES = ("plain", "one-way", "one-way-verified", "mtls")
CHARTS = ("cloudcore", "edgecore", "edgemesh")
ENGINES = ("auto", "embedded", "helm")


def many(*names: str, **more: Any) -> Callable[[_Command], _Command]:
    """Make an option that may be repeated."""
    return click.option(*names, multiple=True, **more)


def _all_or_once(_: click.Context, __: click.Parameter, charts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(charts)) or CHARTS


charts_option = many(
    "--chart",
    "charts",
    type=click.Choice(CHARTS),
    callback=_all_or_once,
    help="Only this chart; may be repeated.",
)


def values_options(command: _Command) -> _Command:
    """Add what says which values are meant: --profile, -f, and Helm's --set flags."""
    options = (
        click.option("--profile", type=click.Choice(PROFILES), help="How clients reach the endpoint."),
        many(
            "-f",
            "--values",
            "files",
            metavar="FILE",
            help="Values file; later ones win; - is standard input.",
        ),
        many("--set", "set_plain", metavar="K=V", help="Set a value, as Helm does."),
        many("--set-string", metavar="K=V", help="Set a value that stays a string."),
        many("--set-file", metavar="K=FILE", help="Set a value to the text of a file."),
        many("--set-json", metavar="K=JSON", help="Set a value to a piece of JSON."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def flags(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the --set flags among a command's parameters, by the names that the loader gives them."""
    return {
        "set": values["set_plain"],
        "set_string": values["set_string"],
        "set_file": values["set_file"],
        "set_json": values["set_json"],
    }
