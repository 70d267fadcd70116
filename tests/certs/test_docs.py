"""The examples of docs/certs.md and docs/streams.md run in their order."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli.main import cli
from generator.load import load_site
from generator.model.profiles import stream_entries

ROOT = Path(__file__).resolve().parents[2]
# needs-renewal exits with 1 if no certificate needs renewal.
CODES = {"needs-renewal": 1}


def test_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "values/examples/legacy-1.16.yaml", tmp_path / "site.yaml")
    monkeypatch.chdir(tmp_path)
    lines = re.findall(
        r"^    generator (certs .*)$", (ROOT / "docs/certs.md").read_text("utf-8"), re.MULTILINE
    )
    assert len(lines) == 7
    for line in lines:
        done = CliRunner().invoke(cli, shlex.split(line))
        assert done.exit_code == CODES.get(line.split()[1], 0), f"{line}: {done.output}"
        assert "PRIVATE KEY" not in done.output


def test_examples_of_streams_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs/streams.md").read_text("utf-8")
    (site,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "site.yaml").write_text(site)
    monkeypatch.chdir(tmp_path)
    assert {warning.code for warning in load_site(["site.yaml"]).warnings} == {"agent-without-endpoint"}
    plan, issue = re.findall(r"^    generator (certs [^|\n]*)", page, re.MULTILINE)
    planned = CliRunner().invoke(cli, shlex.split(plan))
    assert planned.exit_code == 0, planned.output
    assert "goes to: Secret cloudcore-stream" in planned.output
    issued = CliRunner().invoke(cli, shlex.split(issue))
    assert issued.exit_code == 0, issued.stderr
    assert "kind: Secret\nmetadata:\n  name: cloudcore-stream\n" in issued.stdout


def test_the_page_lists_every_key_that_streams_set() -> None:
    page = (ROOT / "docs/streams.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-zA-Z.]+)` \|", page, re.MULTILINE)
    keys = dict.fromkeys(entry["key"] for entry in stream_entries()["on"])
    assert rows == list(keys)
