"""Writing files: all or none, atomically, with the requested mode, and a report of each step."""

from __future__ import annotations

import errno
import os
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from generator.errors import UnreadableFile, UnwritableOutput
from generator.io import journal
from generator.io.write import File, write_files

FILES = {"a/one.yaml": File("1\n"), "a/b/two.sh": File("é\n", 0o755), "c/three.yaml": File("3\n", 0o600)}


def snapshot(folder: Path) -> dict[str, tuple[str, int] | None]:
    """Map every path below a folder to its text and mode, or to None if it is a folder."""
    return {
        str(path.relative_to(folder)): None
        if path.is_dir()
        else (path.read_text("utf-8"), path.stat().st_mode & 0o777)
        for path in sorted(folder.rglob("*"))
    }


def actions(folder: Path, files: dict[str, File] | None = None, **more: Any) -> dict[str, str]:
    written = write_files(folder, files or FILES, **more)
    return {str(step.path.relative_to(folder)): step.action for step in written}


def test_files_are_created_kept_or_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "build"
    assert set(actions(folder).values()) == {"create"}
    assert snapshot(folder) == {
        "a": None,
        "a/b": None,
        "a/b/two.sh": ("é\n", 0o755),
        "a/one.yaml": ("1\n", 0o644),
        "c": None,
        "c/three.yaml": ("3\n", 0o600),
    }
    assert set(actions(folder).values()) == {"identical"}
    (folder / "a/one.yaml").write_text("other\n")
    before = (folder / "c/three.yaml").stat().st_mtime_ns
    assert actions(folder) == {
        "a/b/two.sh": "identical",
        "a/one.yaml": "overwrite",
        "c/three.yaml": "identical",
    }
    assert (folder / "c/three.yaml").stat().st_mtime_ns == before


def test_steps_are_sorted_by_name(tmp_path: Path) -> None:
    lines = [str(step) for step in write_files(tmp_path, FILES)]
    assert lines == [f"   create  {tmp_path}/{name}" for name in sorted(FILES)]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    assert set(actions(tmp_path / "x", dry_run=True).values()) == {"create"}
    assert list(tmp_path.iterdir()) == []


def test_a_private_file_that_others_can_read_is_rewritten(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    (tmp_path / "c/three.yaml").chmod(0o644)
    (tmp_path / "a/one.yaml").chmod(0o664)
    assert actions(tmp_path) == {
        "a/b/two.sh": "identical",
        "a/one.yaml": "identical",
        "c/three.yaml": "overwrite",
    }
    assert (tmp_path / "c/three.yaml").stat().st_mode & 0o777 == 0o600


def test_others_cannot_read_a_secret_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    write = Path.write_bytes

    def spied(path: Path, data: bytes) -> int:
        seen.append(path.stat().st_mode & 0o777)
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", spied)
    write_files(tmp_path, FILES)
    assert seen == [0o600] * 3


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("keep")
    (tmp_path / "c").mkdir()
    (tmp_path / "c/three.yaml").symlink_to("../elsewhere")
    write_files(tmp_path, FILES)
    assert (tmp_path / "elsewhere").read_text() == "keep"
    assert not (tmp_path / "c/three.yaml").is_symlink()


# --- failures ------------------------------------------------------------------------------


def fails_at(number: int, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the call with this number, of a method of Path, fail like on a full disk."""
    calls = 0
    real = getattr(Path, name)

    def failing(path: Path, *arguments: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, *arguments, **more)

    monkeypatch.setattr(Path, name, failing)


@pytest.mark.parametrize(
    ("method", "number", "there"),
    [
        *product(["replace", "write_bytes", "chmod"], [1, 2, 3], [True, False]),
        ("mkdir", 1, True),
        *product(["mkdir"], [1, 2, 3, 4, 5], [False]),
    ],
)
def test_a_failed_write_restores_all_files(
    method: str, number: int, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if there:
        old = File("old\n", 0o640)
        write_files(tmp_path / "build", {"a/one.yaml": old, "c/three.yaml": old})
    before = snapshot(tmp_path)
    fails_at(number, method, monkeypatch)
    with pytest.raises(UnwritableOutput, match="cannot be written: No space left on device"):
        write_files(tmp_path / ("build" if there else "x/y"), FILES)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("blocked", "where", "reason"),
    [
        ("build", "build", "Not a directory"),
        ("build/a", "build/a/b/two.sh", "Not a directory"),
        ("build/a/b", "build/a/b/two.sh", "Not a directory"),
        ("/proc/build", "/proc/build", "No such file or directory"),
        ("/dev/null/build", "/dev/null/build", "Not a directory"),
    ],
)
def test_unwritable_places_are_reported(
    blocked: str, where: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path(blocked if blocked.startswith("/") else "build")
    if not blocked.startswith("/"):
        Path(blocked).parent.mkdir(parents=True, exist_ok=True)
        Path(blocked).write_text("a file")
    before = snapshot(tmp_path)
    with pytest.raises(UnwritableOutput) as caught:
        write_files(folder, FILES)
    assert str(caught.value) == f"{where}: cannot be written: {reason}"
    assert snapshot(tmp_path) == before


def test_a_folder_in_the_place_of_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "c/three.yaml").mkdir(parents=True)
    with pytest.raises(UnwritableOutput, match=r"three\.yaml: cannot be written: it is a folder, not a file"):
        write_files(tmp_path, FILES)
    assert snapshot(tmp_path) == {"c": None, "c/three.yaml": None}


# --- paths that are not regular files ------------------------------------------------------


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_path_that_is_not_a_regular_file_is_reported_and_kept(dry_run: bool, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a/one.yaml")
    with pytest.raises(
        UnwritableOutput, match=r"a/one\.yaml: cannot be written: it is a named pipe, not a file"
    ):
        write_files(tmp_path, FILES, dry_run=dry_run)
    assert [path.name for path in tmp_path.rglob("*")] == ["a", "one.yaml"]


def test_a_device_is_not_replaced() -> None:
    with pytest.raises(UnwritableOutput, match=r"/dev/null: cannot be written: it is a device, not a file"):
        write_files(Path("/dev"), {"null": File("x")}, dry_run=True)


@pytest.mark.parametrize(
    ("name", "reason"), [("loop", "Too many levels of symbolic links"), ("x" * 300, "File name too long")]
)
def test_invalid_names_are_rejected(name: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(UnwritableOutput, match=f"cannot be written: {reason}"):
        write_files(tmp_path, {name: File("x"), "other": File("x")})
    assert [path.name for path in tmp_path.iterdir()] == ["loop"]


def test_a_name_of_the_maximum_length_is_written(tmp_path: Path) -> None:
    assert actions(tmp_path, {"x" * 255: File("x")}) == {"x" * 255: "create"}


# --- the journal ---------------------------------------------------------------------------


def test_removals_are_reverted_with_the_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"old/x": File("1\n"), "old/y": File("2\n")})
    before = snapshot(tmp_path)
    fails_at(2, "replace", monkeypatch)
    with pytest.raises(UnwritableOutput):
        write_files(tmp_path, {"new": File("3\n")}, remove=["old/x", "old/y", "never"])
    monkeypatch.undo()
    assert snapshot(tmp_path) == before
    done = write_files(tmp_path, {"new": File("3\n")}, remove=["old/x", "old/y", "never"])
    assert [step.action for step in done] == ["create", "remove", "remove"]
    assert snapshot(tmp_path) == {"new": ("3\n", 0o644)}


def test_a_second_run_cannot_write_to_the_same_folder(tmp_path: Path) -> None:
    with journal.claimed(tmp_path), pytest.raises(UnwritableOutput, match="another run of generator"):
        write_files(tmp_path, FILES)
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("state", [journal.FINISH, journal.UNDO])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[" * 100_000,
        '{"command": "", "mark": "", "folders": [], "steps": [{"name": "../x", "write": 0, "there": 1}]}',
        '{"command": "", "mark": "", "folders": [], "steps": [{"name": "/x", "write": 0, "there": 1}]}',
        '{"command": "x", "mark": "/../m", "folders": [], "steps": []}',
    ],
    ids=["empty", "nothing", "deep", "above", "elsewhere", "mark"],
)
def test_a_journal_from_another_program_changes_nothing(state: str, text: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("keep")
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / state).write_text(text)
    with pytest.raises(UnreadableFile, match="not a journal that generator wrote"):
        write_files(tmp_path / "build", FILES)
    assert {path.name for path in tmp_path.rglob("*")} == {"x", "build", state}


def test_recovered_files_are_reported_first(tmp_path: Path) -> None:
    step = journal.JournalStep("a/one.yaml", write=True, there=False)
    journal.Journal.begin(tmp_path, "generator render", (step,))
    lines = [str(step) for step in write_files(tmp_path, FILES)]
    assert lines[0] == f" reverted  {tmp_path}: what `generator render` wrote when it was interrupted"
    assert len(lines) == 4
    assert {path.name for path in tmp_path.iterdir()} == {"a", "c"}
