"""What `make test` leaves out (tests/levels.py): every test that needs a program, and no other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import levels
from tests.helm.binaries import BINARIES

TESTS = Path(__file__).parent
# Modules that name the folder of the programs: the way to them, whole runs that need more programs than
# `make test-all`, and the tests of the scripts that fill it.
ALLOWED = {"levels.py", "test_tools.py", "test_levels.py", "bench/__main__.py", "cluster/control_plane.py"}


def test_only_one_module_has_the_path_of_the_programs() -> None:
    modules = {path.relative_to(TESTS).as_posix(): path.read_text("utf-8") for path in TESTS.rglob("*.py")}
    naming = {name for name, text in modules.items() if '".tools' in text or "'.tools" in text}
    assert {name for name in naming if not name.startswith("edge/")} <= ALLOWED
    importing = {name for name, text in modules.items() if "levels import TOOLS" in text}
    assert {name for name in importing if not name.startswith("cluster/")} <= ALLOWED


def test_a_test_without_the_marker_cannot_start_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(levels, "TOOLS", tmp_path)
    others = {"opinion-1.23": "loaders", levels.CRDS: "crds"}
    for name in (*BINARIES, *others):
        wanted = others.get(name, "helm")
        with pytest.raises(AssertionError, match=f"{name} is missing; run `make tools opinions`"):
            levels.program(name)
        (tmp_path / name).touch(0o755)
        monkeypatch.setattr(levels, "_running", {wanted})
        assert levels.program(name) == str(tmp_path / name)
        monkeypatch.setattr(levels, "_running", set())
        with pytest.raises(AssertionError, match=f"this test starts {name}: give it @pytest.mark.{wanted}"):
            levels.program(name)


def test_both_parts_of_test_all_have_the_file_of_codes_in_one_word() -> None:
    script = (TESTS.parent / "tools/test_all.sh").read_text("utf-8")
    assert (script.count("--codes-file"), script.count("--codes-file=$codes")) == (2, 2)


PROGRAMS = """
import pytest
from hypothesis import given
from hypothesis.strategies import integers

@pytest.fixture
def helm(): pass

def test_plain(): pass
def test_helm(helm): pass

@pytest.mark.parametrize("engine", ["embedded", "helm-4.3"])
def test_engine(engine): pass

@pytest.mark.long
def test_long(): pass

@given(integers())
def test_random(number): pass
"""


@pytest.mark.long
def test_the_last_line_of_a_quick_run_counts_the_tests_that_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "second_opinion"
    folder.mkdir()
    (tmp_path / "conftest.py").write_text("pytest_plugins = ['tests.conftest']\n")
    (tmp_path / "test_programs.py").write_text(PROGRAMS)
    (folder / "test_loaders.py").write_text("def test_loader(): pass\n")
    (tmp_path / "node").mkdir()
    (tmp_path / "node" / "test_scripts.py").write_text("def test_script(): pass\n")
    (tmp_path / "codes.txt").write_text("of-an-earlier-run")
    command = [sys.executable, "-m", "pytest", "-p", "no:helm-charts", "-n", "2", str(tmp_path)]
    command += ["--quick", f"--codes-file={tmp_path / 'codes.txt'}"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS.parent)}
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    assert "of-an-earlier-run" in (tmp_path / "codes.txt").read_text()
    *_, passed, last = run.stdout.splitlines()
    assert "2 passed" in passed
    assert last == (
        "make test left out 6 tests: 2 need a helm binary, 1 need the Go code of KubeEdge, "
        "1 run the scripts of edge nodes, 1 try random input, 1 take long. make test-all runs them too."
    )
