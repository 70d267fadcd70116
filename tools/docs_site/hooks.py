"""What mkdocs.yml cannot say about the site of the docs: which files are pages, and the generated pages.

Every file keeps its path in the repository, so that the same links work on a forge and in the site.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import generator
from generator.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
# The columns of the help texts.
_WIDTH = 100
# The types that the public functions return and raise.
_TYPES = (
    "generator.load.LoadedSite",
    "generator.render.site.Rendering",
    "generator.io.write.Written",
    "generator.errors.InvalidInput",
    "generator.errors.HelmError",
    "generator.errors.UnwritableOutput",
)
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)")
_DETAILS = re.compile(r"^<details>$", re.MULTILINE)
_ITEM = re.compile(r" {0,3}([-*]|\d+\.) +(?=\S)")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Replace the files of docs/ by those of the repository that are pages, or that pages link to."""
    own = [file for file in files if file.src_dir == config.docs_dir]
    for file in own:
        files.remove(file)
    pages = {f"docs/{file.src_uri}" for file in own} | {name for name in _pages(config.nav) if _exists(name)}
    for name in sorted(pages | {*_attachments(pages)}):
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    files.append(File.generated(config, "reference/commands.md", content=_commands_page()))
    files.append(File.generated(config, "reference/python.md", content=_python_page()))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Write lists and `<details>` as Python-Markdown needs them.

    It wants 4 spaces a level, and blank lines between all items or none. A forge needs only the width of the
    marker: 2 spaces below `- `, 3 below `1. `.
    """
    return _DETAILS.sub('<details markdown="1">', "\n".join(_relisted(markdown.split("\n"))))


def _relisted(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a page with its lists indented anew."""
    columns: list[int] = []  # where the content of each open item begins
    fenced = loose = blank = False
    for line in lines:
        before, blank = blank, not line.strip()
        if blank:
            loose = loose or bool(columns)
            yield line
            continue
        column = len(line) - len(line.lstrip())
        while columns and column < columns[-1] and not fenced:
            columns.pop()
        level, outer = len(columns), columns[-1] if columns else 0
        content = line[min(outer, column) :]
        item = None if fenced else _ITEM.match(content)
        if item:
            columns.append(outer + item.end())
            content = content.lstrip()
            if loose and not before:
                yield ""
        elif not columns:
            loose = False
        if content.startswith("```"):
            fenced = not fenced
        yield "    " * level + content


def _exists(name: str) -> bool:
    return (ROOT / name).is_file()


def _pages(nav: Any) -> Iterator[str]:
    """Yield the paths in a navigation."""
    if isinstance(nav, str):
        yield nav
    elif nav:
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from _pages(entry)


def _attachments(pages: Iterable[str]) -> Iterator[str]:
    """Yield the files that pages link to and that are not pages, for example a table of the generator."""
    for page in pages:
        if page.endswith(".md"):
            for link in _LINK.findall((ROOT / page).read_text("utf-8")):
                target = os.path.normpath(Path(page).parent / link)
                if not target.endswith(".md") and _exists(target):
                    yield target


def _commands_page() -> str:
    """Return the help of every command."""
    return "# Commands\n\nThe output of `--help` of every command.\n\n" + "\n".join(_help(cli, None))


def _help(command: click.Command, parent: click.Context | None) -> Iterator[str]:
    name = command.name if parent else "generator"
    context = click.Context(
        command,
        parent=parent,
        info_name=name,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        **command.context_settings,
    )
    path = context.command_path
    yield f"{'#' * min(path.count(' ') + 1, 2)}# {path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _help(inner, context)


def _python_page() -> str:
    """Return the page of the public functions; mkdocstrings replaces each `:::` by the docstring."""
    functions = [f"{getattr(generator, name).__module__}.{name}" for name in generator.__all__]
    parts = ["# Python API", generator.__doc__ or ""]
    parts += [f"::: {name}" for name in (*functions, *_TYPES)]
    return "\n\n".join(parts)
