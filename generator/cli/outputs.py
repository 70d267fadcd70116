"""The option --output FORMAT=FILE, with which a report is also written to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from generator.cli.complete import output_of
from generator.cli.options import many

_Command = TypeVar("_Command", bound=Callable[..., Any])


def outputs_option(formats: tuple[str, ...]) -> Callable[[_Command], _Command]:
    """Return --output; its value maps each file to its format."""

    def files(_: click.Context, __: click.Parameter, outputs: tuple[str, ...]) -> dict[str, str]:
        found: dict[str, str] = {}
        for text in outputs:
            form, _sign, name = text.partition("=")
            if form not in formats or not name:
                what = f"{text} is not FORMAT=FILE with one of {', '.join(formats)}"
                raise click.BadParameter(what, param_hint="--output")
            found[name] = form
        return found

    return many(
        "-o",
        "--output",
        "outputs",
        type=output_of(formats),
        callback=files,
        help="Also write this format to a file.",
    )


def write_outputs(files: Mapping[str, str], written: Callable[[str], str], command: str) -> None:
    """Write a report to files; `written` returns it in a format."""
    if not files:
        return
    from pathlib import Path

    from generator.io.write import FINISHED, REVERTED, File, write_files

    folders: dict[Path, dict[str, File]] = {}
    for name, form in files.items():
        folders.setdefault(Path(name).parent, {})[Path(name).name] = File(written(form))
    for folder, texts in folders.items():
        for step in write_files(folder, texts, command=command):
            if step.action in (FINISHED, REVERTED):
                click.echo(str(step), err=True)
