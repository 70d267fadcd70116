"""docs/graph.md: its examples run, its picture is current, and it lists every format and TLS mode."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli.main import cli
from generator.graph import FORMATS, words, writer
from tests.charts.conftest import ROOT
from tests.graph.sites import graph
from tests.init.kubectl import Cluster

PAGE = (ROOT / "docs/graph.md").read_text("utf-8")
PICTURE = ROOT / "docs/pictures/graph.svg"
COMMANDS = re.findall(r"^generator (graph .*)$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_run(
    command: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cluster(tmp_path_factory.mktemp("cluster"), monkeypatch).has_site("values/examples/factory.yaml", "mtls")
    (tmp_path / "values").symlink_to(ROOT / "values")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, shlex.split(command))
    assert done.exit_code == 0, done.stderr
    assert done.stdout
    for name in re.findall(r"-o (\S+)", command):
        assert (tmp_path / name).read_text("utf-8").startswith("<svg ")


def test_there_are_examples() -> None:
    assert len(COMMANDS) == 5


def test_the_picture_is_that_of_the_example(request: pytest.FixtureRequest) -> None:
    text = writer("svg")(graph("mtls", file="factory"))
    if request.config.getoption("--rewrite-golden"):
        PICTURE.write_text(text, "utf-8")
    assert PICTURE.read_text("utf-8") == text, "docs/pictures/graph.svg differs; `make golden` rewrites it"


def test_the_page_lists_every_format_and_tls_mode() -> None:
    rows = re.findall(r"^\| (.*?) \|", PAGE, re.MULTILINE)
    assert {re.sub(r"`| \(default\)", "", row) for row in rows} >= {*FORMATS, *words.TLS.values()}


def test_the_connection_in_the_page_is_that_of_the_example() -> None:
    (block,) = re.findall(r"^```json\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    found = json.loads(writer("json")(graph("mtls", file="factory")))
    assert json.loads(block) in found["edges"]
