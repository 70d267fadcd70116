"""The example in docs/init.md prints and writes what the page shows."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli.main import cli
from generator.init import QUESTIONS

PAGE = (Path(__file__).parents[2] / "docs/init.md").read_text("utf-8")


def block(language: str) -> str:
    """Return the only block of a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    command, expected = block("console").removeprefix("$ generator ").split("\n", 1)
    done = CliRunner().invoke(cli, shlex.split(command))
    assert (done.exit_code, done.stderr, done.stdout) == (0, "", expected)
    assert Path("build/first/site.yaml").read_text("utf-8") == block("yaml")


def test_the_page_lists_every_question() -> None:
    flags = re.findall(r"^\| [^|]+ \| `(--[a-z-]+)`", PAGE, re.MULTILINE)
    assert flags == [question.flag for question in QUESTIONS if question.asked]
