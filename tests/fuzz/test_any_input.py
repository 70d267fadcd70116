"""Any input: never a traceback, a wrong exit code, a half-written file or a shown secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import case
from tests.fuzz.arguments import VERBS

# About 20 s of one core in total; `python -m tests.fuzz` runs any number of seeds.
RUNS = {"render": 40, "check": 120, "import": 80, "init": 60, "diff": 60, "certs": 60, "other": 20}


@pytest.mark.long
@pytest.mark.parametrize("verb", VERBS)
def test_any_input_ends_well(verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for seed in range(RUNS[verb]):
        folder = tmp_path / str(seed)
        folder.mkdir()
        arguments, wrong = case.run(verb, seed, folder)
        assert wrong == [], f"{verb} {seed} in {folder}: {arguments}"
