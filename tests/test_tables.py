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
    assert NAMES == [
        "causes.yaml",
        "impact.yaml",
        "keadm-images.yaml",
        "kubernetes-lists.yaml",
        "roles.yaml",
        "rules.yaml",
        "shapes.yaml",
    ]


def test_a_table_is_read_from_its_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "parsed", lambda name: pytest.fail("the YAML was parsed"))
    tables.load.cache_clear()
    assert tables.load("rules.yaml")["errors"]
    tables.load.cache_clear()


def test_json_of_another_source_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "tables" / "one.yaml"
    (tmp_path / "tables" / "generated").mkdir(parents=True)
    source.write_text("a: 1\n", "utf-8")
    monkeypatch.setattr(tables, "_PACKAGE", tmp_path)
    monkeypatch.setattr(tables, "_FOLDER", source.parent)
    written = source.parent / "generated" / "one.yaml.json"
    written.write_text(tables.as_generated({"a": 1}, ["tables/one.yaml"]), "utf-8")
    assert tables.generated("one.yaml") == {"a": 1}
    source.write_text("a: 2\n", "utf-8")
    assert tables.generated("one.yaml") is None
    assert tables.load.__wrapped__("one.yaml") == {"a": 2}
    written.unlink()
    assert tables.generated("one.yaml") is None
