"""ci/pre-commit as a git hook, and as a hook of the pre-commit framework."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.ci.repository import ROOT, SITE, change, git, make, run

pytestmark = pytest.mark.long


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with the hook installed as in ci/README.md."""
    folder = make(tmp_path / "repository")
    line = "ln -s ../../ci/pre-commit .git/hooks/pre-commit"
    assert line in (ROOT / "ci/README.md").read_text("utf-8")
    assert run(folder, *line.split()).returncode == 0
    return folder


def commit(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run(folder, "git", "commit", "--quiet", "--message", "change", *options)


def commits(folder: Path) -> int:
    return int(git(folder, "rev-list", "--count", "HEAD"))


def test_a_valid_change_is_shown_and_committed(repository: Path) -> None:
    change(repository, SITE, "192.0.2.10", "192.0.2.11")
    done = commit(repository, "--all")
    assert done.returncode == 0
    assert "git:HEAD -> working tree: " in done.stdout + done.stderr
    assert commits(repository) == 2
    assert git(repository, "status", "--porcelain") == ""


def test_an_invalid_site_stops_the_commit(repository: Path) -> None:
    change(repository, SITE, "advertiseAddress", "advertiseAdress")
    git(repository, "add", SITE)
    done = commit(repository)
    assert done.returncode == 1
    assert f"{SITE}:6: cloudCore.modules.cloudHub.advertiseAdress: " in done.stderr
    assert commits(repository) == 1


def test_the_hook_reads_the_index_and_not_the_working_tree(repository: Path) -> None:
    change(repository, SITE, "advertiseAddress", "advertiseAdress")
    git(repository, "add", SITE)
    change(repository, SITE, "advertiseAdress", "advertiseAddress")
    assert commit(repository).returncode == 1, "mended in the working tree only"
    git(repository, "add", SITE)
    change(repository, SITE, "advertiseAddress", "advertiseAdress")
    assert commit(repository, "--allow-empty").returncode == 0, "broken in the working tree only"


def test_a_class_of_fail_on_stops_the_commit(repository: Path) -> None:
    change(repository, SITE, "192.0.2.10", "192.0.2.11")
    git(repository, "add", SITE)
    done = run(repository, "git", "commit", "--quiet", "--message", "change", FAIL_ON="certificate")
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).splitlines()
    assert any("ConfigMap kubeedge/cloudcore: " in line and line.endswith(" [certificate]") for line in lines)


def test_a_chart_that_rejects_a_site_stops_the_commit(repository: Path) -> None:
    (repository / "charts/cloudcore/templates/no.yaml").write_text('{{ fail "never" }}\n', "utf-8")
    git(repository, "add", "charts")
    done = commit(repository)
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).splitlines()
    assert any("error: Site quickstart, mtls: " in line and line.endswith(" [refused]") for line in lines)


def test_other_changes_do_not_start_the_generator(repository: Path) -> None:
    (repository / "notes.md").write_text("a\n", "utf-8")
    git(repository, "add", "notes.md")
    done = run(repository, "git", "commit", "--quiet", "--message", "notes", GENERATOR="/nonexistent")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_removed_site_is_not_checked(repository: Path) -> None:
    git(repository, "rm", "--quiet", SITE)
    assert commit(repository).returncode == 0


def test_the_hook_works_in_a_linked_worktree(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(repository, "worktree", "add", "--quiet", "-b", "other", str(other))
    change(other, SITE, "advertiseAddress", "advertiseAdress")
    git(other, "add", SITE)
    assert commit(other).returncode == 1
    change(other, SITE, "advertiseAdress", "advertiseAddress")
    assert commit(other, "--all", "--allow-empty").returncode == 0


def test_the_framework_passes_the_files(repository: Path) -> None:
    assert run(repository, "ci/pre-commit", SITE).returncode == 0, "nothing is staged; --all-files"
    change(repository, SITE, "advertiseAddress", "advertiseAdress")
    git(repository, "add", SITE)
    assert run(repository, "ci/pre-commit", SITE).returncode == 1
    assert run(repository, "ci/pre-commit", "README.md").returncode == 0


def test_a_missing_generator_is_reported(repository: Path) -> None:
    change(repository, SITE, "192.0.2.10", "192.0.2.11")
    git(repository, "add", SITE)
    done = run(repository, "git", "commit", "--message", "change", GENERATOR="/nonexistent")
    assert done.returncode == 1
    assert "/nonexistent" in done.stderr
