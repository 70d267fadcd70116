"""The group of commands, and the one mapping of errors to exit codes."""

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
from generator.cli.completion import completion
from generator.cli.diff import diff
from generator.cli.explain import explain
from generator.cli.import_ import import_files
from generator.cli.install import install
from generator.cli.profiles import profiles
from generator.cli.render import render
from generator.cli.schema import schema
from generator.cli.status import status
from generator.cli.uninstall import uninstall
from generator.errors import GeneratorError
from generator.secrets.safe_text import safe

# A fault of our own. Not 1, which says that something was found.
_FAULT = 3


class _Group(click.Group):
    """Turns errors of the package into one message on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except GeneratorError as error:
            click.echo(safe(str(error)), err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(_FAULT)
        except BrokenPipeError:
            # Nobody reads on; Python would complain of it once more when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(_FAULT)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"generator {version('kubeedge-generator')}")
        ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Say the version."
)
def cli() -> None:
    """Render KubeEdge's cloudcore, edgecore and EdgeMesh from one values model.

    \b
    generator render --profile mtls                     everything, ready for kubectl apply -f -
    generator render --profile mtls -f site.yaml -o build
    generator diff plain mtls -f site.yaml              what a change does to the cluster
    generator install --profile mtls -f site.yaml       the charts in a cluster, in the right order
    generator status                                    how they are there: drift, certificates
    generator check cloudcore.yaml edgecore.yaml        what existing files amount to
    generator import cloudcore.yaml edgecore.yaml       the same as one site file
    generator certs issue --profile mtls -o certs       the certificates that it needs
    generator explain CODE                              what a code in a message means
    generator profiles                                  what each profile is and sets
    generator schema > site.schema.json                 for an editor

    Exit codes: 0 done; 1 invalid input, drift or differences; 2 usage; 3 Helm, the cluster or a disk failed.
    """


_COMMANDS = (
    render,
    diff,
    install,
    status,
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
    """Run the command line; leaves the process with an exit code."""
    _set_up_streams()
    # CI systems stop a job with SIGTERM; what Ctrl-C undoes must be undone then too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(cli.main(args=arguments, prog_name="generator", standalone_mode=True))
    except Exception as error:
        import traceback

        traceback.print_exc()
        raise SystemExit(_FAULT) from error


def _set_up_streams() -> None:
    """Write results as UTF-8 in every locale, file names byte for byte; escape what stderr cannot show."""
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if stream is sys.stdout else None
            stream.reconfigure(encoding=encoding, errors=errors)
