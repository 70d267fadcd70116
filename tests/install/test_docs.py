"""The docs show the same commands as the program."""

from __future__ import annotations

import pytest

from generator.install.access import renew_command
from generator.install.plan import DELETE_SYNCS
from tests.charts.conftest import ROOT


@pytest.mark.parametrize(
    ("page", "command"),
    [("install", renew_command()), ("profiles", renew_command()), ("install", DELETE_SYNCS)],
)
def test_page_shows_the_command_of_the_program(page: str, command: str) -> None:
    assert f"    {command}\n" in (ROOT / "docs" / f"{page}.md").read_text("utf-8")
