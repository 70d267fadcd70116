"""The command: arguments A and B, exit codes, --fail-on, causes; the checkout never changes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.diff.formats import FORMATS
from tests.cli.conftest import ADDRESS, Run
from tests.diff.test_streams import ONE, TWO

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
SITE = ("--set", ADDRESS)


def git(*arguments: str) -> str:
    """Run git in the current folder, with a neutral user."""
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def repository(run: Run) -> Run:
    """Run in a repository with the charts, an example and a site, all committed on a branch `first`."""
    shutil.copytree(ROOT / "charts", "charts")
    Path("values/examples").mkdir(parents=True)
    shutil.copy(ROOT / "values/examples/quickstart.yaml", "values/examples")
    shutil.copy(ROOT / "values/examples/quickstart.yaml", "site.yaml")
    git("init", "--quiet", "--initial-branch", "first")
    git("add", ".")
    git("commit", "--quiet", "--message", "one")
    return run


def change_chart() -> None:
    """Change a template: edgecore's ConfigMap gets an annotation."""
    template = Path("charts/edgecore/templates/edgecore/configmap.yaml")
    text = template.read_text("utf-8")
    template.write_text(
        text.replace("metadata:\n", "metadata:\n  annotations: {example.com/a: b}\n", 1), "utf-8"
    )


# --- arguments A and B ---------------------------------------------------------------------


def test_a_side_can_be_a_file_a_folder_or_standard_input(run: Run) -> None:
    Path("one.yaml").write_text(ONE, "utf-8")
    Path("folder").mkdir()
    Path("folder/two.yaml").write_text(TWO, "utf-8")
    ran = run("diff", "one.yaml", "folder")
    assert (ran.exit_code, ran.stderr) == (1, "")
    assert ran.stdout.startswith("one.yaml -> folder: 1 added, 1 deleted; 0 unchanged\n")
    ran = run("diff", "-", "one.yaml", stdin=ONE)
    assert (ran.exit_code, ran.stdout) == (
        0,
        "standard input -> one.yaml: no difference; 1 object the same\n",
    )
    assert run("diff", "one.yaml", "-", stdin=TWO).exit_code == 1


def test_a_side_can_be_a_profile(run: Run) -> None:
    bare, full = run("diff", "plain", "mtls", *SITE), run("diff", "profile:plain", "profile:mtls", *SITE)
    assert (bare.exit_code, bare.stdout) == (1, full.stdout)
    assert "all because profile changed" in bare.stdout
    assert run("diff", "mtls", "profile:mtls", *SITE).exit_code == 0


def test_a_profile_equals_its_rendered_manifests(run: Run) -> None:
    rendered = run("render", "--profile", "mtls", *SITE)
    Path("live.yaml").write_text(rendered.stdout, "utf-8")
    assert run("diff", "live.yaml", "mtls", *SITE).exit_code == 0
    ran = run("diff", "live.yaml", "plain", *SITE)
    assert ran.exit_code == 1
    assert "because" not in ran.stdout


def test_a_side_can_be_a_values_file_with_flags(run: Run) -> None:
    Path("one.yaml").write_text("agent: {podLabels: {example.com/a: c}}\n", "utf-8")
    Path("two.yaml").write_text("agent: {podLabels: {example.com/a: b}}\n", "utf-8")
    flags = ("--profile", "plain", *SITE, "--set-json", 'agent.nodeSelector={"a":"b"}')
    ran = run("diff", "values:one.yaml", "values:two.yaml", *flags)
    assert (ran.exit_code, ran.stderr) == (1, "")
    assert "nodeSelector" not in ran.stdout
    assert 'labels["example.com/a"]' in ran.stdout


def test_only_the_chosen_chart_is_compared(run: Run) -> None:
    ran = run("diff", "plain", "mtls", *SITE, "--chart", "edgecore", "--format", "json")
    objects = json.loads(ran.stdout)["objects"]
    assert {one["name"] for one in objects} == {"edgecore"}


def test_a_values_file_on_standard_input_is_read_for_both_sides(run: Run) -> None:
    ran = run("diff", "plain", "mtls", "-f", "-", stdin="edgeCore: {nodeGroups: {line-a: {}}}\n")
    assert (ran.exit_code, ran.stderr) == (1, "")
    assert "* ConfigMap kubeedge/edgecore-line-a\n" in ran.stdout
    assert "ConfigMap kubeedge/edgecore-line-a (" not in ran.stdout


# --- commits -------------------------------------------------------------------------------


def test_a_side_can_be_a_commit(repository: Run) -> None:
    assert repository("diff", "git:first", "mtls", "-f", "site.yaml").exit_code == 0
    change_chart()
    before = git("status", "--porcelain")
    ran = repository("diff", "git:first", "git:HEAD", "--profile", "mtls", "-f", "site.yaml")
    assert ran.exit_code == 0
    git("commit", "--quiet", "--all", "--message", "two")
    ran = repository("diff", "git:HEAD~1", "git:HEAD", "--profile", "mtls", "-f", "site.yaml")
    assert ran.exit_code == 1
    assert "  metadata.annotations\n    + example.com/a: b\n" in ran.stdout
    assert "because the charts changed" in ran.stdout
    assert before.strip().startswith("M charts/edgecore/templates/")
    assert git("status", "--porcelain") == ""
    assert git("worktree", "list").count("\n") == 1


def test_a_side_can_be_a_values_file_of_a_commit(repository: Run) -> None:
    text = Path("site.yaml").read_text("utf-8")
    Path("site.yaml").write_text(f"{text}agent: {{podLabels: {{example.com/a: b}}}}\n", "utf-8")
    ran = repository("diff", "git:first", "values:site.yaml", "--profile", "plain")
    assert ran.exit_code == 1
    assert 'labels["example.com/a"]' in ran.stdout
    assert "agent.podLabels" in ran.stdout
    assert git("status", "--porcelain") == " M site.yaml\n"


def test_base_without_changes_reports_no_difference(repository: Run) -> None:
    ran = repository("diff", "--base", "git:first")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert "no difference" in ran.stdout


def test_base_compares_every_site_in_every_profile(repository: Run) -> None:
    change_chart()
    ran = repository("diff", "--base", "git:first", "--format", "json")
    found = json.loads(ran.stdout)
    assert len(found["scenarios"]) == 14
    (one,) = found["objects"]
    assert (one["name"], sorted(one["scenarios"])) == ("edgecore", sorted(found["scenarios"]))
    assert git("status", "--porcelain").strip().startswith("M charts/edgecore/templates/")


@pytest.mark.parametrize(("version", "matters"), [("1.12", True), ("1.23", False)])
def test_base_uses_the_given_release(repository: Run, version: str, matters: bool) -> None:
    # Newer releases ignore this value and calculate it from the number of nodes.
    example = Path("values/examples/quickstart.yaml")
    example.write_text(example.read_text("utf-8") + "  kubeAPIConfig: {qps: 100}\n", "utf-8")
    ran = repository("diff", "--base", "git:first", "--kubeedge-version", version, "--format", "json")
    assert ran.exit_code == 1, ran.stderr
    changes = [change for one in json.loads(ran.stdout)["objects"] for change in one["changes"]]
    (found,) = (change for change in changes if "qps" in change["path"])
    assert found["behaviour"] is matters
    assert found["because"] == ["cloudCore.kubeAPIConfig.qps"]


def test_diff_runs_in_a_subfolder_of_the_repository(repository: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    example = Path("values/examples/quickstart.yaml")
    example.write_text(example.read_text("utf-8").replace("192.0.2.10", "192.0.2.11"), "utf-8")
    above = repository("diff", "--base", "git:first", "--format", "json")
    monkeypatch.chdir("values")
    below = repository("diff", "--base", "git:first", "--format", "json")
    assert json.loads(below.stdout)["objects"] == json.loads(above.stdout)["objects"] != []
    ran = repository("diff", "git:first", "values:examples/quickstart.yaml", "--profile", "plain")
    assert "+ 192.0.2.11\n" in ran.stdout


def test_base_reports_an_equal_impact_once(repository: Run) -> None:
    template = Path("charts/cloudcore/templates/cloudcore/deployment.yaml")
    text = template.read_text("utf-8")
    assert "replicas: {{" in text
    template.write_text(re.sub(r"replicas: \{\{.*\}\}", "replicas: 3", text), "utf-8")
    example = Path("values/examples/quickstart.yaml")
    example.write_text(example.read_text("utf-8") + "      nodeLimit: 700\n", "utf-8")
    ran = repository("diff", "--base", "git:first", "--format", "json")
    found = json.loads(ran.stdout)
    (scaled,) = [one for one in found["impacts"] if one["ruleId"] == "scaled"]
    assert scaled["scenarios"] == found["scenarios"]
    ran = repository("diff", "--base", "git:first", "--format", "github")
    assert "file=values/examples/quickstart.yaml,line=7::" in ran.stdout


def test_base_reports_a_scenario_that_is_now_rejected(repository: Run) -> None:
    template = Path("charts/edgecore/templates/edgecore/configmap.yaml")
    template.write_text('{{ fail "no more" }}\n' + template.read_text("utf-8"), "utf-8")
    ran = repository("diff", "--base", "git:first", "--fail-on", "refused")
    assert ran.exit_code == 1
    assert "no more" in ran.stdout


def test_base_reports_values_that_only_changed_rules_reject(repository: Run) -> None:
    rules = Path("charts/edgecore/templates/_rules.tpl")
    head, define, rest = rules.read_text("utf-8").partition('{{- define "edgecore.rules" -}}')
    assert define
    rules.write_text(f'{head}{define}{{{{ fail "no longer valid" }}}}{rest}', "utf-8")
    ran = repository("diff", "--base", "git:first", "--fail-on", "refused")
    assert ran.exit_code == 1
    assert "no longer valid" in ran.stdout


def test_base_does_not_accept_values_for_the_changed_rules_of_the_commit(repository: Run) -> None:
    rules = Path("charts/edgecore/templates/_rules.tpl")
    text = rules.read_text("utf-8")
    head, define, rest = text.partition('{{- define "edgecore.rules" -}}')
    rules.write_text(f'{head}{define}{{{{ fail "not valid yet" }}}}{rest}', "utf-8")
    git("commit", "--all", "--quiet", "--message", "two")
    rules.write_text(text, "utf-8")
    ran = repository("diff", "--base", "git:HEAD", "--format", "json")
    assert {one["status"] for one in json.loads(ran.stdout)["objects"]} == {"added"}


def test_base_without_helm_says_so_once(repository: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_BIN", "/nonexistent/helm")
    ran = repository("diff", "--base", "git:first", "--engine", "helm")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr.count("helm not found: /nonexistent/helm") == 1
    assert "reject" not in ran.stderr


# --- exit codes ----------------------------------------------------------------------------


REJECTED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "nothing": ((), 2, "give A and B"),
    "one side": (("plain",), 2, "give A and B"),
    "both ways": (("--base", "git:HEAD", "plain", "mtls"), 2, "give A and B"),
    "three sides": (("plain", "mtls", "one-way"), 2, "unexpected extra argument"),
    "unknown format": (("plain", "mtls", "--format", "xml"), 2, "xml"),
    "unknown class": (
        ("plain", "mtls", "--fail-on", "immutable,tls-weakend"),
        2,
        "unknown class tls-weakend",
    ),
    "no class": (("plain", "mtls", "--fail-on", ","), 2, "names no class"),
    "both stdin": (("-", "-"), 2, "standard input can be one side only"),
    "missing file": (("missing.yaml", "plain"), 1, "missing.yaml: does not exist"),
    "empty folder": (("empty", "plain"), 1, "empty: has no file that ends with .yaml, .yml, .json"),
    "unknown profile": (("profile:tls", "plain"), 2, "unknown profile tls (use one of plain,"),
    "values of nothing": (("plain", "values:"), 2, "Invalid value for B: values: needs a name"),
    "commit of nothing": (("git:", "plain"), 2, "Invalid value for A: git: needs a name"),
    "base of nothing": (("--base", "git:"), 2, "must be git:REF"),
    "missing values": (("values:no.yaml", "plain"), 1, "no.yaml: does not exist"),
    "invalid values": (("values:bad.yaml", "plain"), 1, "agnt"),
    "unknown ref": (("git:nowhere", "plain"), 3, "git:nowhere is not a commit of "),
    "ref that is an option": (("git:--help", "plain"), 3, "git:--help is not a commit of "),
    "unknown base": (("--base", "git:nowhere"), 3, "git:nowhere is not a commit of "),
    "base that is no ref": (("--base", "main"), 2, "must be git:REF"),
    "unknown release": (("plain", "mtls", "--kubeedge-version", "9.9"), 1, "9.9"),
}


@pytest.mark.parametrize(("arguments", "code", "says"), REJECTED.values(), ids=REJECTED)
def test_invalid_arguments_are_rejected(
    repository: Run, arguments: tuple[str, ...], code: int, says: str
) -> None:
    Path("empty").mkdir()
    Path("bad.yaml").write_text("agnt: {}\n", "utf-8")
    ran = repository("diff", *arguments, *SITE)
    assert (ran.exit_code, ran.stdout) == (code, "")
    assert says in ran.stderr


def test_a_folder_that_is_not_a_repository_is_rejected(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    ran = run("diff", "git:HEAD", "plain", *SITE)
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert "not a git repository" in ran.stderr


@pytest.mark.parametrize(
    ("classes", "code"),
    [
        ("immutable", 0),
        ("tls-weakened", 0),
        ("tls-strengthened", 1),
        ("immutable, restart", 1),
        ("rbac-widened", 1),
    ],
)
def test_fail_on_sets_the_exit_code(run: Run, classes: str, code: int) -> None:
    ran = run("diff", "plain", "mtls", *SITE, "--fail-on", classes)
    assert ran.exit_code == code
    assert "What it means" in ran.stdout


# --- causes --------------------------------------------------------------------------------


def causes(run: Run, before: str, after: str) -> dict[str, Any]:
    """Compare two values files; map each changed path to its causes."""
    Path("before.yaml").write_text(before, "utf-8")
    Path("after.yaml").write_text(after, "utf-8")
    ran = run(
        "diff", "values:before.yaml", "values:after.yaml", *SITE, "--profile", "plain", "--format", "json"
    )
    objects = json.loads(ran.stdout)["objects"]
    return {change["path"]: change["because"] for one in objects for change in one["changes"]}


def test_each_change_has_its_own_cause(run: Run) -> None:
    found = causes(
        run,
        "{}\n",
        "agent: {podLabels: {a: b}, nodeSelector: {c: d}}\ncloudCore: {modules: {router: {enable: true}}}\n",
    )
    assert found["spec.template.metadata.labels.a"] == ["agent.podLabels.a"]
    assert found["spec.template.spec.nodeSelector"] == ["agent.nodeSelector.c"]
    assert found["cloudcore.yaml: modules.router.enable"] == ["cloudCore.modules.router.enable"]


def test_one_value_can_cause_changes_in_two_charts(run: Run) -> None:
    found = causes(
        run,
        "agent: {commonConfig: {bridgeDeviceIP: 169.254.97.16}}\n",
        "agent: {commonConfig: {bridgeDeviceIP: 169.254.98.16}, podLabels: {a: b}}\n",
    )
    assert found["edgecore.yaml: modules.edged.tailoredKubeletConfig.clusterDNS[0]"] == [
        "agent.commonConfig.bridgeDeviceIP"
    ]
    assert found["spec.template.metadata.labels.a"] == ["agent.podLabels.a"]


def test_combined_effects_are_attributed_to_the_section(run: Run) -> None:
    group = "{modules: {edged: {nodeLabels: {line: b}, tailoredKubeletConfig: {maxPods: 30}}}}"
    Path("site.yaml").write_text("profile: plain\n", "utf-8")
    text = f"profile: plain\nedgeCore: {{nodeGroups: {{a: {{}}, b: {group}}}}}\n"
    Path("groups.yaml").write_text(text, "utf-8")
    ran = run("diff", "values:site.yaml", "values:groups.yaml", "--chart", "edgecore", *SITE)
    for line, cause in (
        ("+ ConfigMap kubeedge/edgecore-a (added)", "edgeCore.nodeGroups.a"),
        ("+ ConfigMap kubeedge/edgecore-b (added)", "edgeCore.nodeGroups.b.modules.edged"),
        ("- ConfigMap kubeedge/edgecore (deleted)", "edgeCore.nodeGroups"),
    ):
        assert f"{line}\n    because {cause} changed\n" in ran.stdout


def test_a_change_with_two_causes_names_both(run: Run) -> None:
    Path("before.yaml").write_text("profile: plain\n", "utf-8")
    gate = "cloudCore: {featureGates: {requireAuthorization: true}}\n"
    Path("after.yaml").write_text(f"profile: mtls\n{gate}", "utf-8")
    ran = run("diff", "values:before.yaml", "values:after.yaml", "--chart", "cloudcore", *SITE)
    assert "all because profile, cloudCore.featureGates.requireAuthorization changed\n" in ran.stdout


def test_an_added_value_is_the_cause_if_the_other_file_is_empty(run: Run) -> None:
    Path("none.yaml").write_text("{}\n", "utf-8")
    Path("some.yaml").write_text("profile: plain\nagent: {podLabels: {a: b}}\n", "utf-8")
    ran = run("diff", "values:none.yaml", "values:some.yaml", "--chart", "edgemesh")
    assert "all because agent.podLabels.a changed\n" in ran.stdout


def test_an_impact_without_a_change_has_a_cause(run: Run) -> None:
    Path("before.yaml").write_text("kubeedgeVersion: v1.22.2\n", "utf-8")
    Path("after.yaml").write_text("kubeedgeVersion: v1.23.1\nimages: {registry: example.com}\n", "utf-8")
    ran = run("diff", "values:before.yaml", "values:after.yaml", "--profile", "plain", *SITE)
    (line,) = [line for line in ran.stdout.splitlines() if "edgecore must be upgraded" in line]
    assert ", because kubeedgeVersion changed (upgrade edgecore" in line
    assert line.endswith(" [edgecore-restart]")


# --- repeated runs -------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_the_output_is_the_same_every_time(run: Run, form: str) -> None:
    first = run("diff", "plain", "mtls", *SITE, "--set", "agent.psk=abcdefghijkl", "--format", form)
    second = run("diff", "plain", "mtls", *SITE, "--set", "agent.psk=abcdefghijkl", "--format", form)
    assert first.stdout == second.stdout != ""
