"""Realistic files with every kind of mistake, and the full output of the check for each.

corpus/<case>/ holds the files, corpus.yaml the expected output; `pytest --rewrite-golden` rewrites it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from generator.check import check_files
from generator.cli.main import cli

CORPUS = Path(__file__).parent / "corpus"
TABLE = Path(__file__).parent / "corpus.yaml"
CASES = sorted(folder.name for folder in CORPUS.iterdir())
# Cases whose files do not name their release, or that need options.
OPTIONS = {
    "guide-step2": ["--kubeedge-version", "v1.7.2"],
    "guide-s3-url": ["--intend", "mtls"],
    "mtls-1.16": ["--kubeedge-version", "v1.16.6"],
    "task-manager-1.15": ["--kubeedge-version", "v1.15.4"],
    "gate-edge-only": ["--intend", "one-way-verified"],
    "one-way-1.18": ["--intend", "mtls"],
    "taints-unused": ["--kubeedge-version", "v1.14.5"],
    # Upstream's charts name older images than their own release.
    "upstream-cloudcore-1.12": ["--kubeedge-version", "v1.12.7"],
    "upstream-cloudcore-1.15": ["--kubeedge-version", "v1.15.4"],
    "upstream-cloudcore-1.18": ["--kubeedge-version", "v1.18.3"],
    "cloudcore-1.10": ["--kubeedge-version", "v1.10.3"],
    "edgecore-1.8": ["--kubeedge-version", "v1.8.2"],
    "labels-of-1.11": ["--target-version", "v1.12.7"],
    "runtime-docker": ["--kubeedge-version", "v1.15.4"],
    "runtime-docker-upgrade": ["--kubeedge-version", "v1.13.8", "--target-version", "v1.15.4"],
    "hub-off": ["--kubeedge-version", "v1.11.3"],
    "v1alpha1-on-1.16": ["--target-version", "v1.18.3"],
}


@cache
def expectations() -> dict[str, Any]:
    """Read the expected output of every case."""
    return yaml.safe_load(TABLE.read_text("utf-8")) or {} if TABLE.exists() else {}


def files_of(case: str) -> list[str]:
    """Name the files of a case, as seen from its folder."""
    return sorted(path.name for path in (CORPUS / case).iterdir())


def result_of(case: str) -> dict[str, Any]:
    """Run the check on a case, in its folder."""
    done = CliRunner().invoke(cli, ["check", *OPTIONS.get(case, []), *files_of(case)])
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert done.stderr == ""
    report = check_files(files_of(case), **_arguments(case))
    return {
        "exit": done.exit_code,
        "rules": [finding.code for finding in report.findings],
        "says": done.stdout,
    }


def _arguments(case: str) -> dict[str, Any]:
    names = {"--kubeedge-version": "kubeedge", "--intend": "intend", "--target-version": "target"}
    options = OPTIONS.get(case, [])
    return {names[flag]: value for flag, value in zip(options[::2], options[1::2], strict=True)}


@pytest.mark.parametrize("case", CASES)
def test_case(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CORPUS / case)
    assert result_of(case) == expectations()[case]


def test_the_table_has_every_case() -> None:
    assert sorted(expectations()) == CASES
    assert sum(len(files_of(case)) for case in CASES) >= 45


@pytest.fixture(autouse=True, scope="module")
def _rewrite(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--rewrite-golden"):
        return
    with pytest.MonkeyPatch.context() as patch:
        table = {}
        for case in CASES:
            patch.chdir(CORPUS / case)
            table[case] = result_of(case)
    TABLE.write_text("# Written by pytest --rewrite-golden; read every difference.\n" + _dump(table), "utf-8")


def _dump(table: dict[str, Any]) -> str:
    def text(dumper: Any, value: str) -> Any:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    class Dumper(yaml.SafeDumper):
        pass

    Dumper.add_representer(str, text)
    return yaml.dump(table, Dumper=Dumper, sort_keys=False, width=10_000, allow_unicode=True)
