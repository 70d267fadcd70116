"""The class of every command: its help in groups of options, its colours, and its errors with exit codes."""

from __future__ import annotations

from typing import Any

import click

from generator.cli.colour import colour_option, print_error
from generator.cli.help import TranslatedCommand, language_option
from generator.errors import GeneratorError, InvalidInput

# The groups of options in --help, in their order, with the names of the parameters. Others come first.
_GROUPS = {
    "Values": ("profile", "files", "set_plain", "set_string", "set_file", "set_json", "charts"),
    "Releases of the programs": ("kubeedge_version", "edgemesh_version", "target_version"),
    "Helm and cluster": (
        "engine",
        "release",
        "with_namespace",
        "namespace",
        "from_cluster",
        "cluster",
        "kubeconfig",
        "kube_context",
        "context",
        "timeout",
        "no_wait",
        "rollback_on_failure",
        "take_ownership",
    ),
    "CA and signing": (
        "signer",
        "ca_cert",
        "ca_key",
        "ca_password_file",
        "new_ca_cert",
        "new_ca_key",
        "issuer",
        "issuer_kind",
        "apply",
        "approve",
        "wait",
    ),
    "Keys and certificates": ("key_type", "days", "ca_days", "nodes"),
    "Output": (
        "output",
        "outputs",
        "form",
        "url",
        "arch",
        "as_json",
        "print_secrets",
        "fail_on",
        "force",
        "fix",
        "dry_run",
        "yes",
        "quiet",
        "color",
        "lang",
    ),
}
_GROUP = {name: title for title, names in _GROUPS.items() for name in names}
# Parameters that make a command write files, and commands that change a cluster.
_WRITES = ("output", "outputs", "folder", "fix")
_CHANGE_CLUSTER = ("install", "uninstall")


class GeneratorCommand(TranslatedCommand):
    """A command with --color and --lang, grouped options, and one message and exit code for each error."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.params += [colour_option(), language_option()]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; print an error of this package and end with its exit code."""
        try:
            return super().invoke(ctx)
        except GeneratorError as error:
            if isinstance(error, InvalidInput):
                error.end = conclusion(ctx)
            print_error(error)
            ctx.exit(error.exit_code)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in groups."""
        groups: dict[str, list[tuple[str, str]]] = {title: [] for title in ("Options", *_GROUPS)}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record:
                groups[_group_of(param)].append(record)
        for title, records in groups.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


def _group_of(param: click.Parameter) -> str:
    return "Output" if "--help" in param.opts else _GROUP.get(param.name or "", "Options")


class GeneratorCommandGroup(GeneratorCommand, click.Group):
    """A command that can also run without one of its subcommands."""

    command_class = GeneratorCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in groups, then the subcommands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


class GeneratorGroup(TranslatedCommand, click.Group):
    """A group of such commands."""

    command_class = GeneratorCommand

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.params.append(language_option())


def conclusion(ctx: click.Context) -> str:
    """Return what a command has not done because of its invalid input; `found` if it only reads."""
    params = ctx.params
    if params.get("dry_run"):
        return "found"
    if ctx.command.name in _CHANGE_CLUSTER:
        return "nothing was changed"
    return "nothing was written" if any(params.get(name) for name in _WRITES) else "found"
