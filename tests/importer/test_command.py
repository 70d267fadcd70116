"""`generator import` as a command: its output, its messages, and the files that it must not change."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator import go_yaml
from generator.cli.main import cli
from generator.io import yaml_reader
from tests.importer import files

SECRETS = (files.PSK, "tok-e4c1", "mqtt-pw-77", "psk-in-a-typo")


TOKEN = "is a secret; edgecore no longer needs it after the node has joined [secret-left-out]"


def run(*arguments: str | Path, stdin: bytes = b"") -> Result:
    """Run the command; stdout and stderr are separate."""
    return CliRunner().invoke(cli, ["import", *map(str, arguments)], input=io.BytesIO(stdin))


def write(folder: Path, texts: Mapping[str, str | bytes]) -> list[Path]:
    """Write files and return their paths."""
    for name, text in texts.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return [folder / name for name in texts]


def test_writes_a_site_and_prints_what_it_assumed(tmp_path: Path) -> None:
    sources = write(tmp_path, files.by_hand(23, 1))
    before = [source.read_bytes() for source in sources]
    site = tmp_path / "new" / "site.yaml"
    done = run(*sources, "-o", site)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == f"   create  {site}\n"
    notes = done.stderr.splitlines()
    assert (
        "assumed: kubeedgeVersion: v1.23.1, the newest release that reads every field; no file names the "
        "release (set another with --kubeedge-version) [release-not-named]"
    ) in notes
    assert any(note.endswith("modules.edgeHub.token: " + TOKEN) for note in notes)
    assert "profile: one-way" in site.read_text("utf-8")
    assert [source.read_bytes() for source in sources] == before


def test_reads_standard_input() -> None:
    text = files.stream(*files.upstream_cloud(), *files.upstream_mesh())
    done = run("-", stdin=text.encode())
    assert done.exit_code == 0, done.stderr
    assert "kubeedgeVersion: v1.20.0" in done.stdout


def test_an_existing_file_is_replaced_with_force_only(tmp_path: Path) -> None:
    sources = write(tmp_path, files.by_hand(23, 1))
    site = tmp_path / "site.yaml"
    site.write_text("mine: true\n", "utf-8")
    rejected = run(*sources, "-o", site)
    assert (rejected.exit_code, site.read_text("utf-8")) == (1, "mine: true\n")
    message = "exists already (choose another name, or use --force) [output-exists]"
    assert rejected.stderr == f"{site}: {message}\n1 problem; nothing was written.\n"
    assert run(*sources, "-o", site, "--force").exit_code == 0
    assert site.read_text("utf-8").startswith("# Made by `generator import`")


@pytest.mark.parametrize("alias", [False, True])
def test_an_imported_file_is_never_replaced(alias: bool, tmp_path: Path) -> None:
    sources = write(tmp_path, files.by_hand(23, 1))
    before, target = sources[0].read_bytes(), sources[0]
    if alias:
        target = tmp_path / "link.yaml"
        target.symlink_to(sources[0])
    done = run(*sources, "-o", target, "--force")
    assert done.exit_code == 1
    assert f"{target}: is one of the files to import" in done.stderr
    assert sources[0].read_bytes() == before


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{last}'] * 10)}]\n"
    for last, name in zip("abcdef", "bcdefg", strict=True)
)
BROKEN: list[tuple[str, bytes, str]] = [
    ("empty", b"", "in.yaml: is empty"),
    ("comments", b"# nothing\n", "in.yaml: is empty"),
    ("binary", b"\x7fELF\x02\x01\xff\xfe", "in.yaml:1: is not UTF-8"),
    ("tab", b"modules:\n\tcloudHub: {}\n", "in.yaml:2: not YAML"),
    ("bracket", b"modules: {cloudHub: {\n", "in.yaml:2: not YAML"),
    ("bomb", BOMB.encode(), "in.yaml: its aliases expand to more than"),
    ("depth", b"modules: " + 200 * b"[" + 200 * b"]", "in.yaml: nested too deeply"),
    ("other-object", b"apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n", "in.yaml: has no config"),
    ("list", b"- 1\n", "in.yaml: has no config"),
    ("release", b"kubeedgeVersion: v1.99.0\n", "in.yaml:1: kubeedgeVersion: unknown release"),
    (
        "embedded",
        files.stream(files.config_map("cloudcore", "cloudcore.yaml", "modules: {\nx: [")).encode(),
        "in.yaml",
    ),
]


@pytest.mark.parametrize(("text", "message"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_files(text: bytes, message: str, tmp_path: Path) -> None:
    [source] = write(tmp_path, {"in.yaml": text})
    done = run(source, "-o", tmp_path / "site.yaml")
    assert done.exit_code == 1
    assert message in done.stderr
    assert done.stderr.endswith("1 problem; nothing was written.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["in.yaml"]
    assert source.read_bytes() == text


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing.yaml", "does not exist"), (".", "has no file that ends with .yaml, .yml, .json")],
)
def test_unreadable(name: str, message: str, tmp_path: Path) -> None:
    done = run(tmp_path / name, "-o", tmp_path / "site.yaml")
    assert done.exit_code == 1
    assert message in done.stderr
    assert [*tmp_path.iterdir()] == []


def test_two_broken_files_are_both_named(tmp_path: Path) -> None:
    done = run(*write(tmp_path, {"one.yaml": "", "two.yaml": "a: ["}))
    assert "one.yaml: is empty" in done.stderr
    assert "two.yaml:2: not YAML" in done.stderr


def test_a_site_that_breaks_a_rule_is_written_and_the_problem_printed(tmp_path: Path) -> None:
    """Step S3 of the guide: a URL as the address of the endpoint."""
    texts = files.by_hand(23, 2)
    edge = go_yaml.load(texts["edgecore.yaml"])
    edge["modules"]["metaManager"]["metaServer"]["server"] = "https://127.0.0.1:10550"
    sources = write(tmp_path, {**texts, "edgecore.yaml": go_yaml.dump(edge)})
    site = tmp_path / "site.yaml"
    done = run(*sources, "-o", site)
    assert done.exit_code == 1
    key = "edgeCore.modules.metaManager.metaServer.server"
    line = next(line for line in done.stderr.splitlines() if line.startswith("invalid: "))
    assert line.startswith(f"invalid: {sources[1]}:")
    assert f"{key}: must be IP:port; with a URL edgecore crashes or does not listen" in line
    assert "server: https://127.0.0.1:10550" in site.read_text("utf-8")


def test_misplaced_and_misspelt_keys_are_left_out(tmp_path: Path) -> None:
    text = """\
apiVersion: edgecore.config.kubeedge.io/v1alpha2
kind: EdgeCore
modules:
  edged:
    clusterDNS: 169.254.96.16
  metamanager:
    metaServer:
      enable: true
      debgu: true
  edgeStream:
"""
    [source] = write(tmp_path, {"edgecore.yaml": text})
    done = run(source, "--kubeedge-version", "v1.23.1")
    assert done.exit_code == 0, done.stderr
    assert f"{source}:5: modules.edged.clusterDNS: not read by KubeEdge 1.23" in done.stderr
    assert f"{source}:9: modules.metamanager.metaServer.debgu: not a field" in done.stderr
    assert f"{source}:10: modules.edgeStream: the program crashes on an empty section" in done.stderr
    assert f"enable: true  # {source}:8" in done.stdout
    assert go_yaml.load(done.stdout)["edgeCore"] == {
        "modules": {"metaManager": {"metaServer": {"enable": True}}}
    }


def test_no_secret_is_printed(tmp_path: Path) -> None:
    edge = go_yaml.load(files.by_hand(23, 1)["edgecore.yaml"])
    edge["modules"]["eventBus"] = {"mqttPassword": "mqtt-pw-77", "mqttUsername": "edge"}
    edge["modules"]["edgeHub"]["Token"] = edge["modules"]["edgeHub"].pop("token")
    edge["modules"]["edgeHub"]["toknn"] = "psk-in-a-typo"
    mesh = files.mesh_values("agent")
    mesh["agent"]["pks"] = "psk-in-a-typo"
    site = {
        "edgeCore": edge["modules"] and {"modules": {"edgeHub": {"token": "tok-e4c1"}}},
        "agent": {"enable": True},
    }
    texts = {
        "edgecore.yaml": go_yaml.dump(edge),
        "stream.yaml": files.stream(*files.upstream_cloud(), *files.upstream_mesh()),
        "agent.yaml": go_yaml.dump(mesh),
        "gateway.yaml": go_yaml.dump(files.mesh_values("gateway")),
        "site.yaml": go_yaml.dump(site),
    }
    sources = write(tmp_path, texts)
    for chosen in (sources, *([source] for source in sources)):
        done = run(*chosen, "--kubeedge-version", "v1.23.1")
        assert done.exit_code in (0, 1), done.exception
        assert isinstance(done.exception, (SystemExit, type(None))), done.exception
        assert not [secret for secret in SECRETS if secret in done.stdout + done.stderr]
        assert not done.stderr.endswith("nothing was written.\n"), done.stderr


@pytest.mark.parametrize("kind", ["EdgeMeshAgent", "EdgeMeshGateway"])
def test_a_psk_in_place_of_its_section_is_left_out(kind: str, tmp_path: Path) -> None:
    text = f"kind: {kind}\nmodules:\n  edgeTunnel:\n    enable: true\n    psk: hidden-key-77\n"
    done = run(*write(tmp_path, {"mesh.yaml": text}))
    assert "hidden-key-77" not in done.stdout + done.stderr
    assert "mesh.yaml:5: modules.edgeTunnel.psk: the value is a text that may be a secret" in done.stderr


def test_kind_is_checked() -> None:
    done = run("x.yaml", "--as", "something")
    assert done.exit_code == 2
    assert "unknown kind something (use one of cloudcore, edgecore" in done.stderr


def test_a_password_in_a_url_is_reported_and_the_file_is_private(tmp_path: Path) -> None:
    text = "modules: {eventBus: {mqttServerExternal: 'tcp://bus:s3cret@192.0.2.5:1883'}}\n"
    sources = write(tmp_path, {"edgecore.yaml": text})
    site = tmp_path / "site.yaml"
    done = run(*sources, "-o", site)
    where = f"{sources[0]}:1: edgeCore.modules.eventBus.mqttServerExternal"
    assert f"secret: {where}: the URL contains a password, and so does the site file" in done.stderr
    assert "s3cret" not in done.stderr
    assert "# Secret: " in site.read_text("utf-8")
    assert site.stat().st_mode & 0o077 == 0


def test_a_site_without_a_password_can_be_read_by_others(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    run(*write(tmp_path, files.by_hand(23, 1)), "-o", site)
    assert site.stat().st_mode & 0o044 == 0o044


def test_output_names_that_cannot_be_used_are_errors(tmp_path: Path) -> None:
    sources = write(tmp_path, files.by_hand(23, 1))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    (tmp_path / "file").write_text("", "utf-8")
    for target in (loop / "site.yaml", tmp_path / ("x" * 300), tmp_path / "file" / "site.yaml"):
        done = run(*sources, "-o", target)
        assert done.exit_code in (1, 3), done.stderr
        assert str(target.parent) in done.stderr or str(target) in done.stderr
        assert isinstance(done.exception, SystemExit)


def test_file_names_that_cannot_be_read_are_errors(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    (tmp_path / "file").write_text("", "utf-8")
    for source in (loop / "edgecore.yaml", tmp_path / ("x" * 300), tmp_path / "file" / "edgecore.yaml", loop):
        done = run(source, "-o", tmp_path / "site.yaml")
        assert done.exit_code in (1, 3), done.stderr
        assert isinstance(done.exception, SystemExit)
        assert str(source.parent) in done.stderr
        assert not (tmp_path / "site.yaml").exists()


def test_file_names_that_are_not_utf_8_are_read_and_written(tmp_path: Path) -> None:
    source, site = (tmp_path / os.fsdecode(name) for name in (b"edge\xff\nx: y.yaml", b"site\xff.yaml"))
    source.write_text(files.by_hand(23, 1)["edgecore.yaml"], "utf-8")
    command = [sys.executable, "-m", "generator", "import", str(source), "-o", str(site)]
    # Strict output, as with a redirected stream in a UTF-8 locale.
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    # File names are written in comments.
    assert list(go_yaml.load(site.read_text("utf-8"))) == ["profile", "edgeCore"]


def test_a_loop_of_links_as_output_is_not_followed(tmp_path: Path) -> None:
    sources = write(tmp_path, files.by_hand(23, 1))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for flags in ([], ["--force"]):
        done = run(*sources, "-o", loop, *flags)
        assert done.exit_code in (1, 3)
        assert str(loop) in done.stderr


HOLDERS = {
    "argocd-object": "192.0.2.10",
    "argocd-parameters": "192.0.2.10",
    "flux-release": "192.0.2.10",
    "kubesphere-3": "192.0.2.10",
    "kubesphere-old": "192.0.2.10",
    "kubesphere-4": "192.0.2.10",
}


@pytest.mark.parametrize("case", HOLDERS)
def test_values_inside_other_objects_are_imported(case: str) -> None:
    folder = Path(__file__).parents[1] / "check" / "corpus" / case
    done = run(*sorted(folder.iterdir()))
    assert done.exit_code == 0, done.stderr
    hub = yaml_reader.read(done.stdout, "site").value["cloudCore"]["modules"]["cloudHub"]
    assert hub["advertiseAddress"] == [HOLDERS[case]]


@pytest.mark.parametrize("case", ["config-update-job", "keadm-script", "edgemesh-server"])
def test_a_file_without_a_config_is_rejected_with_the_reason(case: str) -> None:
    folder = Path(__file__).parents[1] / "check" / "corpus" / case
    done = run(*sorted(folder.iterdir()))
    assert done.exit_code == 1
    assert (
        "sets fields through keadm only (import the edgecore.yaml that keadm writes) [nothing-to-import]"
        in done.stderr
        or "[edgemesh-server-ended]" in done.stderr
    )


def test_the_server_section_of_old_values_is_noted(tmp_path: Path) -> None:
    text = "server: {nodeName: relay-1, advertiseAddress: [192.0.2.20]}\nagent: {relayNodes: []}\n"
    done = run(*write(tmp_path, {"values.yaml": text}))
    assert "server.nodeName: EdgeMesh has no server from 1.12 on (list its node" in done.stderr
