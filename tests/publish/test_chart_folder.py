"""Reading a chart: Helm's rules of .helmignore."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from generator import locations
from generator.components import CHARTS
from generator.errors import UnreadableFile
from generator.publish.chart_folder import ignore_rules, metadata, names_below, read_chart
from tests.publish.registry import helm

# Files that editors, tools and people leave in a chart.
JUNK = (
    ".DS_Store",
    ".git/config",
    "templates/.hidden.yaml",
    "templates/a.yaml~",
    "templates/tests/b.swp",
    "files/c.bak",
    ".vscode/settings.json",
    "charts/common/ci/values.yaml",
)


@pytest.fixture(params=CHARTS)
def littered(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a copy of a chart with such files, and with others that belong to the chart."""
    chart: str = request.param
    folder = tmp_path / chart
    shutil.copytree(locations.CHARTS / chart, folder)
    for name in (*JUNK, "files/.dotfile", "templates/deep/.kept.yaml", "ci.txt", "files/own.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# text\n")
    return folder


@pytest.mark.parametrize("binary", ["helm-3.10", "helm-4.3"])
def test_helm_packs_the_same_files(littered: Path, binary: str, tmp_path: Path) -> None:
    helm(binary, tmp_path, "package", str(littered), "--destination", str(tmp_path))
    (path,) = tmp_path.glob("*.tgz")
    with tarfile.open(path) as tar:
        packed = {member.name.partition("/")[2] for member in tar.getmembers()}
    assert set(read_chart(littered)) == packed


def test_values_for_tests_and_leftovers_are_left_out(littered: Path) -> None:
    found = set(read_chart(littered))
    assert found & {*JUNK} == set()
    assert [name for name in found if name.startswith("ci/")] == []
    assert {"ci.txt", "files/own.txt", "Chart.yaml", ".helmignore", "charts/common/Chart.yaml"} <= found


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [
        ("*.txt", {"a.txt", "b/a.txt", "b/c/a.txt"}),
        ("/a.txt", {"a.txt"}),
        ("b/*", {"b/a.txt", "b/x.md", "b/c/a.txt"}),
        ("b/*.txt", {"b/a.txt"}),
        ("c/", {"b/c/a.txt"}),
        ("x.md/", set()),
        ("?.md", {"b/x.md"}),
        ("  # a comment", set()),
        ("", set()),
    ],
)
def test_rules(rule: str, left_out: set[str], tmp_path: Path) -> None:
    every = {"a.txt", "b/a.txt", "b/x.md", "b/c/a.txt"}
    for name in every:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert every - {*names_below(tmp_path, ignore_rules(rule))} == left_out


@pytest.mark.parametrize("rule", ["!a", "**/a", "[ab]", "a\\b"])
def test_an_unsupported_rule_is_an_error(rule: str) -> None:
    with pytest.raises(ValueError, match="unsupported syntax"):
        ignore_rules(rule)


def test_a_link_to_a_missing_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".helmignore").touch()
    (tmp_path / "gone").symlink_to("nowhere")
    with pytest.raises(UnreadableFile, match=r"gone: does not exist \[file-missing\]"):
        read_chart(tmp_path)


def test_metadata_is_the_content_of_chart_yaml() -> None:
    found = metadata(read_chart(locations.CHARTS / "edgemesh"))
    assert (found["name"], found["apiVersion"]) == ("edgemesh", "v2")
