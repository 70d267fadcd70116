"""PyYAML, which loads the project's tables, and our reader of Go's YAML read them the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import go_yaml, tables

FOLDER = Path(tables.__file__).parent
NAMES = sorted(path.name for path in FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_both_readers_load_the_same(name: str) -> None:
    assert tables.load(name) == go_yaml.load((FOLDER / name).read_text("utf-8"))


def test_every_table_is_compared() -> None:
    assert NAMES == ["causes.yaml", "impact.yaml", "kubernetes-lists.yaml", "rules.yaml", "shapes.yaml"]
