"""Sides that are not manifests: sites and values are rendered, and configs of programs are compared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.diff.formats import FORMATS
from tests.cli.conftest import ADDRESS, Run
from tests.diff.test_command import git
from tests.diff.test_streams import ONE

SITE = "profile: plain\ncloudCore: {modules: {cloudHub: {advertiseAddress: [192.0.2.10], nodeLimit: %s}}}\n"
EDGECORE = "kind: EdgeCore\nmodules: {edgeHub: {websocket: {server: %s}}}\n"
CLOUDCORE = "kind: CloudCore\nmodules: {cloudHub: {nodeLimit: %s}}\n"
AGENT = "kind: EdgeMeshAgent\nmodules: {edgeProxy: {enable: %s}}\n"
GATEWAY = "nodeName: edge-1\npsk: {enable: true}\n"
OTHER = "replicas: 3\n"


def write(**files: str) -> None:
    """Write files ending with .yaml into the current folder."""
    for name, text in files.items():
        Path(f"{name}.yaml").write_text(text, "utf-8")


# --- sites and values ------------------------------------------------------------------------


def test_bare_site_files_are_rendered(run: Run) -> None:
    write(a=SITE % 10, b=SITE % 20)
    bare, full = run("diff", "a.yaml", "b.yaml"), run("diff", "values:a.yaml", "values:b.yaml")
    assert (bare.exit_code, bare.stdout) == (1, full.stdout)
    assert "modules.cloudHub.nodeLimit" in bare.stdout
    assert run("diff", "a.yaml", "a.yaml").exit_code == 0


def test_a_site_on_standard_input_is_rendered(run: Run) -> None:
    write(a=SITE % 10)
    ran = run("diff", "a.yaml", "-", stdin=SITE % 20)
    assert ran.exit_code == 1
    assert ran.stdout.startswith("a.yaml -> standard input: ")


def test_the_profile_option_wins_over_the_profile_of_a_site(run: Run) -> None:
    write(a=SITE % 10)
    assert run("diff", "a.yaml", "plain", "-f", "a.yaml").exit_code == 0
    assert run("diff", "a.yaml", "plain", "-f", "a.yaml", "--profile", "mtls").exit_code == 1


def test_a_site_is_rendered_if_the_other_side_is_manifests(run: Run) -> None:
    write(a=SITE % 10)
    Path("live.yaml").write_text(run("render", "-f", "a.yaml").stdout, "utf-8")
    assert run("diff", "live.yaml", "a.yaml").exit_code == 0


def test_a_commit_is_rendered_with_the_site_of_the_other_side(run: Run) -> None:
    write(site=SITE % 10)
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "one")
    assert run("diff", "git:HEAD", "site.yaml").exit_code == 0
    write(site=SITE % 20)
    ran = run("diff", "git:HEAD", "site.yaml")
    assert ran.exit_code == 1
    assert "deleted" not in ran.stdout
    assert "because cloudCore.modules.cloudHub.nodeLimit changed" in ran.stdout


def test_values_of_one_upstream_chart_are_compared_with_that_chart_alone(run: Run) -> None:
    write(a="agent: {podLabels: {a: b}}\n", b="agent: {podLabels: {a: c}}\n")
    ran = run("diff", "a.yaml", "b.yaml")
    assert ran.exit_code == 1
    note = "only the chart edgemesh is compared, because the values are for it (add others with --chart)"
    assert ran.stdout.count(note) == 1
    assert "cloudcore" not in ran.stdout
    every = run(
        "diff", "a.yaml", "b.yaml", "--set", ADDRESS, *(f"--chart={c}" for c in ("edgecore", "edgemesh"))
    )
    assert note not in every.stdout
    assert "2 objects" not in every.stdout


# --- configs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "old", "new", "says"),
    [
        (
            EDGECORE,
            "192.0.2.1:10000",
            "192.0.2.2:10000",
            "ConfigFile edgecore.yaml: this edgecore.yaml changes (restart ",
        ),
        (
            CLOUDCORE,
            "10",
            "20",
            "ConfigFile cloudcore.yaml: cloudcore reads it only when it starts (restart cloudcore ",
        ),
        (AGENT, "true", "false", "ConfigFile edgemesh-agent.yaml: edgemesh-agent reads it "),
    ],
    ids=["edgecore", "cloudcore", "edgemesh-agent"],
)
def test_a_changed_config_has_the_impacts_of_its_program(
    text: str, old: str, new: str, says: str, run: Run
) -> None:
    write(a=text % old, b=text % new)
    ran = run("diff", "a.yaml", "b.yaml")
    assert ran.exit_code == 1
    assert says in ran.stdout
    assert run("diff", "a.yaml", "a.yaml").stdout.startswith(
        "a.yaml -> a.yaml: no difference; 1 object the same"
    )


def test_the_release_of_a_config_is_assumed_or_given(run: Run) -> None:
    write(a=EDGECORE % "a:1", b=EDGECORE % "b:1")
    note = "edgecore.yaml: assumed to be for KubeEdge 1.23 (set it with --kubeedge-version) [newest-"
    assert run("diff", "a.yaml", "b.yaml").stdout.count(note) == 1
    assert "assumed" not in run("diff", "a.yaml", "b.yaml", "--kubeedge-version", "1.16").stdout


def test_a_config_is_compared_with_a_rendered_config(run: Run) -> None:
    write(a=EDGECORE % "192.0.2.1:10000", site=SITE % 10)
    ran = run("diff", "a.yaml", "site.yaml")
    assert ran.stdout.startswith("a.yaml -> site.yaml: 1 changed; 0 unchanged")
    assert "modules.edgeHub.websocket.server\n    - 192.0.2.1:10000\n    + 192.0.2.10:10000" in ran.stdout


def test_a_config_is_compared_with_its_version_in_a_commit(run: Run) -> None:
    write(edge=EDGECORE % "192.0.2.1:10000", new=EDGECORE % "192.0.2.1:10000")
    git("init", "--quiet")
    git("add", "edge.yaml")
    git("commit", "--quiet", "--message", "one")
    assert run("diff", "git:HEAD", "edge.yaml").exit_code == 0
    write(edge=EDGECORE % "192.0.2.2:10000")
    ran = run("diff", "git:HEAD", "edge.yaml")
    assert (ran.exit_code, ran.stdout.split("\n")[0]) == (1, "git:HEAD -> edge.yaml: 1 changed; 0 unchanged")
    ran = run("diff", "git:HEAD", "new.yaml")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "git:HEAD: does not have new.yaml" in ran.stderr


def test_configs_of_several_nodes_are_matched_by_file_name(run: Run) -> None:
    for folder, address in (("old", "192.0.2.1:10000"), ("new", "192.0.2.2:10000")):
        for node in ("n1", "n2"):
            Path(folder, node).mkdir(parents=True)
            Path(folder, node, "edgecore.yaml").write_text(EDGECORE % address, "utf-8")
    ran = run("diff", "old", "new")
    assert ran.stdout.startswith("old -> new: 2 changed; 0 unchanged")
    assert "* ConfigFile n1/edgecore.yaml\n" in ran.stdout
    ran = run("diff", "old/n1/edgecore.yaml", "new")
    assert ran.exit_code == 2
    assert "new: has 2 edgecore.yaml: n1/edgecore.yaml, n2/edgecore.yaml" in ran.stderr


# --- what cannot be compared -----------------------------------------------------------------

NOTHING = {
    "nothing in either": ("", "# nothing\n", "a.yaml: has no Kubernetes object"),
    "values of somebody": (
        OTHER,
        OTHER,
        "a.yaml:1: not a Kubernetes object: it has no apiVersion and no kind",
    ),
    "values of somebody and manifests": (OTHER, ONE, "a.yaml:1: not a Kubernetes object"),
    "manifests and values of somebody": (ONE, OTHER, "b.yaml:1: not a Kubernetes object"),
    "configs of two programs": (EDGECORE % "a:1", CLOUDCORE % 1, "a.yaml: has no cloudcore.yaml to compare"),
    "a config and manifests without it": (EDGECORE % "a:1", ONE, "b.yaml: has no edgecore.yaml to compare"),
    "values of the gateway's chart": (
        GATEWAY,
        GATEWAY,
        "is values of the upstream edgemesh-gateway chart (run `generator import` to convert it ",
    ),
    "two sites in one file": (f"{SITE % 1}---\n{SITE % 2}", ONE, "a.yaml:1: is a site file of this project"),
}


@pytest.mark.parametrize(("before", "after", "says"), NOTHING.values(), ids=NOTHING)
def test_what_cannot_be_compared_is_an_error(before: str, after: str, says: str, run: Run) -> None:
    write(a=before, b=after)
    ran = run("diff", "a.yaml", "b.yaml")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert says in ran.stderr
    assert ran.stderr.endswith("nothing was compared.\n")


def test_a_side_without_objects_differs_from_one_with_objects(run: Run) -> None:
    write(a="", b=ONE)
    assert run("diff", "a.yaml", "b.yaml").stdout.startswith("a.yaml -> b.yaml: 1 added")


def test_a_site_among_manifests_is_reported(run: Run) -> None:
    write(a=f"{ONE}---\n{SITE % 1}", b=ONE)
    ran = run("diff", "a.yaml", "b.yaml")
    assert ran.exit_code == 0
    assert (
        "document 2: is a site file of this project; values and configs are not compared inside a file of "
        "manifests" in ran.stdout
    )


# --- names that are not files ----------------------------------------------------------------


def test_a_name_that_is_too_long_is_unreadable(run: Run) -> None:
    write(a=ONE)
    ran = run("diff", "x" * 5000, "a.yaml")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert "cannot be read: File name too long" in ran.stderr


def test_a_file_below_an_unreadable_folder_is_unreadable(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests in containers run as root, who can read every folder.
    def denied(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    write(a=ONE)
    monkeypatch.setattr(Path, "is_fifo", denied)
    ran = run("diff", "locked/b.yaml", "a.yaml")
    assert ran.exit_code == 1
    assert ran.stderr.startswith("locked/b.yaml: cannot be read: Permission denied")


def test_a_pipe_without_a_writer_is_rejected(run: Run) -> None:
    write(a=ONE)
    os.mkfifo("pipe")
    ran = run("diff", "pipe", "a.yaml")
    assert ran.exit_code == 1
    assert ran.stderr.startswith("pipe: is a named pipe, not a file (use - to read standard input)")


def test_broken_links_are_unreadable(run: Run) -> None:
    write(a=ONE)
    Path("folder").mkdir()
    Path("folder/a.yaml").symlink_to("a.yaml")
    Path("folder/b.yaml").symlink_to("missing.yaml")
    ran = run("diff", "folder", "a.yaml")
    assert ran.exit_code == 1
    assert "folder/a.yaml: cannot be read: " in ran.stderr
    assert "folder/b.yaml: does not exist" in ran.stderr
    Path("loop").symlink_to("loop")
    assert run("diff", "loop", "a.yaml").stderr.startswith("loop: cannot be read: ")


@pytest.mark.parametrize("form", FORMATS)
def test_a_name_that_is_not_utf_8_is_written_with_escapes(form: str, run: Run) -> None:
    write(a=ONE, site=SITE % 10)
    for text in (ONE.replace("'1'", "'2'"), SITE % 20):
        name = os.fsdecode(b"b\xff.yaml")
        Path(name).write_text(text, "utf-8")
        ran = run("diff", "a.yaml" if text.startswith("api") else "site.yaml", name, "--format", form)
        assert ran.exit_code == 1
        assert ran.stdout.encode("utf-8")
