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


def commands(program: str) -> Iterator[list[str]]:
    """Yield the command lines of a program in each shell block, continued lines joined."""
    for block in blocks("sh"):
        lines = [" ".join(line.split()) for line in block.replace("\\\n", " ").splitlines()]
        found = [line for line in lines if line.startswith(program)]
        if found:
            yield found


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder that looks like the checkout, where `build/` may be written."""
    for name in ("charts", "values", "tests", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in the checkout and capture its output as text."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.long
@pytest.mark.parametrize("lines", [*commands("generator")])
def test_generator_examples(lines: list[str], checkout: Path) -> None:
    for line in lines:
        arguments = shlex.split(line)[1:]
        # Comparing with a commit needs the repository but does not change it; differences are not a failure.
        compares = arguments[0] == "diff"
        done = run([str(GENERATOR), *arguments], ROOT if compares else checkout)
        assert done.returncode in ((0, 1) if compares else (0,)), done.stderr
        assert done.stdout


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("lines", [*commands("helm install")])
def test_helm_examples(lines: list[str], binary: str, checkout: Path) -> None:
    for line in lines:
        arguments = ["template", *shlex.split(line)[2:]]
        done = run([program(binary), *arguments], checkout)
        assert done.returncode == 0, done.stderr
        assert "kind: " in done.stdout


def test_two_lines_put_the_generator_on_path(tmp_path: Path) -> None:
    (lines,) = re.findall(r"^Install it in a checkout.*\n\n((?:    .*\n){2})", README, re.MULTILINE)
    environment = {"HOME": str(tmp_path), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    script = f"set -e\n{lines}command -v generator\ngenerator --version\n"
    done = subprocess.run(
        ["sh", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    *_, path, version = done.stdout.splitlines()
    assert path == str(ROOT / ".venv/bin/generator")
    assert version.startswith("generator ")


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
