"""`generator graph`: its options, its errors, and the files that it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator import graph as package
from generator.cli import graph as command
from tests.cli.conftest import ADDRESS, Run
from tests.cli.conftest import run as run
from tests.importer import files
from tests.init.kubectl import Cluster


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


# --- --cluster ---------------------------------------------------------------------------------


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    return Cluster(tmp_path_factory.mktemp("cluster"), monkeypatch)


def test_graph_of_a_cluster_is_that_of_its_site(run: Run, cluster: Cluster) -> None:
    cluster.has_site("values/examples/factory.yaml", "mtls")
    ran = run("graph", "--cluster", "--format", "json")
    assert (ran.exit_code, ran.stderr) == (0, "")
    live = json.loads(ran.stdout)
    factory = str(Path(package.__file__).parents[2] / "values/examples/factory.yaml")
    wanted = json.loads(run("graph", "--profile", "mtls", "-f", factory, "--format", "json").stdout)
    assert live.pop("title") != wanted.pop("title")
    assert live == wanted


def test_cluster_without_edgecore_yaml_has_no_edge_nodes(run: Run, cluster: Cluster) -> None:
    cluster.has(files.upstream_cloud())
    ran = run("graph", "--cluster", "--format", "json")
    assert ran.exit_code == 0
    assert "[cluster-without-edgecore]" in ran.stderr
    assert json.loads(ran.stdout)["nodes"]
    assert "edgecore" not in ran.stdout


def test_empty_cluster_is_an_error(run: Run, cluster: Cluster) -> None:
    cluster.has([])
    ran = run("graph", "--cluster")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("--cluster: no cloudcore and no EdgeMesh in the namespace kubeedge (")


def test_cluster_without_cloudcore_is_an_error(run: Run, cluster: Cluster) -> None:
    cluster.has(files.upstream_mesh())
    ran = run("graph", "--cluster")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.startswith("--cluster: no cloudcore in the namespace kubeedge (")


@pytest.mark.parametrize("more", [("plain", "mtls"), ("-f", "site.yaml"), ("--profile", "mtls")])
def test_cluster_excludes_a_site(run: Run, more: tuple[str, ...]) -> None:
    ran = run("graph", "--cluster", *more)
    assert ran.exit_code == 2
    assert "--cluster draws the cluster only: leave out A, B and the values" in ran.stderr
