"""The examples of docs/check.md are run as they stand, and it names every rule of the check."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner

from generator.cli.main import cli
from tests.charts.conftest import ROOT

PAGE = (ROOT / "docs" / "check.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n\$ generator (.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("command", "expected"), BLOCKS)
def test_example(command: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert CliRunner().invoke(cli, shlex.split(command)).stdout == expected


def test_every_rule_is_named() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "generator" / "check").glob("*.py"))
    rules = set(re.findall(r'"(together/[a-z-]+)"', code)) | {
        "unknown",
        "moved",
        "case",
        "gate",
        "twice",
        "null",
    }
    assert len(rules) > 15
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in PAGE] == []
