"""docs/diff.md: its examples run, and it lists every class of impact and every key of the JSON."""

from __future__ import annotations

import json
import re
import shlex

import pytest
from click.testing import CliRunner

from generator.cli.main import cli
from generator.diff.formats import FORMATS
from generator.diff.impact import CLASSES
from tests.charts.conftest import ROOT

PAGE = (ROOT / "docs" / "diff.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n\$ generator (.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = re.findall(r"^generator (diff .*)$", PAGE, re.MULTILINE)


def run(command: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, shlex.split(command))
    return result.exit_code, result.stdout


@pytest.mark.parametrize(("command", "expected"), BLOCKS)
def test_examples_run(command: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert run(command) == (1, expected)


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_page_are_valid(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A clone in CI may have no branch main, because CI checks out a commit.
    monkeypatch.chdir(ROOT)
    code, output = run(command.replace("git:main", "git:HEAD"))
    assert code in (0, 1)
    assert "git:HEAD" in output


def test_every_class_and_format_is_named() -> None:
    assert [code for code, entry in CLASSES.items() if f"| `{code}` | {entry.means} |" not in PAGE] == []
    assert [name for name in FORMATS if f"| `{name}` |" not in PAGE] == []


def test_every_key_of_the_json_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    _, output = run("diff tests/data/diff/before.yaml tests/data/diff/after.yaml --format json")
    assert [name for name in sorted(keys(json.loads(output))) if f"`{name}`" not in PAGE] == []


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        below = [keys(child) for name, child in value.items() if name not in ("before", "after")]
        return set(value).union(*below)
    return set().union(*map(keys, value)) if isinstance(value, list) else set()
