"""The example in docs/import.md prints what the page shows."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner

from generator.cli.main import cli
from tests.charts.conftest import ROOT

BLOCKS = re.findall(
    r"^```console\n\$ generator (.*?)\n(.*?)^```$",
    (ROOT / "docs" / "import.md").read_text("utf-8"),
    re.MULTILINE | re.DOTALL,
)


@pytest.mark.parametrize(("command", "expected"), BLOCKS)
def test_example(command: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(cli, shlex.split(command))
    assert done.exit_code == 0, done.stderr
    assert done.stdout == expected
