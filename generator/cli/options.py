"""The options that several commands share: values, --set flags, charts."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from generator.cli.complete import FILE, SETTING
from generator.components import CHARTS

_Command = TypeVar("_Command", bound=Callable[..., Any])

PROFILES = ("plain", "one-way", "one-way-verified", "mtls")
ENGINES = ("auto", "embedded", "helm")
# The place of --quiet in the `meta` of the context.
QUIET = "generator.quiet"


def many(*names: str, **more: Any) -> Callable[[_Command], _Command]:
    """Return an option that may be repeated."""
    return click.option(*names, multiple=True, **more)


def _all_or_once(_: click.Context, __: click.Parameter, charts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(charts)) or CHARTS


charts_option = many(
    "--chart",
    "charts",
    type=click.Choice(CHARTS),
    callback=_all_or_once,
    help="Use only this chart; may be repeated (default: all).",
)


def namespace_option(text: str) -> Callable[[_Command], _Command]:
    """Return --namespace with its help."""
    return click.option("--namespace", metavar="NS", default="kubeedge", show_default=True, help=text)


def format_option(*forms: str, text: str = "Format of the report.") -> Callable[[_Command], _Command]:
    """Return the option --format, by default the first format."""
    choice = click.Choice(forms)
    return click.option("--format", "form", type=choice, default=forms[0], show_default=True, help=text)


def profile_option(command: _Command) -> _Command:
    """Add --profile."""
    text = "TLS and authentication of the endpoint; see `generator profiles`."
    return click.option("--profile", type=click.Choice(PROFILES), help=text)(command)


def values_options(command: _Command) -> _Command:
    """Add --profile, -f, and Helm's --set flags."""
    options = (
        profile_option,
        many(
            "-f",
            "--values",
            "files",
            type=FILE,
            help="Values file, - for standard input; later files override.",
        ),
        many("--set", "set_plain", type=SETTING, help="Set a value, as Helm does."),
        many("--set-string", type=SETTING, help="Set a value as a string."),
        many("--set-file", type=SETTING, metavar="K=FILE", help="Set a value to the content of a file."),
        many("--set-json", type=SETTING, metavar="K=JSON", help="Set a value to JSON."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _be_quiet(ctx: click.Context, _: click.Parameter, quiet: bool) -> None:
    ctx.meta[QUIET] = quiet


quiet_option = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=_be_quiet,
    help="Show no progress line; all results and messages are still printed.",
)


def flags(values: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the --set flags of a command by the names of load_site."""
    return {
        "set": values["set_plain"],
        "set_string": values["set_string"],
        "set_file": values["set_file"],
        "set_json": values["set_json"],
    }


def typed(values: Mapping[str, Any], *more: str) -> str:
    """Return the flags of the site as the user typed them, and more flags such as set_file."""
    words = [f"--profile {values['profile']}"] if values["profile"] else []
    words += [f"-f {shlex.quote(name)}" for name in values["files"]]
    for name in ("set_plain", "set_string", *more):
        flag = "--" + name.removesuffix("_plain").replace("_", "-")
        words += [f"{flag} {shlex.quote(text)}" for text in values[name]]
    return "".join(f" {word}" for word in words)
