"""`generator render`: output on each stream, files written, and exit codes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from generator.helm.binary import Binary
from generator.io import yaml_reader
from generator.locations import ROOT
from generator.render.site import stream
from tests.cli.conftest import ADDRESS, Run
from tests.levels import program

SITE = """\
cloudCore:
  modules:
    cloudHub:
      advertiseAddress: [192.0.2.10]
      quic: {enable: true}
edgeCore:
  nodeGroups:
    line-a: {}
    line-b:
      modules:
        edgeHub: {quic: {enable: true}, websocket: {enable: false}}
"""


def documents(text: str) -> list[dict[str, Any]]:
    return [document.value for document in yaml_reader.read_all(text, "stdout")]


def said(stderr: str) -> list[str]:
    """Return the lines of stderr that are not warnings."""
    return [line for line in stderr.splitlines() if not line.startswith("warning: ")]


def files(stdout: str) -> list[str]:
    """Return the lines of the written files; the list of what to do before you apply follows them."""
    return stdout.partition("\n\n")[0].splitlines()


def modes(folder: Path) -> dict[str, int]:
    """Map each file below a folder to its mode."""
    return {
        str(path.relative_to(folder)): path.stat().st_mode & 0o777
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- standard output -----------------------------------------------------------------------


def test_render_without_options_prints_all_three_charts_with_warnings(run: Run) -> None:
    ran = run("render", "--profile", "plain")
    assert ran.exit_code == 0
    found = documents(ran.stdout)
    namespace, *found = found
    assert (namespace["kind"], namespace["metadata"]["name"]) == ("Namespace", "kubeedge")
    instances = {
        d["metadata"]["labels"]["app.kubernetes.io/instance"] for d in found if "labels" in d["metadata"]
    }
    assert instances == {"cloudcore", "edgecore", "edgemesh"}
    assert ran.stderr.splitlines()
    assert all(line.startswith("warning: ") for line in ran.stderr.splitlines())
    assert "warning: --profile: profile: every process on the node can read from the endpoint" in ran.stderr


def test_stderr_is_empty_without_warnings(run: Run) -> None:
    ran = run("render", "--profile", "one-way-verified", "--set", f"{ADDRESS},kubeedgeVersion=v1.16.6")
    assert (ran.exit_code, ran.stderr) == (0, "")


def test_namespace_and_crds_come_first_then_helms_install_order(run: Run) -> None:
    first, *kinds = [d["kind"] for d in documents(run("render", "--set", ADDRESS).stdout)]
    assert first == "Namespace"
    firsts = list(dict.fromkeys(kinds))
    assert firsts[0] == "CustomResourceDefinition"
    assert firsts.index("ServiceAccount") < firsts.index("ConfigMap") < firsts.index("ClusterRole")
    assert firsts.index("ClusterRole") < firsts.index("DaemonSet") < firsts.index("Deployment")
    assert [kind for kind in kinds if kind == firsts[0]] == kinds[: kinds.count(firsts[0])]


def test_standard_input_is_read_and_later_files_win(run: Run, tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("images: {registry: mirror.example}\n")
    ran = run(
        "render", "--chart", "edgemesh", "-f", "-", "-f", "more.yaml", stdin="images: {registry: x.example}\n"
    )
    assert ran.exit_code == 0
    assert "image: mirror.example/kubeedge/edgemesh-agent:" in ran.stdout.replace('"', "")
    assert "x.example" not in ran.stdout


def test_options_select_chart_release_and_namespace(run: Run) -> None:
    arguments = [
        "--chart",
        "edgemesh",
        "--chart",
        "edgemesh",
        "--release",
        "mesh-a",
        "--namespace",
        "factory",
    ]
    ran = run("render", *arguments)
    assert ran.exit_code == 0
    assert {d["metadata"].get("namespace", "factory") for d in documents(ran.stdout)} == {"factory"}
    assert "app.kubernetes.io/instance: mesh-a" in ran.stdout.replace('"', "")


def test_rendering_twice_gives_the_same_output(run: Run) -> None:
    arguments = ("render", "--profile", "mtls", "--set", ADDRESS)
    assert run(*arguments).stdout == run(*arguments).stdout


# --- usage and failures --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--release", "x"], "--release needs exactly one --chart"),
        (
            ["--release", "x", "--chart", "edgemesh", "--chart", "edgecore"],
            "--release needs exactly one --chart",
        ),
        (["--dry-run"], "--dry-run needs -o"),
        (["--format", "json"], "--format json needs -o"),
        (["-o", ""], "Invalid value for '-o' / '--output': names no folder (use . for the current folder)"),
        (["--profile", "mtl"], "'mtl' is not one of"),
        (["--chart", "cloud"], "'cloud' is not one of"),
        (["--engine", "sdk"], "'sdk' is not one of"),
        (["--sett", "a=b"], "No such option"),
        (["site.yaml"], "Got unexpected extra argument"),
    ],
)
def test_usage_errors_exit_with_2(run: Run, arguments: list[str], says: str) -> None:
    ran = run("render", *arguments)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


def test_invalid_input_prints_problems_and_warnings_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    ran = run("render", "--set", "zzz=1", "-o", "build")
    assert (ran.exit_code, ran.stdout) == (1, "")
    *warnings, problem, end = ran.stderr.splitlines()
    assert all(line.startswith("warning: ") for line in warnings)
    assert (problem, end) == ("--set: zzz: unknown key [unknown-key]", "1 problem; nothing was written.")
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize("binary", ["/nonexistent/helm", None], ids=["HELM_BIN", "PATH"])
def test_a_missing_helm_binary_is_reported(
    run: Run, binary: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("HELM_BIN", raising=False)
    if binary:
        monkeypatch.setenv("HELM_BIN", binary)
    ran = run("render", "--engine", "helm", "--set", ADDRESS)
    assert (ran.exit_code, ran.stdout) == (3, "")
    fix = "install Helm 3.10 or newer, or set HELM_BIN to its path"
    assert said(ran.stderr) == [f"helm not found: {binary or 'helm'} ({fix})"]


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("exit 1", "{helm} is not a working helm (install Helm 3.10 or newer, or set HELM_BIN)"),
        ("cat >/dev/null", "{helm} is not a working helm (install Helm 3.10 or newer, or set HELM_BIN)"),
        (
            "case $1 in version) echo v3.9.4;; *) exit 1;; esac",
            "helm 3.9 is too old (install Helm 3.10 or newer)",
        ),
        ("cat >/dev/null; echo text", "cloudcore: helm template renders a document that is not an object"),
        (
            "case $1 in version) echo v4.0.0;; *) echo 'Error: no space left' >&2; exit 1;; esac",
            "cloudcore: no space left",
        ),
    ],
    ids=["no Helm", "silent", "too old", "text", "Helm fails"],
)
def test_a_failure_of_helm_is_reported(
    run: Run, script: str, says: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    helm = tmp_path / "helm"
    helm.write_text(f"#!/bin/sh\n{script}\n")
    helm.chmod(0o755)
    monkeypatch.setenv("HELM_BIN", str(helm))
    ran = run("render", "--engine", "helm", "--set", ADDRESS, "-o", "build")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert said(ran.stderr) == [says.format(helm=helm)]
    assert not (tmp_path / "build").exists()


@pytest.mark.helm
def test_both_engines_print_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELM_BIN", program("helm-4.3"))
    arguments = ("render", "--profile", "mtls", "--set", ADDRESS, "--engine")
    assert run(*arguments, "helm").stdout == run(*arguments, "embedded").stdout


# --- a tree of files -----------------------------------------------------------------------

TREE = {
    "cloudcore/cloudcore.yaml",
    "cloudcore/keadm-init.sh",
    "cloudcore/manifests.yaml",
    "cloudcore/values.yaml",
    "edgecore/line-a/defaults",
    "edgecore/line-a/doctor.sh",
    "edgecore/line-a/edgecore.yaml",
    "edgecore/line-a/join.sh",
    "edgecore/line-a/settings",
    "edgecore/line-a/update.sh",
    "edgecore/line-b/defaults",
    "edgecore/line-b/doctor.sh",
    "edgecore/line-b/edgecore.yaml",
    "edgecore/line-b/join.sh",
    "edgecore/line-b/settings",
    "edgecore/line-b/update.sh",
    "edgecore/manifests.yaml",
    "edgecore/values.yaml",
    "edgemesh/manifests.yaml",
    "edgemesh/values.yaml",
}


@pytest.fixture
def site(tmp_path: Path) -> str:
    (tmp_path / "site.yaml").write_text(SITE)
    return "site.yaml"


def test_a_tree_has_all_files(run: Run, site: str, tmp_path: Path) -> None:
    ran = run("render", "--profile", "mtls", "-f", site, "-o", "out/build")
    assert ran.exit_code == 0
    found = modes(tmp_path / "out/build")
    assert set(found) >= TREE
    assert {name for name, mode in found.items() if mode != 0o644} == {
        name for name in found if name.endswith(".sh")
    }
    assert {mode for name, mode in found.items() if name.endswith(".sh")} == {0o755}
    assert files(ran.stdout) == [f"   create  out/build/{name}" for name in sorted(found)]


def test_a_tree_of_one_node_group_has_all_files(run: Run, tmp_path: Path) -> None:
    assert run("render", "--chart", "edgecore", "--set", ADDRESS, "-o", "build").exit_code == 0
    assert set(modes(tmp_path / "build")) == {
        "edgecore/default/defaults",
        "edgecore/default/doctor.sh",
        "edgecore/default/edgecore.yaml",
        "edgecore/default/join.sh",
        "edgecore/default/settings",
        "edgecore/default/update.sh",
        "edgecore/manifests.yaml",
        "edgecore/values.yaml",
    }


def test_the_tree_and_standard_output_have_the_same_objects(run: Run, site: str, tmp_path: Path) -> None:
    printed = documents(run("render", "--profile", "mtls", "-f", site).stdout)
    run("render", "--profile", "mtls", "-f", site, "-o", "build")
    written = [
        document
        for chart in ("cloudcore", "edgecore", "edgemesh")
        for document in documents((tmp_path / "build" / chart / "manifests.yaml").read_text())
    ]
    assert sorted(map(str, printed)) == sorted(map(str, written))
    config = (tmp_path / "build/edgecore/line-b/edgecore.yaml").read_text()
    (of_map,) = (d for d in printed if "line-b.edgecore.yaml" in d.get("data", {}))
    assert of_map["data"]["line-b.edgecore.yaml"] == config


@pytest.mark.helm
@pytest.mark.parametrize("chart", ["cloudcore", "edgecore", "edgemesh"])
def test_plain_helm_renders_the_values_of_the_tree_the_same(
    run: Run, site: str, tmp_path: Path, chart: str
) -> None:
    run("render", "--profile", "mtls", "-f", site, "-o", "build", "--without-namespace")
    text = (tmp_path / "build" / chart / "values.yaml").read_text()
    assert text.startswith(f'# helm upgrade --install {chart} "$(generator charts --path)/{chart}" ')
    values = yaml_reader.read(text, "values.yaml").value
    by_helm = Binary(program("helm-4.3")).render(chart, values, release=chart, namespace="kubeedge")
    assert (tmp_path / "build" / chart / "manifests.yaml").read_text() == stream(by_helm)


@pytest.mark.parametrize("chart", ["cloudcore", "edgecore", "edgemesh"])
def test_the_first_line_of_values_works_in_its_folder(
    run: Run, site: str, tmp_path: Path, chart: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("render", "--profile", "mtls", "-f", site, "-o", "build")
    folder = tmp_path / "build" / chart
    command = (folder / "values.yaml").read_text("utf-8").splitlines()[0].removeprefix("# ")
    for name, script in (
        ("generator", f'exec {sys.executable} -m generator "$@"'),
        ("helm", 'test -f "$4/Chart.yaml" && echo "$@"'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = subprocess.run(["sh", "-ec", command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.stdout == (
        f"upgrade --install {chart} {ROOT}/charts/{chart} --namespace kubeedge --create-namespace "
        "--values values.yaml\n"
    )


def test_charts_prints_its_folder(run: Run) -> None:
    assert run("charts", "--path").stdout == f"{ROOT}/charts\n"
    ran = run("charts", "--path", "--check")
    assert (ran.exit_code, "give --check or --path, not both" in ran.stderr) == (2, True)


@pytest.mark.parametrize(
    ("flag", "private"),
    [
        (
            "agent.psk=hunter2",
            {"edgemesh/values.yaml", "edgemesh/manifests.yaml"},
        ),
        (
            "gateway.enable=true,gateway.psk=hunter2",
            {"edgemesh/values.yaml", "edgemesh/manifests.yaml"},
        ),
        (
            "edgeCore.modules.eventBus.mqttPassword=hunter2",
            {
                "edgecore/values.yaml",
                "edgecore/manifests.yaml",
                "edgecore/line-a/edgecore.yaml",
                "edgecore/line-b/edgecore.yaml",
            },
        ),
        (
            "edgeCore.nodeGroups.line-a.modules.edgeHub.token=hunter2",
            {
                "edgecore/values.yaml",
                "edgecore/manifests.yaml",
                "edgecore/line-a/edgecore.yaml",
            },
        ),
        (
            "agent.extraEnv[0].name=DB_PASSWORD,agent.extraEnv[0].value=hunter2",
            {"edgemesh/values.yaml", "edgemesh/manifests.yaml"},
        ),
        (
            "agent.kubeAPIConfig.metaServer.server=http://me:hunter2@127.0.0.1:10550",
            {"edgecore/values.yaml", "edgemesh/values.yaml", "edgemesh/manifests.yaml"},
        ),
        (
            "edgeCore.nodeGroups.line-a.modules.eventBus.mqttServerExternal=tcp://me:hunter2@192.0.2.3:1883",
            {
                "edgecore/values.yaml",
                "edgecore/manifests.yaml",
                "edgecore/line-a/edgecore.yaml",
            },
        ),
        ("agent.pskSecret=hunter2", set()),
    ],
    ids=[
        "psk",
        "psk of the gateway",
        "mqtt password",
        "token",
        "environment",
        "url",
        "mqtt url",
        "name of a Secret",
    ],
)
def test_files_with_a_secret_are_private(
    run: Run, site: str, tmp_path: Path, flag: str, private: set[str]
) -> None:
    assert run("render", "-f", site, "--set", flag, "-o", "build").exit_code == 0
    build = tmp_path / "build"
    assert {name for name, mode in modes(build).items() if mode == 0o600} == private
    held = {name for name in modes(build) if "hunter2" in (build / name).read_text()}
    assert held <= private or not private


def test_a_dry_run_writes_nothing(run: Run, site: str, tmp_path: Path) -> None:
    ran = run("render", "-f", site, "-o", "build", "--dry-run")
    assert ran.exit_code == 0
    assert {line.split()[0] for line in files(ran.stdout)} == {"create"}
    assert not (tmp_path / "build").exists()


def test_a_second_run_keeps_files_and_a_change_overwrites_them(run: Run, site: str) -> None:
    arguments = ("render", "-f", site, "-o", "build")
    run(*arguments)
    again = files(run(*arguments).stdout)
    assert {line.split()[0] for line in again} == {"identical"}
    changed = files(run(*arguments, "--set", "agent.podLabels.a=b").stdout)
    actions = {line.split()[1].removeprefix("build/"): line.split()[0] for line in changed}
    assert actions["edgemesh/manifests.yaml"] == "overwrite"
    assert actions["edgemesh/values.yaml"] == "overwrite"
    assert actions["edgecore/values.yaml"] == "identical"
    assert actions["edgecore/manifests.yaml"] == "identical"


def test_files_of_a_removed_node_group_are_deleted(run: Run, site: str, tmp_path: Path) -> None:
    assert run("render", "-f", site, "-o", "build").exit_code == 0
    (tmp_path / "build/edgecore/line-b/notes.txt").write_text("mine\n", "utf-8")
    (tmp_path / "build/edgecore/by-hand").mkdir()
    (tmp_path / "build/edgecore/by-hand/join.sh").write_text("#!/bin/sh\n", "utf-8")
    Path(site).write_text("edgeCore: {nodeGroups: {line-a: {}}}\n", "utf-8")
    # Without the chart, the generator does not know the node groups.
    assert "remove" not in run("render", "--chart", "edgemesh", "-f", site, "-o", "build").stdout
    tried = run("render", "-f", site, "-o", "build", "--dry-run")
    ran = run("render", "-f", site, "-o", "build")
    for done in (tried, ran):
        assert [line.split() for line in done.stdout.splitlines() if "remove" in line] == [
            ["remove", f"build/edgecore/line-b/{name}"]
            for name in ("edgecore.yaml", "join.sh", "update.sh", "doctor.sh", "defaults", "settings")
        ]
    left = sorted(path.name for path in (tmp_path / "build/edgecore").glob("*/*"))
    files = ["doctor.sh", "edgecore.yaml", "join.sh", "join.sh", "notes.txt", "settings", "update.sh"]
    assert left == ["defaults", *files]


@pytest.mark.parametrize("kind", ["folder", "fifo", "dangling link"])
def test_a_join_sh_that_generator_did_not_write_is_kept(run: Run, kind: str, tmp_path: Path) -> None:
    script = tmp_path / "build/edgecore/old/join.sh"
    script.parent.mkdir(parents=True)
    if kind == "folder":
        script.mkdir()
    elif kind == "fifo":
        os.mkfifo(script)
    else:
        script.symlink_to("nowhere")
    ran = run("render", "--set", ADDRESS, "-o", "build")
    assert ran.exit_code == 0
    assert "remove" not in ran.stdout
    assert script.is_dir() or script.is_fifo() or script.is_symlink()


def test_an_unreadable_join_sh_is_reported_before_files_are_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "build/edgecore/old/join.sh"
    script.parent.mkdir(parents=True)
    script.write_text("")
    real = Path.read_text

    def denied(path: Path, *arguments: Any, **more: Any) -> str:
        if path.name == "join.sh":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real(path, *arguments, **more)

    monkeypatch.setattr(Path, "read_text", denied)
    ran = run("render", "--set", ADDRESS, "-o", "build")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr.splitlines()[-1] == (
        "build/edgecore/old/join.sh: cannot be written: it cannot be read: Permission denied"
    )
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["join.sh"]


@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("site.yaml", "site.yaml: cannot be written: Not a directory"),
        ("/proc/build", "/proc/build: cannot be written: No such file or directory"),
        ("/dev/null", "/dev/null: cannot be written: Not a directory"),
        ("x" * 300, f"{'x' * 300}: cannot be written: File name too long"),
    ],
    ids=["a file", "proc", "device", "long"],
)
def test_unwritable_output_is_reported(run: Run, site: str, folder: str, says: str, tmp_path: Path) -> None:
    ran = run("render", "-f", site, "-o", folder)
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr.splitlines()[-1] == says
    assert [path.name for path in tmp_path.iterdir()] == ["site.yaml"]


def test_a_failed_write_leaves_no_partial_files(
    run: Run, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, calls = Path.replace, []

    def failing(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == 4:
            raise OSError(5, "Input/output error", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", failing)
    ran = run("render", "-f", site, "-o", "build")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr.splitlines()[-1].endswith(": cannot be written: Input/output error")
    assert not (tmp_path / "build").exists()


def test_warnings_are_printed_beside_problems(run: Run) -> None:
    public = "agent.psk=JugH9HP1XBouyO5pWGeZa8LtipDURrf1abcdefghijk="
    ran = run("render", "--chart", "edgemesh", "--set", f"{public},zzz=1,spiderpool.enable=true")
    assert (ran.exit_code, ran.stdout) == (1, "")
    lines = ran.stderr.splitlines()
    assert [line for line in lines if line.startswith("warning: ") and "agent.psk" in line]
    assert [line for line in lines if line.startswith("--set: spiderpool")]
    assert lines[-1] == "2 problems found."
