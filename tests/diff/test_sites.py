"""--base in the repository of an operator: sites are detected by their content."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.diff.test_command import git

SITE = "profile: %s\ncloudCore: {modules: {cloudHub: {advertiseAddress: [192.0.2.10], nodeLimit: %s}}}\n"
NO_PROFILE = "cloudCore: {modules: {cloudHub: {advertiseAddress: [192.0.2.10], nodeLimit: %s}}}\n"
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {profile: x}\n"


def put(name: str, text: str) -> None:
    """Write a file below the current folder."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, "utf-8")


def commit(**files: str) -> None:
    """Commit files; `__` in a name stands for a folder."""
    for name, text in files.items():
        put(f"{name.replace('__', '/')}.yaml", text)
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "one")


def scenarios(run: Run, *arguments: str) -> list[str]:
    return list(
        json.loads(run("diff", "--base", "git:HEAD", *arguments, "--format", "json").stdout)["scenarios"]
    )


def test_a_site_at_the_root_is_found_and_rendered_in_its_own_profile(run: Run) -> None:
    commit(site=SITE % ("mtls", 10), deploy=CONFIG_MAP)
    ran = run("diff", "--base", "git:HEAD")
    assert ran.exit_code == 0
    assert "note: compared: site (as written) [scenarios-compared]\n" in ran.stdout
    put("site.yaml", SITE % ("mtls", 20))
    ran = run("diff", "--base", "git:HEAD")
    assert ran.exit_code == 1
    assert "because cloudCore.modules.cloudHub.nodeLimit changed" in ran.stdout


def test_another_profile_of_a_site_is_a_difference(run: Run) -> None:
    commit(site=SITE % ("plain", 10))
    put("site.yaml", SITE % ("one-way", 10))
    ran = run("diff", "--base", "git:HEAD")
    assert "all because profile changed" in ran.stdout


def test_switching_streams_is_one_cause_with_its_effects(run: Run) -> None:
    site = SITE % ("plain", 10) + "streams: {enable: %s}\n"
    commit(site=site % "false")
    put("site.yaml", site % "true")
    source = "cloudCore.streamCertificate.existingSecret=stream"
    ran = run("diff", "--base", "git:HEAD", "--set", source)
    assert "because streams.enable changed" in ran.stdout
    for code in ("edgecore-restart", "restart", "rbac-widened"):
        assert f"[{code}]\n" in ran.stdout
    assert "edgecore.yaml: modules.edgeStream.enable\n" in ran.stdout
    assert "cloudcore.yaml: modules.cloudStream.enable\n" in ran.stdout


def test_a_site_without_a_profile_is_compared_as_written_and_in_every_profile(run: Run) -> None:
    commit(site=NO_PROFILE % 10)
    every = ["site", "site, plain", "site, one-way", "site, one-way-verified", "site, mtls"]
    assert scenarios(run) == every
    assert scenarios(run, "--profile", "mtls") == ["site, mtls"]


def test_sites_are_found_in_folders_and_new_ones_too(run: Run) -> None:
    commit(plants__a__site=SITE % ("plain", 1), plants__b__site=SITE % ("plain", 1), values=CONFIG_MAP)
    put("plants/c.yml", SITE % ("plain", 1))
    put("charts/x/Chart.yaml", "name: x\n")
    put("charts/x/values.yaml", SITE % ("plain", 1))
    put("tests/site.yaml", SITE % ("plain", 1))
    assert run("diff", "--sites").stdout.split() == [
        "plants/a/site.yaml",
        "plants/b/site.yaml",
        "plants/c.yml",
    ]
    ran = run("diff", "--base", "git:HEAD")
    assert "compared: plants/a/site.yaml (as written); plants/b/site.yaml (as written)" in ran.stdout
    assert "+ Site plants/c.yml (added)" in ran.stdout


def test_rendered_files_are_not_sites(run: Run) -> None:
    commit(site=SITE % ("plain", 1))
    assert run("render", "-f", "site.yaml", "-o", "build").exit_code == 0
    assert Path("build/edgemesh/values.yaml").is_file()
    assert run("diff", "--sites").stdout == "site.yaml\n"


def test_a_removed_site_is_reported_as_deleted(run: Run) -> None:
    commit(a=SITE % ("plain", 1), b=SITE % ("plain", 1))
    Path("b.yaml").unlink()
    ran = run("diff", "--base", "git:HEAD")
    assert (ran.exit_code, "- Site b.yaml (deleted)" in ran.stdout) == (1, True)


def test_a_site_that_became_unreadable_is_rejected(run: Run) -> None:
    commit(site=SITE % ("plain", 1))
    put("site.yaml", "profile: [\n")
    ran = run("diff", "--base", "git:HEAD", "--fail-on", "refused")
    assert ran.exit_code == 1
    assert "error: Site site: the charts reject the values now and accepted them before: " in ran.stdout
    assert "\\n" not in ran.stdout
    assert "[refused]" in ran.stdout


def test_every_reason_why_a_site_is_rejected_is_on_one_line(run: Run) -> None:
    commit(site=SITE % ("plain", 1))
    put("site.yaml", "profile: plain\ncloudCore: {modules: {cloudHub: {one: 1, two: 2}}}\n")
    ran = run("diff", "--base", "git:HEAD")
    (line,) = [one for one in ran.stdout.splitlines() if "the charts reject the values now" in one]
    assert ": cloudCore.modules.cloudHub.one: not read by this release [unknown-key]; cloudCore." in line
    assert "\\n" not in line


def test_a_repository_without_sites_has_nothing_to_compare(run: Run) -> None:
    commit(deploy=CONFIG_MAP)
    for arguments in (("--base", "git:HEAD"), ("--sites",)):
        ran = run("diff", *arguments)
        assert (ran.exit_code, ran.stdout) == (2, "")
        assert "no values file for the charts in this repository" in ran.stderr


def test_sites_rejected_on_both_sides_are_not_compared(run: Run) -> None:
    bad = "profile: mtls\nagent: {nonsense: 1}\n"
    commit(site=SITE % ("plain", 1), bad=bad)
    ran = run("diff", "--base", "git:HEAD")
    assert ran.exit_code == 0
    assert "note: bad: not compared, because both sides reject it: " in ran.stdout
    assert scenarios(run) == ["site"]
    git("rm", "--quiet", "site.yaml")
    git("commit", "--quiet", "--message", "two")
    ran = run("diff", "--base", "git:HEAD")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "bad: not compared" in ran.stderr


def test_values_files_of_the_option_are_not_sites(run: Run) -> None:
    commit(common=NO_PROFILE % 1, site="profile: plain\nagent: {podLabels: {a: b}}\n")
    put("common.yaml", NO_PROFILE % 2)
    found = scenarios(run, "-f", "common.yaml", "--profile", "plain")
    assert found == ["defaults, plain", "site, plain"]


@pytest.mark.parametrize("folder", ["values/examples", "deep"])
def test_the_folder_of_the_sites_can_be_given(folder: str, run: Run) -> None:
    put(f"{folder}/one.yaml", SITE % ("plain", 1))
    commit(site=SITE % ("plain", 1))
    assert scenarios(run, "--examples", folder) == ["one"]
