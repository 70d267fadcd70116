"""The progress line in a pseudo-terminal: a named pipe without a writer keeps `generator check` waiting."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from generator.locations import ROOT

pytestmark = pytest.mark.long

CHECK = f"{sys.executable} -m generator check"
EDGE = (
    "apiVersion: edgecore.config.kubeedge.io/v1alpha2\nkind: EdgeCore\nmodules: {edgeHub: {heartbeat: 1}}\n"
)
FILES = 40
SHOW, REMOVE = "\x1b[?25l", "\x1b[?25h\r\x1b[1A\x1b[2K"
# Longer than the delay.
LONG_SECONDS = 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of edgecore.yaml files; the last one is a named pipe."""
    for number in range(1, FILES):
        (tmp_path / f"edge-{number:02}.yaml").write_text(EDGE, "utf-8")
    os.mkfifo(tmp_path / f"edge-{FILES}.yaml")
    return tmp_path


def start(folder: Path, command: str) -> pexpect.spawn:
    """Start a command line of the shell in a folder."""
    env = {name: value for name, value in os.environ.items() if name not in ("CI", "TTY_INTERACTIVE")}
    env |= {"NO_COLOR": "1", "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    return pexpect.spawn(
        "/bin/sh", ["-c", command], cwd=str(folder), env=env, dimensions=(50, 200), timeout=120
    )


def end(terminal: pexpect.spawn, folder: Path) -> str:
    """Write to the named pipe, and return what is printed until the command ends."""
    (folder / f"edge-{FILES}.yaml").write_text(EDGE, "utf-8")
    terminal.expect(pexpect.EOF)
    rest: bytes = terminal.before
    terminal.close()
    assert terminal.exitstatus in (0, 1)
    return rest.decode()


def test_the_line_appears_and_disappears_before_the_report(folder: Path) -> None:
    terminal = start(folder, f"{CHECK} *.yaml")
    terminal.expect_exact(SHOW)
    assert terminal.before == b""
    terminal.expect(f"reading files (?:━)+ +{FILES}/{FILES} ".encode())
    line, removed, report = end(terminal, folder).partition(REMOVE)
    assert removed
    assert "\n" not in line.removesuffix("\r\n")
    assert report.startswith("checked against KubeEdge ")
    assert SHOW not in report
    assert "\x1b" not in report


@pytest.mark.parametrize("arguments", ["--quiet *.yaml", "-q *.yaml", "*.yaml 2>stderr"])
def test_quiet_and_a_pipe_have_no_line(folder: Path, arguments: str) -> None:
    terminal = start(folder, f"{CHECK} {arguments}")
    assert terminal.expect([pexpect.TIMEOUT, r"."], timeout=LONG_SECONDS) == 0
    assert end(terminal, folder).startswith("checked against KubeEdge ")
    for file in folder.glob("stderr"):
        assert file.read_text("utf-8") == ""


def test_an_interruption_removes_the_line(folder: Path) -> None:
    terminal = start(folder, f"exec {CHECK} *.yaml")
    terminal.expect_exact(f"{FILES}/{FILES} ")
    terminal.sendintr()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 3
    assert terminal.before.endswith(f"{REMOVE}interrupted\r\n".encode())
