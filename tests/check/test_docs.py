"""The examples of docs/check.md run, and the page lists every code of the check."""

from __future__ import annotations

import re
import shlex

import pytest
from click.testing import CliRunner

from generator.catalogue import area, catalogue
from generator.cli.main import cli
from tests.charts.conftest import ROOT

PAGE = (ROOT / "docs" / "check.md").read_text("utf-8")
BLOCKS = re.findall(r"^```console\n\$ generator (.*?)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("command", "expected"), BLOCKS)
def test_example(command: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert CliRunner().invoke(cli, shlex.split(command)).stdout == expected


def test_every_code_of_check_is_named() -> None:
    codes = [code for name in ("check", "agreement", "keadm") for code in area(name)]
    # Codes of files in which nothing was checked or fixed, and of `generator import`.
    others = {"no-config", "no-values", "not-fixable", "foreign-key"}
    assert [code for code in codes if f"`{code}`" not in PAGE and code not in others] == []


def test_every_code_that_the_page_names_exists() -> None:
    named = set(re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+)", PAGE, re.MULTILINE))
    codes = {code for text in named for code in re.findall("`([a-z]+(?:-[a-z0-9]+)+)`", text)}
    assert len(codes) > 40
    assert codes - catalogue().keys() <= {"edgemesh-agent", "edgemesh-gateway"}
