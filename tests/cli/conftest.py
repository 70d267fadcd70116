"""Run the command in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli.main import cli

Run = Callable[..., Result]

# Most tests set this address: a site without an address of cloudcore causes a warning.
ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `generator` in an empty folder; exceptions are raised."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, stdin: str | None = None) -> Result:
        ran = CliRunner().invoke(cli, arguments, input=stdin, prog_name="generator")
        if ran.exception and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return ran

    return invoke
