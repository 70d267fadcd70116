"""The text of --help in the language in use, and the option --lang."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from inspect import cleandoc
from itertools import pairwise

import click

from generator.language import LANGUAGES, translated
from generator.patterns import pattern
from generator.wide import fitted, is_wide

# What click adds to the text of an option.
_EXTRA = pattern(r"(?P<text>.*?)(?:  \[(?P<extra>[^\[\]]*)\])?", re.DOTALL)
_COLUMN, _SPACING = 30, 2


class HelpFormatter(click.HelpFormatter):
    """Writes help in the language in use; Chinese lines end where the column does."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, prefix or f"{translated('words', 'Usage')}: ")

    def write_heading(self, heading: str) -> None:
        """Write the title of a group of options or commands."""
        super().write_heading(translated("words", heading))

    def write_text(self, text: str) -> None:
        """Write the help of a command, or its last paragraph."""
        columns = self.width - self.current_indent
        super().write_text(_fitted(translated("help", text), columns))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _COLUMN, col_spacing: int = _SPACING
    ) -> None:
        """Write options or commands with their help."""
        found = list(rows)
        first = min(max((len(name) for name, _ in found), default=0), col_max) + col_spacing
        columns = max(self.width - first - 2, 10)
        shown = [(name, _fitted(_option_help(text), columns)) for name, text in found]
        super().write_dl(shown, col_max, col_spacing)


class HelpContext(click.Context):
    """A context whose help is in the language in use."""

    formatter_class = HelpFormatter


class TranslatedCommand(click.Command):
    """A command with help in the language in use, and --lang."""

    context_class = HelpContext

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help, for lists of commands."""
        text = translated("help", cleandoc(self.help or ""))
        return text.partition("\n")[0].rstrip("。") if is_wide(text) else super().get_short_help_str(limit)


def language_option() -> click.Option:
    """Return --lang, which `generator.cli.main` reads before the other options."""
    return click.Option(
        ("--lang",),
        type=click.Choice(LANGUAGES),
        expose_value=False,
        is_eager=True,
        help="Language of help, messages and descriptions (default: that of the locale if it is Chinese, "
        "else English).",
    )


def asked_language(arguments: Sequence[str]) -> str | None:
    """Return the last language that --lang in a command line names, None if there is none."""
    found = [right for left, right in pairwise(arguments) if left == "--lang"]
    found += [one.removeprefix("--lang=") for one in arguments if one.startswith("--lang=")]
    return next((one for one in reversed(found) if one in LANGUAGES), None)


def _option_help(text: str) -> str:
    match = _EXTRA.fullmatch(text)
    if not match or match["extra"] is None:
        # Click has a text of its own, about --help.
        return translated("words", translated("help", text))
    name, colon, value = match["extra"].partition(": ")
    return f"{translated('help', match['text'])}  [{translated('words', name)}{colon}{value}]"


def _fitted(text: str, columns: int) -> str:
    r"""Break the paragraphs of a wide text into lines; \b keeps click from joining them again."""
    if not is_wide(text):
        return text
    paragraphs = (
        part if part.startswith("\b\n") else "\n".join(["\b", *fitted(part, columns)])
        for part in text.split("\n\n")
    )
    return "\n\n".join(paragraphs)
