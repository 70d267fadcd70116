"""`generator init` with options: the files, the messages, and the commands that it prints."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import jsonschema_rs
import pytest
from click.testing import CliRunner, Result

from generator.cli import init as command
from generator.cli.main import cli
from generator.io import yaml_reader
from tests.cli.conftest import Run
from tests.importer import files
from tests.init.kubectl import Cluster

pytestmark = pytest.mark.long

GOLDEN = Path(__file__).parent / "golden"
ADDRESS = ("--advertise-address", "192.0.2.10")
EVERYTHING = (
    *("--kubeedge-version", "1.16", "--edgemesh-version", "1.14", "--profile", "mtls"),
    *("--advertise-address", "192.0.2.10,edge.example.com", "--advertise-address", "198.51.100.10"),
    *("--node-group", "line-a,on", "--registry", "registry.example.com/mirror", "--edgemesh", "--streams"),
)


@pytest.fixture(autouse=True)
def _on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the shell find the program, so that the commands begin with its name."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")


def errors(ran: Result) -> list[str]:
    assert (ran.exit_code, ran.stdout) == (1, "")
    return ran.stderr.splitlines()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("all-answers", EVERYTHING),
        ("defaults", (*ADDRESS, "--yes")),
        ("no-edgemesh", (*ADDRESS, "--no-edgemesh", "--no-streams", "--yes")),
    ],
)
def test_the_site_file(
    name: str, arguments: tuple[str, ...], run: Run, request: pytest.FixtureRequest
) -> None:
    ran = run("init", *arguments)
    assert (ran.exit_code, ran.stderr) == (0, "")
    text, golden = Path("site.yaml").read_text("utf-8"), GOLDEN / f"init-{name}.yaml"
    if request.config.getoption("--rewrite-golden"):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
    checked = run("check", "site.yaml")
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert run("render", "-f", "site.yaml").exit_code == 0


def test_the_schema_is_that_of_the_command_and_accepts_the_site(run: Run) -> None:
    run("init", *EVERYTHING)
    schema = run("schema", "--kubeedge-version", "1.16", "--edgemesh-version", "1.14").stdout
    assert Path("site.schema.json").read_text("utf-8") == schema
    site = Path("site.yaml").read_text("utf-8")
    assert site.startswith("# yaml-language-server: $schema=site.schema.json\n")
    jsonschema_rs.validator_for(schema).validate(yaml_reader.read(site, "site.yaml").value)


# --- the next commands -----------------------------------------------------------------------


def commands(ran: Result) -> list[str]:
    """Return the commands that a run prints."""
    return re.findall(r"^  (\S.*)$", ran.stdout.partition("Next:\n")[2], re.MULTILINE)


def test_the_next_commands_are_printed(run: Run) -> None:
    assert run("init", *ADDRESS, "--yes").stdout.splitlines() == [
        "   create  site.schema.json",
        "   create  site.yaml",
        "",
        "Next:",
        "  generator certs plan -f site.yaml",
        "      list the certificates that you must create",
        "  generator render -f site.yaml -o build",
        "      write the manifests and the files for edge nodes",
        "  generator install -f site.yaml --dry-run",
        "      list missing Secrets and the changes to the cluster",
    ]


@pytest.mark.parametrize("mesh", ["--edgemesh", "--no-edgemesh"])
def test_the_next_commands_work_as_typed(run: Run, mesh: str) -> None:
    plan, render, install = commands(run("init", "my site", *ADDRESS, mesh, "--yes"))
    for line in (plan, render):
        assert "'my site/" in line
        ran = run(*shlex.split(line)[1:])
        assert ran.exit_code == 0, ran.stderr
    assert Path("my site/build/cloudcore/manifests.yaml").exists()
    assert Path("my site/build/edgemesh").exists() == (mesh == "--edgemesh")
    # Without a cluster the last one ends where it looks for one.
    ran = CliRunner().invoke(cli, shlex.split(install)[1:], env={"KUBECTL": "/none", "HELM_BIN": "/none"})
    assert (ran.exit_code, ran.stdout) == (3, "")


@pytest.mark.parametrize(
    ("argv", "program"),
    [
        ("/opt/my tools/generator", "'/opt/my tools/generator'"),
        ("/opt/generator/__main__.py", f"{shlex.quote(sys.executable)} -m generator"),
    ],
)
def test_the_commands_name_the_program_as_it_was_started(
    argv: str, program: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "argv", [argv])
    assert commands(run("init", *ADDRESS, "--yes"))[0] == f"{program} certs plan -f site.yaml"


# --- missing and bad options ------------------------------------------------------------------


def test_without_a_terminal_the_missing_options_are_named(run: Run) -> None:
    ran = run("init", "--profile", "plain", "--registry", "")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[-1] == (
        "Error: no terminal to ask on: give --kubeedge-version, --advertise-address, --node-group, "
        "--edgemesh, --streams (or --yes for the defaults)"
    )
    assert list(Path().iterdir()) == []


def test_an_address_has_no_default(run: Run) -> None:
    ran = run("init", "--yes")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr.splitlines()[-1] == "Error: no default for --advertise-address: give it too"


def test_all_bad_options_are_reported_at_once(run: Run) -> None:
    bad = ("--kubeedge-version", "9", "--edgemesh-version", "9", "--profile", "tls", "--registry", "a b")
    ran = run("init", "new", *bad, "--advertise-address", "a:1", "--node-group", "A,b", "--yes")
    lines = errors(ran)
    assert [line.split(": ")[0] for line in lines[:-1]] == [
        "--kubeedge-version",
        "--edgemesh-version",
        "--profile",
        "--advertise-address",
        "--node-group",
        "--registry",
    ]
    assert lines[0] == (
        "--kubeedge-version: 9: unknown release KubeEdge 9 (use one of 1.7 to 1.23) [unknown-release]"
    )
    assert lines[-1] == "6 problems; nothing was written."
    assert not Path("new").exists()


def test_a_profile_that_the_release_does_not_support_is_rejected(run: Run) -> None:
    lines = errors(run("init", "--kubeedge-version", "1.11", "--profile", "mtls", *ADDRESS, "--yes"))
    assert lines[0].startswith(
        "--profile: profile: KubeEdge v1.11.3 serves the endpoint over plain http only"
    )


def test_a_dangerous_option_causes_a_warning(run: Run) -> None:
    ran = run("init", "--profile", "plain", *ADDRESS, "--yes")
    assert ran.exit_code == 0
    assert ran.stderr.startswith("warning: --profile: profile: every process on the node can read")


# --- files that exist --------------------------------------------------------------------------


def test_existing_files_are_overwritten_with_force_only(run: Run) -> None:
    for name in ("site.yaml", "site.schema.json"):
        Path(name).write_text("mine")
    assert errors(run("init", *ADDRESS, "--yes")) == [
        "site.yaml: exists already (choose another folder, or use --force) [output-exists]",
        "site.schema.json: exists already (choose another folder, or use --force) [output-exists]",
        "2 problems; nothing was written.",
    ]
    assert Path("site.yaml").read_text() == Path("site.schema.json").read_text() == "mine"
    ran = run("init", *ADDRESS, "--yes", "--force")
    assert ran.stdout.splitlines()[:2] == ["overwrite  site.schema.json", "overwrite  site.yaml"]


def test_a_file_that_appears_during_the_questions_is_kept(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_take_others", lambda *_: Path("site.yaml").write_text("mine"))
    ran = run("init", *EVERYTHING)
    assert errors(ran)[0] == "site.yaml: exists already with other content"
    assert [path.name for path in Path().iterdir()] == ["site.yaml"]


def test_a_folder_that_is_a_file_is_a_failure(run: Run) -> None:
    Path("file").write_text("")
    for name in ("file", "file/below"):
        ran = run("init", name, *ADDRESS, "--yes")
        assert (ran.exit_code, ran.stdout) == (3, "")
        assert "cannot be written" in ran.stderr


def test_an_empty_folder_name_is_rejected(run: Run) -> None:
    assert run("init", "", *ADDRESS, "--yes").exit_code == 2


# --- --from-cluster -----------------------------------------------------------------------------


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    return Cluster(tmp_path_factory.mktemp("cluster"), monkeypatch)


def test_a_cluster_answers_the_questions(run: Run, cluster: Cluster) -> None:
    cluster.has_site("values/examples/factory.yaml", "mtls")
    ran = run("init", "--from-cluster")
    assert (ran.exit_code, ran.stderr) == (0, "")
    text = Path("site.yaml").read_text("utf-8")
    assert "# Made by `generator init --from-cluster`; the comment beside a value names its origin.\n" in text
    assert "profile: mtls  # recognised\nkubeedgeVersion: v1.23.1\n" in text
    assert "      advertiseAddress:  # ConfigMap cloudcore\n      - 192.0.2.10\n" in text
    assert "edgeAPIs:  # ClusterRole cloudcore-edge-apis\n" in text
    assert "    line-b:\n" in text
    assert "cluster:" not in text
    assert run("check", "site.yaml").exit_code == 0


def test_only_questions_that_the_cluster_does_not_answer_are_missing(run: Run, cluster: Cluster) -> None:
    cluster.has(files.upstream_cloud())
    ran = run("init", "--from-cluster")
    assert ran.exit_code == 2
    assert ran.stderr.splitlines()[-1] == (
        "Error: no terminal to ask on: give --profile, --advertise-address, --node-group, --edgemesh, "
        "--streams (or --yes for the defaults)"
    )


def test_the_defaults_of_an_import_keep_what_is_there(run: Run, cluster: Cluster) -> None:
    cluster.has(files.upstream_cloud())
    ran = run("init", "--from-cluster", *ADDRESS, "--yes")
    assert ran.exit_code == 0, ran.stderr
    site = yaml_reader.read(Path("site.yaml").read_text("utf-8"), "site.yaml").value
    assert "profile" not in site
    assert site["streams"] == {"enable": True}
    assert site["cloudCore"]["streamCertificate"] == {"existingSecret": "cloudcore"}
    assert site["agent"] == {"enable": False}
    assert run("check", "site.yaml").exit_code == 0


def test_the_default_profile_of_an_import_makes_the_site_valid(run: Run, cluster: Cluster) -> None:
    # The agent uses TLS, and cloudcore's config says nothing about it.
    cluster.has([*files.upstream_cloud(), *files.upstream_mesh()])
    ran = run("init", "--from-cluster", *ADDRESS, "--yes")
    assert ran.exit_code == 0, ran.stderr
    assert Path("site.yaml").read_text("utf-8").count("\nprofile: mtls") == 1


def test_problems_of_the_import_are_listed_after_writing(run: Run, cluster: Cluster) -> None:
    cluster.has([*files.upstream_cloud(), *files.upstream_mesh()])
    ran = run("init", "--from-cluster", *ADDRESS, "--profile", "none", "--yes")
    assert ran.exit_code == 1
    assert "Next:" not in ran.stdout
    assert "invalid: ConfigMap mesh-agent-cfg: agent.kubeAPIConfig.metaServer.security" in ran.stderr
    assert Path("site.yaml").exists()


def test_an_option_overrides_the_cluster(run: Run, cluster: Cluster) -> None:
    cluster.has_site("values/examples/factory.yaml", "mtls")
    ran = run("init", "--from-cluster", "--profile", "one-way-verified", "--registry", "other.example.com")
    assert ran.exit_code == 0, ran.stderr
    text = Path("site.yaml").read_text("utf-8")
    assert re.search("^profile: one-way-verified", text, re.MULTILINE)
    assert "  registry: other.example.com  # mirror of all images\n" in text


def test_a_cluster_without_kubeedge_is_reported(run: Run, cluster: Cluster) -> None:
    for objects in ([], [files.config_map("other", "a.txt", "text")]):
        cluster.has(objects)
        problem, last = errors(run("init", "--from-cluster", "--namespace", "edge", "--yes"))
        assert problem == (
            "--from-cluster: no cloudcore and no EdgeMesh in the namespace edge (choose the cluster with "
            "--kube-context and the namespace with --namespace, or leave out --from-cluster) "
            "[cluster-without-kubeedge]"
        )
        assert last == "1 problem; nothing was written."


def test_a_missing_kubectl_is_a_failure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECTL", "/none")
    ran = run("init", "--from-cluster", "--yes")
    assert (ran.exit_code, ran.stderr) == (
        3,
        "kubectl not found: /none (install it, or set KUBECTL to its path)\n",
    )


def test_bad_options_are_reported_before_the_cluster_is_contacted(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECTL", "/none")
    assert len(errors(run("init", "--from-cluster", "--profile", "tls", "--registry", "a b"))) == 3
