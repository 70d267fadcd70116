"""Files, folders, names and make targets in CONTRIBUTING.md exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_layers import PARTS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`((?:generator|tests|docs|tools|charts)/[^` ]*)`", PAGE)))


@pytest.mark.parametrize("name", [name for name in NAMED if "<" not in name])
def test_named_files_and_folders_exist(name: str) -> None:
    assert (ROOT / name).exists()


def test_named_make_targets_exist() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"`make ([a-z-]+)`", PAGE)) <= set(targets)


def test_the_six_walks_are_described() -> None:
    walks = ["field", "rule", "kind of impact", "secret name", "Helm release", "output format"]
    assert [walk for walk in walks if not re.search(rf"^## To add an? {walk}", PAGE, re.MULTILINE)] == []


def test_every_package_is_in_the_table() -> None:
    listed = set(re.findall(r"`(\w+)/`", PAGE))
    packages = {path.parent.name for path in (ROOT / "generator").glob("*/__init__.py")}
    assert packages - listed == set()
    assert packages <= set(PARTS)
