"""The docs show the same commands as the program."""

from __future__ import annotations

import pytest

from generator import load_site, render_site
from generator.install.access import renew_command
from generator.install.apply_text import before_apply_text
from generator.install.before_apply import Typed, before_apply
from generator.install.plan import DELETE_SYNCS
from tests.charts.conftest import ROOT


@pytest.mark.parametrize(
    ("page", "command"),
    [
        ("install", renew_command()),
        ("profiles", renew_command()),
        ("gitops", renew_command()),
        ("install", DELETE_SYNCS),
    ],
)
def test_page_shows_the_command_of_the_program(page: str, command: str) -> None:
    assert f"    {command}\n" in (ROOT / "docs" / f"{page}.md").read_text("utf-8")


def test_page_shows_what_render_lists_before_you_apply() -> None:
    example = "values/examples/quickstart.yaml"
    site = load_site([str(ROOT / example)], profile="mtls")
    flags = f" --profile mtls -f {example}"
    found = before_apply(
        render_site(site, engine="embedded", with_namespace=True), Typed(flags, flags, "build")
    )
    lines = before_apply_text(found).splitlines()
    first = lines[: next(number for number, line in enumerate(lines) if line.startswith("  4. "))]
    shown = "".join(f"    {line}\n" for line in first)
    assert f"\n{shown}\n" in (ROOT / "docs/install.md").read_text("utf-8")
    assert f"generator render{flags} -o build\n" in (ROOT / "docs/install.md").read_text("utf-8")
