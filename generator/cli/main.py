"""The group of all commands, and the entry point."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import click

from generator.cli import certs_inspect
from generator.cli.charts import charts
from generator.cli.check import check
from generator.cli.command import GeneratorGroup
from generator.cli.completion import completion
from generator.cli.diff import diff
from generator.cli.doctor import doctor
from generator.cli.explain import explain
from generator.cli.import_ import import_files
from generator.cli.install import install
from generator.cli.profiles import profiles
from generator.cli.render import render
from generator.cli.schema import schema
from generator.cli.status import status
from generator.cli.uninstall import uninstall

# The exit code of an interruption and of our own bugs. 1 would mean that something was found.
_FAULT = 3


class _Commands(GeneratorGroup):
    """The group of all commands; ends quietly when the user or the reader of the output leaves."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(_FAULT)
        except BrokenPipeError:
            # The reader closed the pipe. Without this, Python prints another error when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(_FAULT)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"generator {version('kubeedge-generator')}")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Print the version."
)
def cli() -> None:
    """Render KubeEdge's cloudcore, edgecore and EdgeMesh from one values model.

    \b
    Examples:
      generator render --profile mtls                  print all objects, for kubectl apply -f -
      generator render --profile mtls -f site.yaml -o build
      generator diff plain mtls -f site.yaml           show what a change does to the cluster
      generator install --profile mtls -f site.yaml    install the charts in the right order
      generator status                                 show drift and expiring certificates
      generator doctor                                 find out why the endpoint does not answer
      generator check cloudcore.yaml edgecore.yaml     check existing config files
      generator import cloudcore.yaml edgecore.yaml    convert them to one site file
      generator certs issue --profile mtls -o certs    create the certificates of the profile
      generator explain CODE                           explain a code in a message
      generator profiles                               list the profiles and what they set
      generator schema > site.schema.json              write a JSON schema for an editor

    Exit codes: 0 done; 1 invalid input, drift or differences; 2 wrong usage, or nothing to check or compare;
    3 Helm, the cluster or a disk failed.
    """


_COMMANDS = (
    render,
    diff,
    install,
    status,
    doctor,
    uninstall,
    check,
    import_files,
    certs_inspect.certs,
    explain,
    profiles,
    schema,
    charts,
    completion,
)
for command in _COMMANDS:
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    _set_up_streams()
    # Treat SIGTERM like Ctrl-C: CI systems stop a job with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(cli.main(args=arguments, prog_name="generator", standalone_mode=True))
    except Exception as error:
        import traceback

        traceback.print_exc()
        raise SystemExit(_FAULT) from error


def _set_up_streams() -> None:
    """Write results as UTF-8 in every locale and file names unchanged; escape what stderr cannot show."""
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if stream is sys.stdout else None
            stream.reconfigure(encoding=encoding, errors=errors)
