"""Colours: the option decides, then NO_COLOR, FORCE_COLOR, TERM and whether the output is a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.colour import has_colour
from tests.cli.conftest import Run

ESCAPE = "\x1b["


@pytest.mark.parametrize(
    ("wanted", "env", "colour"),
    [
        ("auto", {}, None),
        ("auto", {"TERM": "dumb"}, False),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, None),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "0"}, None),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_decides(
    wanted: str, env: dict[str, str], colour: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert has_colour(wanted) is colour


@pytest.mark.parametrize(
    ("more", "colour"), [([], False), (["--color", "always"], True), (["--color=never"], False)]
)
def test_diff_has_the_colours_asked_for(run: Run, more: list[str], colour: bool, tmp_path: Path) -> None:
    objects = "kind: ConfigMap\napiVersion: v1\nmetadata: {{name: a, namespace: b}}\ndata: {{c: '{}'}}\n"
    for number in "12":
        (tmp_path / f"{number}.yaml").write_text(objects.format(number))
    ran = run("diff", "1.yaml", "2.yaml", *more)
    assert ran.exit_code == 1
    assert (ESCAPE in ran.stdout) is colour


def test_other_formats_have_no_colours(run: Run, tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text("kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n")
    assert ESCAPE not in run("diff", "1.yaml", "1.yaml", "--format", "markdown", "--color", "always").stdout
