"""The progress line of long commands, on a fake terminal."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import click
import pytest

from generator.check.report import check_files
from generator.cli.main import cli
from generator.cli.options import quiet_option
from generator.cli.progress import ProgressLine, progress
from generator.diff.recipes import Recipe
from generator.diff.scenarios import compare_base
from tests.cli.conftest import Run
from tests.diff.test_sites import SITE, commit, put

COMMANDS = ("render", "diff", "install", "status", "check", "images", "gitops")
SHOW, REMOVE = "\x1b[?25l", "\x1b[?25h\r\x1b[1A\x1b[2K"


class Terminal(io.StringIO):
    """Standard error as a terminal that keeps everything that is written to it."""

    encoding = "utf-8"
    is_terminal = True

    def isatty(self) -> bool:
        return self.is_terminal

    def wait_for(self, pattern: str) -> None:
        """Return when a text that matches was written; fail after 30 s."""
        until = time.monotonic() + 30
        while not re.search(pattern, self.getvalue()):
            assert time.monotonic() < until, f"{pattern!r} is not in {self.getvalue()!r}"
            time.sleep(0.01)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal for `line_on`, in an environment without CI."""
    for name in ("CI", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal()


@contextmanager
def line_on(
    terminal: Terminal | None, what: str = "reading files", delay: float = 0
) -> Iterator[ProgressLine]:
    """Yield a line with a terminal as standard error; pytest sets sys.stderr after the fixtures."""
    with redirect_stderr(terminal), progress(what, delay=delay) as line:
        yield line


def is_hidden(terminal: Terminal | None) -> bool:
    """Return whether a line never appears."""
    with line_on(terminal) as line:
        line("checking files", 1, 2)
        # Without a timer nothing can appear later.
        return line._timer is None


def interrupt(terminal: Terminal) -> None:
    """Interrupt a command once the line is shown."""
    with line_on(terminal):
        terminal.wait_for(" reading files ")
        raise KeyboardInterrupt


def test_the_line_has_the_step_its_number_and_the_seconds_and_is_removed(terminal: Terminal) -> None:
    with line_on(terminal) as line:
        terminal.wait_for(r" reading files \d+ s")
        line("checking files", 3, 500)
        terminal.wait_for(" checking files ")
        terminal.wait_for(" 3/500 ")
        assert not terminal.getvalue().endswith(REMOVE)
    text = terminal.getvalue()
    assert text.startswith(SHOW)
    assert text.endswith(REMOVE)


def test_a_command_that_ends_before_the_delay_writes_nothing(terminal: Terminal) -> None:
    with line_on(terminal, delay=60) as line:
        assert line._timer is not None
        timer = line._timer
    timer.join(30)
    assert not timer.is_alive()
    assert terminal.getvalue() == ""


def test_a_timer_that_fires_at_the_end_shows_nothing(terminal: Terminal) -> None:
    with redirect_stderr(terminal):
        line = ProgressLine("reading files")
        line.end()
        line._show()
    assert terminal.getvalue() == ""


def test_the_line_is_removed_before_an_error_is_printed(terminal: Terminal) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt(terminal)
    assert terminal.getvalue().endswith(REMOVE)


def test_a_message_is_printed_above_the_line(terminal: Terminal) -> None:
    with line_on(terminal, "waiting") as line:
        terminal.wait_for(" waiting ")
        line.say("[1/3] cloudcore: install")
        terminal.wait_for(re.escape(f"{REMOVE}[1/3] cloudcore: install\n{SHOW}"))


def test_a_message_is_printed_unchanged_without_the_line(terminal: Terminal) -> None:
    terminal.is_terminal = False
    with line_on(terminal, "waiting") as line:
        line.say("[1/3] cloudcore: install")
    assert terminal.getvalue() == "[1/3] cloudcore: install\n"


def test_the_line_stays_one_line(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    with line_on(terminal, "pod a\nb \x1b[31m[red]" + "x" * 100) as line:
        terminal.wait_for(r"\d s")
        line("y" * 100, 3, 500)
        terminal.wait_for("3/500")
    shown = terminal.getvalue()
    assert r" pod a\nb \x1b[31m[red]x" in shown
    assert "…" in shown
    # One line break at the end, where the line is removed.
    assert shown.count("\n") == 1


def test_a_terminal_without_utf8_gets_ascii(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "encoding", "ascii")
    with line_on(terminal) as line:
        line("reading files", 2, 3)
        terminal.wait_for("2/3")
    assert terminal.getvalue().isascii()


@pytest.mark.parametrize(
    ("name", "value"), [("TERM", "dumb"), ("CI", "true"), ("CI", "1")], ids=["dumb", "CI=true", "CI=1"]
)
def test_the_environment_hides_the_line(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert is_hidden(terminal)


def test_a_pipe_has_no_line(terminal: Terminal) -> None:
    terminal.is_terminal = False
    assert is_hidden(terminal)


def test_a_closed_standard_error_has_no_line() -> None:
    assert is_hidden(None)


@click.command()
@click.argument("files", nargs=-1)
@quiet_option
def sample(files: tuple[str, ...]) -> None:
    """Show a line at once, as commands do after the delay."""
    with progress(f"reading {len(files)} files", delay=0) as line:
        if line._timer is not None:
            line._timer.join(30)


@pytest.mark.parametrize(
    ("arguments", "typed", "shown"),
    [
        ([], False, True),
        (["a.yaml", "-"], False, True),
        (["a.yaml", "-"], True, False),
        (["a.yaml"], True, True),
        (["-q"], False, False),
        (["--quiet"], False, False),
    ],
)
def test_quiet_and_typed_input_hide_the_line(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, arguments: list[str], typed: bool, shown: bool
) -> None:
    keyboard = Terminal()
    keyboard.is_terminal = typed
    monkeypatch.setattr(sys, "stdin", keyboard)
    with redirect_stderr(terminal):
        sample.main(arguments, standalone_mode=False)
    assert (SHOW in terminal.getvalue()) is shown


@pytest.mark.parametrize("name", COMMANDS)
def test_long_commands_have_quiet_and_say_what_it_hides(run: Run, name: str) -> None:
    text = " ".join(run(name, "--help").stdout.split())
    assert "-q, --quiet Show no progress line; all results and messages are still printed." in text


def test_only_long_commands_have_quiet() -> None:
    found = [
        name
        for name, command in cli.commands.items()
        if any(param.name == "quiet" for param in command.params)
    ]
    assert sorted(found) == sorted(COMMANDS)


def test_rich_is_not_imported_before_the_line_is_shown() -> None:
    code = """
import sys
from generator.cli.progress import progress
with progress("reading files"):
    pass
from generator.cli import check, diff, gitops, images, install, render, status
print([name for name in ("rich", "generator.diff.report", "yaml") if name in sys.modules])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


# --- what the library reports ----------------------------------------------------------------


@pytest.fixture
def steps() -> list[tuple[str, int, int]]:
    """Return the list that `recorder` fills."""
    return []


@pytest.fixture
def recorder(steps: list[tuple[str, int, int]]) -> Callable[..., None]:
    """Return a Progress that keeps its calls."""
    return lambda what, number=0, total=0: steps.append((what, number, total))


def test_check_reports_every_file(
    tmp_path: Path, steps: list[tuple[str, int, int]], recorder: Callable[..., None]
) -> None:
    names = []
    for number in range(2):
        names.append(str(tmp_path / f"{number}.yaml"))
        Path(names[-1]).write_text("kind: EdgeCore\nmodules: {edgeHub: {heartbeat: 1}}\n", "utf-8")
    check_files(names, kind="edgecore", progress=recorder)
    assert steps == [
        (what, number, 2)
        for what in ("reading files", "checking files", "checking files together")
        for number in (1, 2)
    ]


@pytest.mark.usefixtures("run")
def test_diff_with_base_reports_every_site_and_profile(
    steps: list[tuple[str, int, int]], recorder: Callable[..., None]
) -> None:
    commit(one=SITE % ("plain", 10), two=SITE % ("mtls", 10))
    put("three.yaml", SITE % ("plain", 10))
    compare_base("HEAD", Recipe(""), progress=recorder)
    compared = "comparing sites in each profile"
    assert steps == [
        ("finding the site files", 0, 0),
        (compared, 1, 2),
        (compared, 2, 2),
        ("rendering new sites", 1, 1),
    ]
