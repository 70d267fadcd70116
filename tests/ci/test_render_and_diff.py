"""Runs of ci/render-and-diff.sh."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from generator.diff.formats.markdown import LIMIT, MARKER
from tests.ci.repository import SITE, change, git, make, run

pytestmark = pytest.mark.long

OUT = "build/ci"


def compare(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "ci/render-and-diff.sh", *(options or ("HEAD", OUT)), **environment)


def comment(folder: Path) -> str:
    text = (folder / OUT / "comment/diff.md").read_text("utf-8")
    assert text.startswith(f"{MARKER}\n")
    assert text.count(MARKER) == 1
    assert len(text) <= LIMIT
    return text


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return make(tmp_path / "repository")


def test_a_change_has_every_report(repository: Path) -> None:
    change(repository, SITE, "192.0.2.10", "192.0.2.11")
    done = compare(repository, PR_NUMBER="7")
    assert (done.returncode, done.stderr) == (0, ""), "differences alone are no failure"
    assert done.stdout.startswith("git:HEAD → working tree\n")
    assert "because" in comment(repository)
    assert "cloudCore.modules.cloudHub.advertiseAddress" in comment(repository)

    out = repository / OUT
    assert json.loads((out / "diff.json").read_text("utf-8"))
    assert json.loads((out / "diff.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert list(ET.fromstring((out / "junit.xml").read_text("utf-8")).iter("testcase"))
    assert sorted(path.name for path in (out / "comment").iterdir()) == ["diff.md", "pr-number"]
    assert (out / "comment/pr-number").read_text("utf-8") == "7\n"
    assert (out / "rendered/quickstart/cloudcore/cloudcore.yaml").is_file()
    assert sorted(path.name for path in out.iterdir()) == [
        "comment",
        "diff.github",
        "diff.json",
        "diff.sarif",
        "junit.xml",
        "rendered",
    ]


def test_no_difference_is_reported_and_old_reports_are_deleted(repository: Path) -> None:
    (repository / OUT).mkdir(parents=True)
    (repository / OUT / "diff.old").write_text("{}", "utf-8")
    done = compare(repository)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no difference; " in comment(repository)
    assert not (repository / OUT / "diff.old").exists()
    assert not (repository / OUT / "comment/pr-number").exists()


def test_a_change_of_a_chart_is_compared_with_a_commit(repository: Path) -> None:
    change(repository, "charts/edgemesh/values.yaml", 'cpu: "0.5"', 'cpu: "0.6"')
    git(repository, "commit", "--quiet", "--all", "--message", "more")
    assert "no difference" in (compare(repository).stdout)
    assert compare(repository, "HEAD^1", OUT).returncode == 0
    assert "because the charts changed" in comment(repository)
    assert "restart" in comment(repository)


@pytest.mark.parametrize(("classes", "code"), [("restart,immutable", 1), ("immutable", 0)])
def test_only_classes_of_fail_on_fail(repository: Path, classes: str, code: int) -> None:
    change(repository, SITE, "192.0.2.10", "192.0.2.11")
    done = compare(repository, "HEAD", OUT, "--fail-on", classes)
    assert (done.returncode, done.stderr) == (code, "")
    assert "edgecore-restart" in comment(repository)


def test_the_comment_reports_a_rejected_site(repository: Path) -> None:
    change(repository, SITE, "advertiseAddress", "advertiseAdress")
    done = compare(repository)
    assert done.returncode == 1
    assert f"{SITE}:6: " in done.stderr
    assert "### Not compared: a site is refused" in comment(repository)
    # Indented, so that Markdown shows it as code.
    assert f"\n    {SITE}:6: " in comment(repository)


def test_a_new_site_that_is_not_yaml_is_rejected(repository: Path) -> None:
    (repository / "values/examples/new.yaml").write_text("a: [" + "`" * 4, "utf-8")
    assert compare(repository).returncode == 1
    assert "values/examples/new.yaml" in comment(repository)


def test_many_problems_are_cut_in_the_comment(repository: Path) -> None:
    keys = "\n".join(f"unknown{number}: 1" for number in range(3000))
    (repository / "values/examples/new.yaml").write_text(keys, "utf-8")
    assert compare(repository).returncode == 1
    assert len(comment(repository)) > 5_000


def test_an_unknown_commit_is_a_failure_of_git(repository: Path) -> None:
    done = compare(repository, "nowhere", OUT)
    assert done.returncode == 3
    assert "git:nowhere is not a commit of " in done.stderr
    assert "### Not compared: generator diff failed" in comment(repository)


def test_an_unknown_class_is_a_usage_error(repository: Path) -> None:
    done = compare(repository, "HEAD", OUT, "--fail-on", "nothing")
    assert done.returncode == 2
    assert "unknown class nothing" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("HEAD",), ("", OUT)])
def test_wrong_arguments_are_a_usage_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "ci").symlink_to(Path(__file__).parent.parent.parent / "ci")
    done = run(tmp_path, "ci/render-and-diff.sh", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: ci/render-and-diff.sh BASE OUTDIR")
