"""`generator completion`, and the scripts with which a shell asks for completions; complete.py finds them."""

from __future__ import annotations

import os
import re

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

from generator.cli.command import GeneratorCommand
from generator.cli.complete import ASKED

# The scripts differ from those of click: the user goes on after . = : , and / without a space, and values may
# have commas, brackets and colons.
_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response type value
    COMPREPLY=()
    response=$(COMP_WORDS="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" \
%(complete_var)s=bash_complete "$1" 2>/dev/null)
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain)
                case $value in *[.=:/]) compopt -o nospace ;; esac
                case $value in *[[:space:]\\\\]*) printf -v value %%q "$value" ;; esac
                COMPREPLY+=("$value")
                ;;
        esac
    done <<< "$response"
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a ended open described response
    local type key descr
    response=("${(@f)$(COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
%(complete_var)s=zsh_complete "${words[1]}" 2>/dev/null)}")
    for type key descr in ${response}; do
        case $type in
            dir) compset -P '--*='; _path_files -/ ;;
            file) compset -P '--*='; _path_files -f ;;
            plain)
                if [[ $descr != _ ]]; then
                    described+=("$key:$descr")
                elif [[ $key == *[.=:/] ]]; then
                    open+=("$key")
                else
                    ended+=("$key")
                fi
                ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#ended )) && compadd -U -V unsorted -a ended
    (( $#open )) && compadd -U -S '' -V unsorted -a open
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = """\
function %(complete_func)s
    set -l response (env COMP_WORDS=(commandline -cp) COMP_CWORD=(commandline -t) \
%(complete_var)s=fish_complete (commandline -opc)[1] 2>/dev/null)
    for completion in $response
        set -l item (string split --max 1 "," -- $completion)
        switch $item[1]
            case dir
                __fish_complete_directories $item[2]
            case file
                __fish_complete_path $item[2]
            case plain
                echo $item[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class _WholeWord(ShellComplete):
    """Returns completions of `--option=value` with the option, as shells expect them; click leaves it out."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        found = super().get_completions(args, incomplete)
        option, equals, _ = incomplete.partition("=")
        if option.startswith("--") and equals:
            for item in found:
                # The shells complete the names of files themselves.
                if item.type == "plain":
                    item.value = f"{option}={item.value}"
        return found


class _Bash(_WholeWord, BashComplete):
    """Completes the line up to the cursor: bash's own list of words breaks them at = and :."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ["COMP_WORDS"]
        words = split_arg_string(line)
        last = "" if not words or line[-1].isspace() else words.pop()
        return words[1:], last

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        found = super().get_completions(args, incomplete)
        # bash replaces only what follows the last break; in quotes nothing breaks.
        quoted = re.search(r"""(^|\s)["'][^"']*$""", os.environ["COMP_WORDS"])
        breaks = "" if quoted else os.environ.get("COMP_WORDBREAKS", "=:")
        kept = 1 + max(incomplete.rfind(mark) if mark in breaks else -1 for mark in "=:")
        for item in found:
            item.value = item.value.removeprefix(incomplete[:kept])
        return found


class _Zsh(_WholeWord, ZshComplete):
    source_template = _ZSH


class _Fish(_WholeWord, FishComplete):
    source_template = _FISH


def use_scripts() -> None:
    """Make click use the classes of this module."""
    for shell in (_Bash, _Zsh, _Fish):
        add_completion_class(shell)


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
    use_scripts()
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(ctx.find_root().command, {}, "generator", ASKED).source(), nl=False)
