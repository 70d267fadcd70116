"""`generator charts export`: what is written, the same bytes every time, and every problem at once."""

from __future__ import annotations

import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from generator import go_yaml, locations
from generator.cli import charts as command
from generator.components import CHARTS
from generator.errors import UnfinishedWrite
from generator.io import journal
from generator.publish import FORMATS, SOURCE_DATE, export_charts
from tests.cli.conftest import Run
from tests.cli.conftest import run as run  # the fixture

pytestmark = pytest.mark.long

ARCHIVES = [f"{chart}-0.1.0.tgz" for chart in CHARTS]


def content(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_command_has_the_formats_of_the_package() -> None:
    assert command.FORMATS == FORMATS


def test_folders_are_written(run: Run, tmp_path: Path) -> None:
    ran = run("charts", "export", "out/charts")
    assert (ran.exit_code, ran.stderr) == (0, "")
    found = content(tmp_path / "out/charts")
    for line, chart in zip(ran.stdout.splitlines(), CHARTS, strict=True):
        number = len([name for name in found if name.startswith(f"{chart}/")])
        assert line == f"   create  out/charts/{chart}: {number} files"
        assert not (tmp_path / "out/charts" / chart / "ci").exists()
    assert {name: (locations.CHARTS / name).read_bytes() for name in found} == found
    assert run("charts", "export", "out/charts").stdout.replace("identical", "   create") == ran.stdout


def test_archives_and_an_index_are_written(run: Run, tmp_path: Path) -> None:
    ran = run("charts", "export", "out", "--format", "tgz", "--url", "https://charts.example.com/x")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout == "".join(f"   create  out/{name}\n" for name in (*ARCHIVES, "index.yaml"))
    index = go_yaml.load((tmp_path / "out/index.yaml").read_text())
    assert index["generated"] == "2020-02-02T00:00:00Z"
    assert [*index["entries"]] == [*CHARTS]
    for chart, (entry,) in index["entries"].items():
        name = f"{chart}-0.1.0.tgz"
        assert entry["urls"] == [f"https://charts.example.com/x/{name}"]
        assert entry["digest"] == sha256((tmp_path / "out" / name).read_bytes()).hexdigest()
        assert entry["created"] == "2020-02-02T00:00:00Z"


# --- the same bytes --------------------------------------------------------------------------


def copy_of_charts(folder: Path, number: int) -> Path:
    """Copy the charts with other times and modes, and create the files in another order."""
    source = locations.CHARTS.resolve()
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    for path in paths if number else reversed(paths):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        target.chmod((0o600, 0o775)[number])
        os.utime(target, (0, (1_000_000_000, 1_700_000_001)[number]))
    return folder


@pytest.mark.parametrize("form", FORMATS)
def test_two_copies_of_the_charts_give_the_same_bytes(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for number, zone in enumerate(("UTC", "Pacific/Auckland")):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setattr(locations, "CHARTS", copy_of_charts(tmp_path / f"copy{number}", number))
        export_charts(tmp_path / f"out{number}", form)
        found.append(content(tmp_path / f"out{number}"))
    assert found[0] == found[1]
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "out1").rglob("*") if path.is_file()}
    assert modes == {0o644}


def test_the_source_date_is_the_time_of_the_index_only(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("charts", "export", "fixed", "--format", "tgz")
    monkeypatch.setenv(SOURCE_DATE, "1700000000")
    assert run("charts", "export", "dated", "--format", "tgz").exit_code == 0
    fixed, dated = content(tmp_path / "fixed"), content(tmp_path / "dated")
    assert b'created: "2023-11-14T22:13:20Z"' in dated["index.yaml"]
    assert fixed.pop("index.yaml") == dated.pop("index.yaml").replace(
        b"2023-11-14T22:13:20Z", b"2020-02-02T00:00:00Z"
    )
    assert fixed == dated


def test_folders_do_not_read_the_source_date(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SOURCE_DATE, "not a number")
    assert run("charts", "export", "out").exit_code == 0


# --- existing files --------------------------------------------------------------------------


def change_folders(out: Path) -> None:
    """Change a file of a chart, add two that it does not have, and leave files that .helmignore lists."""
    (out / "cloudcore/values.yaml").write_text("changed: true\n")
    (out / "edgemesh/templates/old.yaml").write_text("old: true\n")
    (out / "edgemesh/mine.txt").write_text("mine\n")
    (out / "edgemesh/values.yaml.swp").write_text("an editor's\n")


def test_existing_files_are_kept_and_all_of_them_are_listed(run: Run, tmp_path: Path) -> None:
    run("charts", "export", "out")
    change_folders(tmp_path / "out")
    before = content(tmp_path / "out")
    ran = run("charts", "export", "out")
    assert (ran.exit_code, ran.stdout) == (1, "")
    extra = "is not a file of the chart (move it away, or use --force to remove it) [not-in-chart]"
    assert ran.stderr.splitlines() == [
        "out/cloudcore/values.yaml: exists already (choose another folder, or use --force) [output-exists]",
        f"out/edgemesh/mine.txt: {extra}",
        f"out/edgemesh/templates/old.yaml: {extra}",
        "3 problems; nothing was written.",
    ]
    assert content(tmp_path / "out") == before


def test_force_makes_the_folders_those_of_the_charts(run: Run, tmp_path: Path) -> None:
    run("charts", "export", "out")
    wanted = content(tmp_path / "out")
    change_folders(tmp_path / "out")
    before = content(tmp_path / "out")
    lines = run("charts", "export", "out", "--force", "--dry-run").stdout.splitlines()
    assert content(tmp_path / "out") == before
    assert "overwrite  out/cloudcore: 1 file" in lines
    assert "   remove  out/edgemesh: 2 files" in lines
    ran = run("charts", "export", "out", "--force")
    assert (ran.exit_code, ran.stdout.splitlines()) == (0, lines)
    assert content(tmp_path / "out") == wanted | {"edgemesh/values.yaml.swp": b"an editor's\n"}


@pytest.mark.parametrize("options", [[], ["--force"]])
def test_a_folder_that_is_not_the_chart_is_never_changed(
    run: Run, options: list[str], tmp_path: Path
) -> None:
    (tmp_path / "cloudcore").mkdir()
    (tmp_path / "cloudcore/main.go").write_text("package main\n")
    (tmp_path / "edgecore").mkdir()
    (tmp_path / "edgecore/Chart.yaml").write_text("name: edgemesh\n")
    (tmp_path / "edgemesh").write_text("a file\n")
    before = content(tmp_path)
    ran = run("charts", "export", ".", *options)
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.splitlines() == [
        *(
            f"{chart}: is not a folder of the chart {chart} (choose another folder) [not-the-chart]"
            for chart in CHARTS
        ),
        "3 problems; nothing was written.",
    ]
    assert content(tmp_path) == before


def test_an_empty_folder_is_free(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out/cloudcore").mkdir(parents=True)
    assert run("charts", "export", "out").exit_code == 0


def test_an_old_archive_is_reported_and_kept(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cloudcore-0.0.9.tgz").write_bytes(b"old")
    (tmp_path / "cloudcore-0.0.8.tgz").write_bytes(b"older")
    (tmp_path / "other-1.0.0.tgz").write_bytes(b"another chart")
    (tmp_path / "cloudcore-0.1.0.tgz").write_bytes(b"changed")
    ran = run("charts", "export", ".", "--format", "tgz")
    assert ran.exit_code == 1
    assert ran.stderr == (
        "cloudcore-0.1.0.tgz: exists already (choose another folder, or use --force) [output-exists]\n"
        "1 problem; nothing was written.\n"
    )
    ran = run("charts", "export", ".", "--format", "tgz", "--force")
    assert ran.exit_code == 0
    assert ran.stderr == (
        "warning: index.yaml: does not list cloudcore-0.0.8.tgz, cloudcore-0.0.9.tgz (add them with "
        "`helm repo index`, see docs/publish.md) [archive-not-in-index]\n"
    )
    assert (tmp_path / "cloudcore-0.0.9.tgz").read_bytes() == b"old"


# --- problems --------------------------------------------------------------------------------


def test_every_problem_is_reported_at_once(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SOURCE_DATE, "yesterday")
    (tmp_path / "index.yaml").write_text("mine\n")
    ran = run("charts", "export", ".", "--format", "tgz", "--url", "charts.example.com")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert (
        ran.stderr
        == """\
--url: must be the address of the folder with the archives (got charts.example.com) (for example \
https://charts.example.com/kubeedge) [bad-repository-url]
SOURCE_DATE_EPOCH: must be a number of seconds since 1970 (got yesterday) (for example the time of a commit: \
git log -1 --format=%ct; or unset it) [bad-source-date]
index.yaml: exists already (choose another folder, or use --force) [output-exists]
3 problems; nothing was written.
"""
    )
    assert content(tmp_path) == {"index.yaml": b"mine\n"}


@pytest.mark.parametrize("date", ["", "-1", "1.5", "1_0", "٣", "253402300800", " 1", "9" * 5000])
def test_bad_source_dates(run: Run, date: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SOURCE_DATE, date)
    ran = run("charts", "export", "out", "--format", "tgz")
    assert ran.exit_code == 1
    assert "[bad-source-date]" in ran.stderr


@pytest.mark.parametrize("date", ["0", "253402300799"])
def test_good_source_dates(run: Run, date: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SOURCE_DATE, date)
    assert run("charts", "export", "out", "--format", "tgz").exit_code == 0


@pytest.mark.parametrize(
    "url", ["", "charts", "ftp://a", "https://", "https://a/b?c", "https://a/#b", "https://a b", "https://[a"]
)
def test_bad_urls(run: Run, url: str) -> None:
    ran = run("charts", "export", "out", "--format", "tgz", "--url", url)
    assert ran.exit_code == 1
    assert ran.stderr.startswith("--url: must be the address of the folder with the archives (")
    assert ran.stderr.endswith("[bad-repository-url]\n1 problem; nothing was written.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["charts", "export"],
        ["charts", "export", ""],
        ["charts", "export", "out", "--format", "zip"],
        ["charts", "export", "out", "--url", "https://charts.example.com"],
        ["charts", "--check", "export", "out"],
        ["charts", "exprt"],
    ],
    ids=" ".join,
)
def test_wrong_usage(run: Run, arguments: list[str], tmp_path: Path) -> None:
    assert run(*arguments).exit_code == 2
    assert [*tmp_path.iterdir()] == []


def test_a_file_in_the_place_of_the_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    ran = run("charts", "export", "out")
    assert (ran.exit_code, ran.stderr) == (3, "out: cannot be written: it is not a folder\n")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("below", ["", "new", "cloudcore"])
def test_the_charts_are_not_exported_into_themselves(
    run: Run, form: str, below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(locations.CHARTS, tmp_path / "charts")
    monkeypatch.setattr(locations, "CHARTS", tmp_path / "charts")
    before = content(tmp_path)
    ran = run("charts", "export", f"charts/{below}", "--format", form, "--force")
    assert ran.exit_code == 1
    assert ran.stderr == (
        f"{Path('charts', below)}: is in the folder of the charts to export (choose another folder) "
        "[output-is-input]\n1 problem; nothing was written.\n"
    )
    assert content(tmp_path) == before


# --- interruptions ---------------------------------------------------------------------------


class Killed(BaseException):
    """Stands for a kill: nothing handles it."""


def interrupt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start an export that is killed while it moves the new files."""

    def killed(_: journal.Journal) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "_move", killed)
        patch.setattr(journal.Journal, "_give_up", lambda _: None)
        with pytest.raises(Killed):
            export_charts(folder, "tgz")


def test_the_next_run_finishes_an_interrupted_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(tmp_path / "out", monkeypatch)
    with pytest.raises(UnfinishedWrite):
        export_charts(tmp_path / "out", "tgz", dry_run=True)
    ran = run("charts", "export", "out", "--format", "tgz")
    assert ran.exit_code == 0
    assert ran.stdout.splitlines()[0] == (
        " finished  out: what `generator charts export` wrote when it was interrupted"
    )
    assert content(tmp_path / "out").keys() == {*ARCHIVES, "index.yaml"}


def test_a_finished_run_is_reported_before_problems(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(tmp_path / "out", monkeypatch)
    ran = run("charts", "export", "out", "--format", "tgz", "--url", "https://charts.example.com")
    assert (ran.exit_code, ran.stdout.count("\n")) == (1, 1)
    assert ran.stdout.startswith(" finished  out: ")
    assert ran.stderr.startswith("out/index.yaml: exists already ")
