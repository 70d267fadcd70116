"""The examples of docs/certs.md run in their order."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli.main import cli

ROOT = Path(__file__).resolve().parents[2]
# needs-renewal exits with 1 if no certificate needs renewal.
CODES = {"needs-renewal": 1}


def test_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "values/examples/legacy-1.16.yaml", tmp_path / "site.yaml")
    monkeypatch.chdir(tmp_path)
    lines = re.findall(
        r"^    generator (certs .*)$", (ROOT / "docs/certs.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(lines) == 6
    for line in lines:
        done = CliRunner().invoke(cli, shlex.split(line))
        assert done.exit_code == CODES.get(line.split()[1], 0), f"{line}: {done.output}"
        assert "PRIVATE KEY" not in done.output
