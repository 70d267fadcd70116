"""`generator completion`."""

from __future__ import annotations

import click

from generator.cli.command import GeneratorCommand


@click.command(cls=GeneratorCommand)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      generator completion fish > ~/.config/fish/completions/generator.fish
      eval "$(generator completion bash)"      in ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(ctx.find_root().command, {}, "generator", "_GENERATOR_COMPLETE").source())
