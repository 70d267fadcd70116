"""The group of all commands, and the entry point."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import click

from generator import __version__, language
from generator.cli.command import GeneratorGroup
from generator.cli.complete import ASKED
from generator.cli.help import asked_language

# The commands by name: the module in this package, and the object in it.
_COMMANDS = {
    "init": "init:init",
    "render": "render:render",
    "diff": "diff:diff",
    "graph": "graph:graph",
    "install": "install:install",
    "status": "status:status",
    "doctor": "doctor:doctor",
    "uninstall": "uninstall:uninstall",
    "check": "check:check",
    "import": "import_:import_files",
    "certs": "certs_inspect:certs",
    "explain": "explain:explain",
    "profiles": "profiles:profiles",
    "images": "images:images",
    "gitops": "gitops:gitops",
    "schema": "schema:schema",
    "charts": "charts:charts",
    "completion": "completion:completion",
}
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
        click.echo(f"generator {__version__}")
        ctx.exit()


class _Table(Mapping[str, click.Command]):
    """The commands by name; each is imported when it is used: only the help of all needs them all."""

    def __getitem__(self, name: str) -> click.Command:
        module, _, attribute = _COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(f"generator.cli.{module}"), attribute)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)


@click.group(cls=_Commands, commands=_Table(), context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Print the version."
)
def cli() -> None:
    """Render KubeEdge's cloudcore, edgecore and EdgeMesh from one values model.

    \b
    Examples:
      generator init                                   ask a few questions and write a first site.yaml
      generator render --profile mtls                  print all objects, for kubectl apply -f -
      generator render --profile mtls -f site.yaml -o build
      generator diff plain mtls -f site.yaml           show what a change does to the cluster
      generator graph -f site.yaml --format svg        draw who talks to whom, with TLS and CAs
      generator install --profile mtls -f site.yaml    install the charts in the right order
      generator status                                 show drift and expiring certificates
      generator doctor                                 find out why the endpoint does not answer
      generator check cloudcore.yaml edgecore.yaml     check existing config files
      generator import cloudcore.yaml edgecore.yaml    convert them to one site file
      generator certs issue --profile mtls -o certs    create the certificates of the profile
      generator explain CODE                           explain a code in a message
      generator profiles                               list the profiles and what they set
      generator images -f site.yaml                    list the images that the site pulls
      generator gitops --tool flux -f site.yaml --chart-source URL -o DIR
                                                       write the objects for Argo CD or Flux
      generator schema > site.schema.json              write a JSON schema for an editor
      generator charts export charts                   write the Helm charts, as folders or archives

    Exit codes: 0 done; 1 invalid input, drift or differences; 2 wrong usage, or nothing to check or compare;
    3 Helm, the cluster or a disk failed.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    _set_up_streams()
    # Almost everything here is freed without the garbage collector, so let it run rarely.
    gc.set_threshold(50_000, 20, 20)
    # Treat SIGTERM like Ctrl-C: CI systems stop a job with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    language.choose(asked_language(arguments or sys.argv[1:]) or language.of_environment(os.environ))
    if ASKED in os.environ:
        from generator.cli.completion import use_scripts

        use_scripts()
    try:
        sys.exit(cli.main(args=arguments, prog_name="generator", standalone_mode=True))
    except SystemExit as end:
        if arguments is None and isinstance(end.code, int):
            _leave(end.code)
        raise
    except Exception as error:
        import traceback

        traceback.print_exc()
        if arguments is None:
            _leave(_FAULT)
        raise SystemExit(_FAULT) from error


def _leave(code: int) -> None:
    """End the process at once: to free all its objects one by one takes as long as to load a site.

    The exit code is 3 if the last output cannot be written; Python alone would end with 120.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = _FAULT
    os._exit(code)


def _set_up_streams() -> None:
    """Write results as UTF-8 in every locale and file names unchanged; escape what stderr cannot show."""
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if stream is sys.stdout else None
            stream.reconfigure(encoding=encoding, errors=errors)
