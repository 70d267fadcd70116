"""The examples of the README run unchanged."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.charts.conftest import ROOT
from tests.helm.binaries import BINARIES
from tests.levels import program

README = (ROOT / "README.md").read_text("utf-8")
GENERATOR = Path(sys.executable).parent / "generator"


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands(program: str) -> Iterator[str]:
    """Yield the command lines of a program in the shell blocks, continued lines joined."""
    for block in blocks("sh"):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith(program):
                yield " ".join(line.split())


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder that looks like the checkout, where `build/` may be written."""
    for name in ("charts", "values", "tests", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in the checkout and capture its output as text."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("line", [*commands("generator")])
def test_generator_example(line: str, checkout: Path) -> None:
    arguments = shlex.split(line)[1:]
    # Comparing with a commit needs the repository but does not change it; differences are not a failure.
    compares = arguments[0] == "diff"
    done = run([str(GENERATOR), *arguments], ROOT if compares else checkout)
    assert done.returncode in ((0, 1) if compares else (0,)), done.stderr
    assert done.stdout


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("line", [*commands("helm install")])
def test_helm_example(line: str, binary: str, checkout: Path) -> None:
    arguments = ["template", *shlex.split(line)[2:]]
    done = run([program(binary), *arguments], checkout)
    assert done.returncode == 0, done.stderr
    assert "kind: " in done.stdout


@pytest.mark.parametrize("block", blocks("console"))
def test_console_example(block: str, checkout: Path) -> None:
    command, expected = block.removeprefix("$ ").split("\n", 1)
    done = run([str(GENERATOR), *shlex.split(command)[1:]], checkout)
    assert done.stdout + done.stderr == expected


@pytest.mark.parametrize("block", blocks("python"))
def test_python_example(block: str, checkout: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "-c", block]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_named_make_targets_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^    |`)make ([a-z-]+)", README, re.MULTILINE))
    assert named
    assert named <= targets


def test_link_targets_exist() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "charts").glob("*/README.md")]
    for page in pages:
        # A pattern in a table of keys may look like a link.
        text = re.sub(r"`[^`\n]*`", "", page.read_text("utf-8"))
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (page.parent / target).exists(), f"{page}: {target}"
