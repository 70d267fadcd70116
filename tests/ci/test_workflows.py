"""The workflow files of the forges: permissions, secrets, and that every script exists."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ci.forge import MARKER
from tests.ci.repository import CI, ROOT

WORKFLOWS = sorted((CI / "github-actions").glob("*.yml"))
GITLAB = CI / "gitlab/generator-diff.gitlab-ci.yml"
GITLAB_PUBLISH = CI / "gitlab/publish-charts.gitlab-ci.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
SHELL = [CI / "pre-commit", CI / "render-and-diff.sh", CI / "publish-charts.sh"]

# YAML 1.1 reads `on` as a boolean.
ON = True


def read(path: Path) -> dict[Any, Any]:
    """Read a workflow file."""
    found = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def scripts(text: str) -> list[str]:
    """Return the scripts that a text calls."""
    return re.findall(r"(?<![\w/.])ci/[\w-]+(?:\.sh|\.py)?(?=\s|$)", text)


@pytest.fixture
def diff() -> dict[Any, Any]:
    return read(CI / "github-actions/generator-diff.yml")


@pytest.fixture
def comment() -> dict[Any, Any]:
    return read(CI / "github-actions/generator-comment.yml")


def test_the_workflow_of_a_pull_request_has_only_read_permissions(diff: dict[Any, Any]) -> None:
    assert diff[ON] == "pull_request", "pull_request_target would have a token that writes"
    assert diff["permissions"] == {"contents": "read"}
    assert [job for job in diff["jobs"].values() if "permissions" in job or "secrets" in job] == []
    text = (CI / "github-actions/generator-diff.yml").read_text("utf-8")
    assert re.findall(r"secrets\.|github\.token|GITHUB_TOKEN", text) == []


def test_the_comment_workflow_runs_no_code_of_the_pull_request(comment: dict[Any, Any]) -> None:
    assert comment["permissions"] == {"actions": "read", "contents": "read", "pull-requests": "write"}
    checkout, post = steps(comment)
    assert checkout["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    assert "repository" not in checkout["with"]
    assert post["run"] == 'ci/post-comment.py github "$RUN_ID"'
    (job,) = comment["jobs"].values()
    assert job["if"] == "github.event.workflow_run.event == 'pull_request'"


def test_both_workflows_use_the_same_names(diff: dict[Any, Any], comment: dict[Any, Any]) -> None:
    assert comment[ON] == {"workflow_run": {"workflows": [diff["name"]], "types": ["completed"]}}
    uploads = {s["with"]["name"]: s for s in steps(diff) if "upload-artifact" in s.get("uses", "")}
    script = (CI / "post-comment.py").read_text("utf-8")
    assert 'ARTIFACT = "generator-diff-comment"' in script
    assert uploads["generator-diff-comment"]["with"]["path"] == "build/ci/comment/"
    assert all("rendered" not in s["with"]["path"] and s["if"] == "always()" for s in uploads.values())


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_scripts_contain_no_untrusted_text(path: Path) -> None:
    for step in steps(read(path)):
        assert "${{" not in step.get("run", ""), "expressions belong into env"
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_from_github_and_pinned_by_commit(path: Path) -> None:
    used = [step["uses"] for step in steps(read(path)) if "uses" in step]
    assert used
    assert [name for name in used if not re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", name)] == []
    tagged = re.findall(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", path.read_text("utf-8"), re.MULTILINE)
    assert len(tagged) == len(used)


def test_gitlab_jobs_of_merge_requests_have_no_token() -> None:
    jobs = read(GITLAB)
    assert jobs.keys() == {"generator-diff", "generator-comment"}
    assert jobs["generator-diff"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert "TOKEN" not in str(jobs["generator-diff"])
    (rule,) = jobs["generator-comment"]["rules"]
    assert set(rule["if"].split(" && ")) == {
        '$CI_PIPELINE_SOURCE == "schedule"',
        "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
        '$CI_COMMIT_REF_PROTECTED == "true"',
    }
    assert jobs["generator-comment"]["script"] == ["ci/post-comment.py gitlab"]
    assert "rendered" not in str(jobs["generator-diff"]["artifacts"])


def test_gitlab_posts_the_artifact_of_its_job() -> None:
    script = (CI / "post-comment.py").read_text("utf-8")
    kept = read(GITLAB)["generator-diff"]["artifacts"]["paths"]
    assert f'JOB, JOB_FILE = "generator-diff", "{kept[0]}"' in script


def test_charts_are_published_for_a_tag_and_only_the_push_has_the_password() -> None:
    workflow = read(CI / "github-actions/publish-charts.yml")
    assert workflow[ON] == {"push": {"tags": ["v*"]}}
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert job["environment"] == "publish"
    with_secrets = [step for step in job["steps"] if "secrets." in str(step)]
    assert [step["run"] for step in with_secrets] == [
        'ci/publish-charts.sh dist/charts "$TAG" "$REGISTRY"',
    ]
    assert "secrets." not in str({name: value for name, value in job.items() if name != "steps"})


def test_gitlab_publishes_charts_for_a_protected_tag() -> None:
    jobs = read(GITLAB_PUBLISH)
    assert jobs.keys() == {"charts-package", "charts-publish"}
    for job in jobs.values():
        assert job["rules"] == [{"if": '$CI_COMMIT_TAG =~ /^v/ && $CI_COMMIT_REF_PROTECTED == "true"'}]
    assert jobs["charts-publish"]["needs"] == ["charts-package"]
    # The job with the password runs nothing else of the repository.
    assert jobs["charts-publish"]["script"] == [
        'ci/publish-charts.sh dist/charts "$CI_COMMIT_TAG" "$REGISTRY"',
    ]


def test_both_forges_pack_the_charts_in_the_same_way() -> None:
    workflow = read(CI / "github-actions/publish-charts.yml")
    (pack,) = [step["run"] for step in steps(workflow) if "make package" in step.get("run", "")]
    assert read(GITLAB_PUBLISH)["charts-package"]["script"] == ["make setup", pack]
    assert "\npackage: " in (ROOT / "Makefile").read_text("utf-8")


def test_all_scripts_use_the_same_marker() -> None:
    for name in ("render-and-diff.sh", "post-comment.py"):
        assert (CI / name).read_text("utf-8").count(MARKER) == 1
    assert MARKER in (ROOT / "generator/diff/formats/markdown.py").read_text("utf-8")


@pytest.mark.parametrize(
    "path", [*WORKFLOWS, GITLAB, GITLAB_PUBLISH, HOOKS, CI / "README.md"], ids=lambda path: path.name
)
def test_every_named_script_is_executable(path: Path) -> None:
    named = scripts(path.read_text("utf-8"))
    assert named
    for name in named:
        assert os.access(ROOT / name, os.X_OK), name
        listed = subprocess.run(["git", "ls-files", "-s", name], cwd=ROOT, check=True, capture_output=True)
        assert listed.stdout.startswith(b"100755 "), f"{name} is not executable in git"


def test_the_readme_shows_the_hook_of_the_framework() -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    (block,) = re.findall(r"```yaml\n(.*?)```", (CI / "README.md").read_text("utf-8"), re.DOTALL)
    (local,) = yaml.safe_load(block)["repos"][0]["hooks"]
    assert {name: hook[name] for name in local} == local
    assert re.match(hook["files"], "values/examples/quickstart.yaml")
    assert re.match(hook["files"], "charts/edgemesh/values.yaml")
    assert re.match(hook["files"], "plants/a/site.yml")
    assert not re.match(hook["files"], "README.md")


@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_shell_scripts_are_posix(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert "\nset -u\n" in text
    done = subprocess.run(["sh", "-n", str(path)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("path", sorted(CI.rglob("*.*")), ids=lambda path: path.name)
def test_no_file_names_a_host(path: Path) -> None:
    # The examples for Argo CD and Flux name a host that nobody has.
    text = "" if path.is_dir() else path.read_text("utf-8")
    assert re.findall(r"https?://(?!git\.example\.com/)", text) == []
