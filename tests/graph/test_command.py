"""`generator graph`: its options, its errors, and the files that it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator import graph as package
from generator.cli import graph as command
from tests.cli.conftest import ADDRESS, Run
from tests.cli.conftest import run as run


def test_the_command_has_the_formats_of_the_package() -> None:
    assert sorted(command.FORMATS) == sorted(package.FORMATS)


def test_a_graph_is_printed(run: Run) -> None:
    ran = run("graph", "--profile", "mtls", "--set", ADDRESS)
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith("%% profile mtls, KubeEdge 1.23, EdgeMesh 1.17\nflowchart LR\n")


def test_a_graph_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    for action in ("   create", "identical"):
        ran = run("graph", "--set", ADDRESS, "--format", "svg", "-o", "a/site.svg")
        assert (ran.exit_code, ran.stdout) == (0, f"{action}  a/site.svg\n")
    assert (tmp_path / "a/site.svg").read_text("utf-8").startswith("<svg ")


def test_the_releases_of_options_count_more_than_those_of_the_site(run: Run) -> None:
    options = ["--kubeedge-version", "1.20", "--edgemesh-version", "v1.16.0", "--set", ADDRESS]
    ran = run("graph", *options, "--set-string", "kubeedgeVersion=1.22", "--format", "json")
    assert json.loads(ran.stdout)["releases"] == ["KubeEdge 1.20", "EdgeMesh 1.16"]


@pytest.mark.parametrize(
    ("sides", "title"),
    [
        (["plain", "profile:mtls"], "profile plain → profile mtls"),
        (["old.yaml", "values:new.yaml"], "old.yaml → new.yaml"),
    ],
)
def test_two_sides_show_the_change(run: Run, tmp_path: Path, sides: list[str], title: str) -> None:
    (tmp_path / "old.yaml").write_text("profile: plain\n")
    (tmp_path / "new.yaml").write_text("profile: mtls\n")
    ran = run("graph", *sides, "--set", ADDRESS, "--format", "json")
    assert ran.exit_code == 0, ran.stderr
    found = json.loads(ran.stdout)
    assert found["title"] == f"{title}, KubeEdge 1.23, EdgeMesh 1.17"
    changed = {(edge["source"], edge["change"]) for edge in found["edges"] if "change" in edge}
    assert changed == {("agent/", "changed"), ("applications/", "changed")}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["plain"], 2, "give both A and B, or none"),
        (["git:main", "plain"], 2, "Invalid value for A: git:main: must be a profile or a values file"),
        (["plain", "release:edgemesh"], 2, "Invalid value for B: release:edgemesh: must be a profile or a"),
        (["plain", "profile:x"], 2, "Invalid value for B: unknown profile x (use one of plain, one-way, "),
        (["values:", "plain"], 2, "Invalid value for A: values: needs a name after the colon"),
        (["plain", "missing.yaml"], 1, "missing.yaml: "),
        (["--set", "agent.pks=1"], 1, "--set: agent.pks: unknown key (did you mean psk?) [unknown-key]"),
    ],
)
def test_mistakes_are_reported(run: Run, arguments: list[str], code: int, says: str) -> None:
    ran = run("graph", *arguments)
    assert (ran.exit_code, ran.stdout) == (code, "")
    assert says in " ".join(ran.stderr.split())


@pytest.mark.parametrize("form", command.FORMATS)
def test_a_graph_shows_no_secret(run: Run, form: str) -> None:
    secret = "3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    relay = ["agent.relayNodes[0].nodeName=relay-1", "agent.relayNodes[0].advertiseAddress[0]=192.0.2.20"]
    settings = [word for value in (ADDRESS, f"agent.psk={secret}", *relay) for word in ("--set", value)]
    ran = run("graph", *settings, "--format", form)
    assert ran.exit_code == 0, ran.stderr
    assert "edgemesh-agent-psk" in ran.stdout
    assert secret not in ran.stdout
