"""The progress line: what a long command does now, as the last line of a terminal.

It is written to standard error and removed at the end. `rich` draws it, and is imported only then.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

import click

from generator.cli.options import QUIET
from generator.errors import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.live import Live
    from rich.spinner import Spinner
    from rich.table import Table

# A command that ends earlier shows nothing.
DELAY_SECONDS = 1.5
_PER_SECOND = 5
_BAR_WIDTH = 24


@contextmanager
def progress(what: str, *, delay: float = DELAY_SECONDS) -> Iterator[ProgressLine]:
    """Yield the progress line of a command, which begins with `what` and is shown after `delay` seconds.

    It is not shown in CI, with --quiet, if standard error is not a terminal, or while the user types input.
    """
    line = ProgressLine(what)
    if _is_wanted():
        line.start(delay)
    try:
        yield line
    finally:
        line.end()


def _is_wanted() -> bool:
    if sys.stderr is None or not sys.stderr.isatty():
        return False
    if os.environ.get("TERM") == "dumb" or os.environ.get("CI", "") not in ("", "0", "false"):
        return False
    context = click.get_current_context(silent=True)
    return context is None or not (context.meta.get(QUIET) or _reads_keyboard(context))


def _reads_keyboard(context: click.Context) -> bool:
    """Return whether a command reads standard input, and that is the terminal."""
    files = context.params.get("files") or ()
    names = (*files, context.params.get("before"), context.params.get("after"))
    return "-" in names and sys.stdin is not None and sys.stdin.isatty()


class ProgressLine:
    """The line: a Progress to call at every step. A timer shows it, then a thread of `rich` redraws it."""

    def __init__(self, what: str) -> None:
        self._now = (what, 0, 0)
        self._began = time.monotonic()
        context = click.get_current_context(silent=True)
        # With None, `rich` reads NO_COLOR itself.
        self._no_color = True if context is not None and context.color is False else None
        self._lock = Lock()
        self._timer: Timer | None = None
        self._live: Live | None = None

    def __call__(self, what: str, number: int = 0, total: int = 0) -> None:
        """Report a step; the next drawing shows it."""
        self._now = (what, number, total)

    def say(self, text: str) -> None:
        """Print a message to standard error, above the line."""
        with self._lock:
            if self._live:
                self._live.stop()
            click.echo(text, err=True)
            if self._live:
                self._live.start()

    def start(self, delay: float) -> None:
        """Show the line after `delay` seconds."""
        self._timer = Timer(delay, self._show)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """Remove the line; it does not appear again."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            if self._live:
                self._live.stop()
            self._timer = self._live = None

    def _show(self) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.spinner import Spinner

        with self._lock:
            if self._timer is None:
                return
            console = Console(file=sys.stderr, no_color=self._no_color)
            # Braille needs UTF-8.
            spinner = Spinner("dots" if console.encoding.startswith("utf") else "line")
            # A message is printed by say(), so the standard streams stay as they are.
            live = Live(
                get_renderable=lambda: self._drawn(spinner),
                console=console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
                refresh_per_second=_PER_SECOND,
            )
            if console.is_interactive:
                live.start()
                self._live = live

    def _drawn(self, spinner: Spinner) -> Table:
        """Return the line: spinner, what, perhaps a bar with numbers, and the seconds since the start."""
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        what, number, total = self._now
        parts: list[RenderableType] = [spinner, Text(one_line(what), no_wrap=True, overflow="ellipsis")]
        if total:
            # The part with this number has begun, and is not done.
            parts += [ProgressBar(total, number - 1, _BAR_WIDTH), Text(f"{number}/{total}", no_wrap=True)]
        parts.append(Text(f"{time.monotonic() - self._began:.0f} s", no_wrap=True))
        line = Table.grid(padding=(0, 1))
        line.add_row(*parts)
        return line
