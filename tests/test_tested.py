"""docs/tested.md and the edge tests name the same tests; `make test-edge` checks the results."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.edge.releases import releases, version
from tests.edge.results import PAGE

TESTS = Path(__file__).parent / "edge"


def test_the_page_has_a_row_for_every_edge_test_and_no_other() -> None:
    rows = set(re.findall(r"`(test_\w+::test_\w+)`", PAGE.read_text("utf-8")))
    there = {
        f"{path.stem}::{one.name}"
        for path in TESTS.glob("test_*.py")
        for one in ast.parse(path.read_text("utf-8")).body
        if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")
    }
    assert rows == there
    assert len(there) > 10


def test_the_page_has_a_column_for_every_release() -> None:
    head = next(line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| what"))
    assert [f"KubeEdge {version(one)[1:]}" for one in releases()] == [
        cell.strip() for cell in head.strip("|").split("|")[2:]
    ]
