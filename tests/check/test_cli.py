"""The command: exit codes, formats, fixes, the cluster, and unreadable files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.catalogue import find
from generator.catalogue.page import terminal
from generator.check import check_files
from generator.cli.main import cli
from generator.io import yaml_reader

MISSPELT = "modules:\n  cloudHub:\n    advertiseAddress: [192.0.2.10]\n  dynamicControler: {enable: true}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, so that files have short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str, stdin: str | None = None) -> Result:
    """Run the command."""
    done = CliRunner().invoke(cli, ["check", *arguments], input=stdin)
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done


# --- formats -------------------------------------------------------------------------------


def test_json() -> None:
    Path("cloudcore.yaml").write_text(MISSPELT, "utf-8")
    Path("edgecore.yaml").write_text("edgecoreVersion: v1.23.1\nmodules: {edged: {enable: true}}\n", "utf-8")
    done = check(
        "--format",
        "json",
        "--intend",
        "plain",
        "--target-version",
        "v1.23.1",
        "cloudcore.yaml",
        "edgecore.yaml",
    )
    assert done.exit_code == 1
    report = json.loads(done.stdout)
    assert report["findings"][0] == {
        "ruleId": "unknown-key",
        "level": "error",
        "file": "cloudcore.yaml",
        "line": 4,
        "key": "modules.dynamicControler",
        "message": "not a field of cloudcore.yaml in KubeEdge 1.23; cloudcore silently ignores it",
        "fix": "did you mean dynamicController?",
        "fixable": True,
        "groups": [],
    }
    assert {key: report[key] for key in ("version", "kubeedge", "edgemesh", "releaseAssumed", "others")} == {
        "version": 1,
        "kubeedge": "v1.23.1",
        "edgemesh": "v1.17.0",
        "releaseAssumed": False,
        "others": {},
    }
    assert report["files"] == [
        {"file": "cloudcore.yaml", "kind": "cloudcore", "inside": "", "line": 1},
        {"file": "edgecore.yaml", "kind": "edgecore", "inside": "", "line": 1},
    ]
    verdict = report["profiles"][0]
    assert (verdict["profiles"], verdict["intended"], verdict["edges"]) == ([], "plain", ["edgecore.yaml:1"])
    assert verdict["changes"][0] == {
        "file": "cloudcore.yaml",
        "key": "modules.dynamicController.enable",
        "now": False,
        "wanted": True,
        "why": "cloudcore answers the requests of the endpoint; if off, every list takes 10 s and "
        "returns only what the node has stored",
    }
    assert report["upgrade"] == []


def test_sarif_has_the_shape_of_2_1_0() -> None:
    Path("cloud core.yaml").write_text(MISSPELT.replace("192.0.2.10", "cloud.example"), "utf-8")
    done = check("--format", "sarif", "cloud core.yaml")
    log = json.loads(done.stdout)
    assert (log["version"], list(log)) == ("2.1.0", ["$schema", "version", "runs"])
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert isinstance(driver["name"], str)
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(set(rules)) == len(rules)
    assert len(run["results"]) == 2
    for rule in driver["rules"]:
        entry = find(rule["id"])
        assert rule["shortDescription"]["text"] == entry.means
        assert rule["fullDescription"]["text"] == entry.why
        assert rule["help"]["text"] == terminal(entry)
        assert rule["defaultConfiguration"]["level"] == entry.severity
    for result in run["results"]:
        assert set(result) == {"ruleId", "level", "message", "locations"}
        assert result["ruleId"] in rules
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "cloud%20core.yaml"
        assert place["region"]["startLine"] >= 1


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_the_output_is_the_same_every_time(form: str) -> None:
    Path("cloudcore.yaml").write_text(MISSPELT, "utf-8")
    assert (
        check("--format", form, "cloudcore.yaml").stdout == check("--format", form, "cloudcore.yaml").stdout
    )


# --- fixes ---------------------------------------------------------------------------------


def test_fix_shows_the_diff_and_keeps_the_original() -> None:
    file = Path("cloudcore.yaml")
    file.write_text(MISSPELT, "utf-8")
    file.chmod(0o640)
    done = check("--fix", "cloudcore.yaml")
    assert done.exit_code == 1
    assert "-  dynamicControler: {enable: true}\n+  dynamicController: {enable: true}\n" in done.stdout
    assert done.stderr == "1 fixed in cloudcore.yaml; the original is cloudcore.yaml.orig\n"
    assert Path("cloudcore.yaml.orig").read_text("utf-8") == MISSPELT
    assert file.read_text("utf-8") == MISSPELT.replace("Controler", "Controller")
    assert file.stat().st_mode & 0o777 == 0o640
    assert Path("cloudcore.yaml.orig").stat().st_mode & 0o777 == 0o640
    assert check("--fix", "cloudcore.yaml").exit_code == 0
    file.write_text(MISSPELT + "# again\n", "utf-8")
    assert check("--fix", "cloudcore.yaml").stderr.endswith("the original is cloudcore.yaml.orig1\n")
    assert Path("cloudcore.yaml.orig").read_text("utf-8") == MISSPELT


def test_fix_of_standard_input_is_rejected() -> None:
    done = check("--fix", "-", stdin=MISSPELT)
    assert done.exit_code == 2
    assert "--fix writes to files; it cannot fix standard input" in done.stderr


def test_fix_leaves_nothing_behind_when_it_cannot_write(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("cloudcore.yaml").write_text(MISSPELT, "utf-8")

    def failing(*_: Any) -> None:
        raise PermissionError(13, "Permission denied", "cloudcore.yaml")

    monkeypatch.setattr(Path, "replace", failing)
    done = check("--fix", "cloudcore.yaml")
    assert done.exit_code == 3
    assert done.stderr == "cloudcore.yaml: cannot be written: Permission denied\n"
    assert Path("cloudcore.yaml").read_text("utf-8") == MISSPELT
    assert [path.name for path in Path().iterdir()] == ["cloudcore.yaml"]


def test_nothing_is_fixed_in_a_file_with_a_key_given_twice() -> None:
    text = MISSPELT + "  router: {enable: true}\n  router: {enable: false}\n"
    Path("cloudcore.yaml").write_text(text, "utf-8")
    check("--fix", "cloudcore.yaml")
    assert Path("cloudcore.yaml").read_text("utf-8") == text


def test_fix_inside_a_config_map() -> None:
    inner = "".join(f"    {line}\n" for line in ("# head", *MISSPELT.splitlines()))
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cloudcore\ndata:\n  cloudcore.yaml: |\n"
    before = f"{head}{inner}---\nkind: Service\nmetadata: {{name: x}}\n"
    Path("cm.yaml").write_text(before, "utf-8")
    check("--fix", "cm.yaml")
    fixed = Path("cm.yaml").read_text("utf-8")
    assert fixed == f"{head}{inner}---\nkind: Service\nmetadata: {{name: x}}\n".replace(
        "Controler", "Controller"
    )


def test_fix_of_two_config_maps_with_the_same_name() -> None:
    map_of = (
        "- kind: ConfigMap\n  metadata: {name: a, namespace: %s}\n  data:\n    cloudcore.yaml: |\n"
        "      kind: CloudCore\n      modules: {%s: {enable: true}}\n"
    )
    before = "kind: List\nitems:\n" + map_of % ("x", "cloudHubb") + map_of % ("y", "routerr")
    Path("list.yaml").write_text(before, "utf-8")
    check("--fix", "list.yaml")
    fixed = before.replace("cloudHubb", "cloudHub").replace("routerr", "router")
    assert Path("list.yaml").read_text("utf-8") == fixed


def test_fix_next_to_a_document_with_a_key_given_twice() -> None:
    text = f"{MISSPELT}---\nkind: Service\nkind: Service\n"
    Path("all.yaml").write_text(text, "utf-8")
    done = check("--fix", "all.yaml")
    assert done.exit_code == 3
    assert done.stderr == (
        "all.yaml: the file cannot be rewritten: a key is given twice (remove one first) [not-fixable]\n"
        "1 problem; nothing was written.\n"
    )
    assert Path("all.yaml").read_text("utf-8") == text


def test_fix_keeps_line_ends() -> None:
    Path("cloudcore.yaml").write_bytes(MISSPELT.replace("\n", "\r\n").encode())
    check("--fix", "cloudcore.yaml")
    fixed = MISSPELT.replace("Controler", "Controller").replace("\n", "\r\n")
    assert Path("cloudcore.yaml").read_bytes() == fixed.encode()


def test_fix_keeps_json() -> None:
    value = {"kind": "CloudCore", "modules": {"dynamicControler": {"enable": True}, "cloudHub": {}}}
    text = json.dumps(value, indent=2) + "\n"
    Path("cloudcore.json").write_text(text, "utf-8")
    check("--fix", "cloudcore.json")
    assert Path("cloudcore.json").read_text("utf-8") == text.replace("Controler", "Controller")


def test_fix_writes_the_target_of_a_link() -> None:
    Path("real.yaml").write_text(MISSPELT, "utf-8")
    Path("link.yaml").symlink_to("real.yaml")
    check("--fix", "link.yaml")
    assert Path("link.yaml").is_symlink()
    assert "dynamicController" in Path("real.yaml").read_text("utf-8")
    assert Path("real.yaml.orig").read_text("utf-8") == MISSPELT


def test_a_file_given_twice_is_read_once() -> None:
    Path("cloudcore.yaml").write_text(MISSPELT, "utf-8")
    assert check("cloudcore.yaml", "./cloudcore.yaml").stdout == check("cloudcore.yaml").stdout


def test_an_unknown_target_is_named_by_its_option() -> None:
    Path("cloudcore.yaml").write_text(MISSPELT, "utf-8")
    assert check("--target-version", "77", "cloudcore.yaml").stderr.startswith(
        "--target-version: unknown release KubeEdge 77"
    )


# --- secrets -------------------------------------------------------------------------------

SECRETS = {
    "token": "7d1f0c9e55aa.eyJhbGciOi",
    "mqttPassword": "hunter2hunter2",
    "psk": "cLk1p0mM0ZxYb2nQm6aV",
}


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_secrets_are_never_shown(form: str) -> None:
    Path("edgecore.yaml").write_text(
        "modules:\n  edgeHub:\n"
        f"    token: {SECRETS['token']}\n    tokn: {SECRETS['token']}\n"
        "    projctID: x\n"
        "    quic: {token: 86753091, enable: 'off'}\n"
        "  eventBus:\n    mqttPassword: 86753090000\n    mqttPasword: 86753090000\n"
        f"    mqttUsernam: x\n    mqttPasswords: {SECRETS['mqttPassword']}\n",
        "utf-8",
    )
    Path("mesh.yaml").write_text(
        "kind: Secret\nmetadata: {name: a}\nstringData:\n"
        f"  psk: {SECRETS['psk']}\n---\n"
        f"kind: ConfigMap\nmetadata: {{name: b}}\ndata:\n  psk: {SECRETS['psk']}\n---\n"
        "modules:\n  edgeProxy: {enabel: true}\n",
        "utf-8",
    )
    Path("values.yaml").write_text(f"agent:\n  psk: {SECRETS['psk']}\n  pks: {SECRETS['psk']}\n", "utf-8")
    done = check("--fix", "--format", form, "edgecore.yaml", "mesh.yaml", "values.yaml")
    assert "projectID" in done.output
    for secret in (*SECRETS.values(), "8675309"):
        assert secret not in done.stdout + done.stderr
    assert SECRETS["token"] in Path("edgecore.yaml").read_text("utf-8")


# --- unreadable input ----------------------------------------------------------------------

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + chr(ord(name) - 1)] * 10)}]\n" for name in "bcdefgh"
)
UNREADABLE = {
    "broken": (b"modules:\n  edged: [1\nfoo: bar\n", ":3: not YAML: "),
    "binary": (b"\x7fELF\x02\x01\xff\xfe", ":1: is not UTF-8 (save it as UTF-8)"),
    "control characters": (b"a: \x00\x01\n", ": not YAML: unacceptable character"),
    "empty": (b"", ": is empty"),
    "aliases": (BOMB.encode(), ": its aliases expand to more than 200000 values"),
    "nested": (b"[" * 5000, ": nested too deeply"),
    "tag": (
        b"modules: !!python/object:os.system {}\n",
        ":1: unsupported YAML tag !!python/object:os.system",
    ),
}


@pytest.mark.parametrize(("content", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_input_is_rejected(content: bytes, says: str) -> None:
    Path("file.yaml").write_bytes(content)
    done = check("--fix", "file.yaml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"file.yaml{says}")
    assert done.stderr.endswith("\n1 problem; nothing was written.\n")
    assert [path.name for path in Path().iterdir()] == ["file.yaml"]


def test_every_unreadable_file_is_named() -> None:
    Path("folder").mkdir()
    done = check("missing.yaml", "folder")
    assert done.exit_code == 1
    assert done.stderr == (
        "folder: has no file that ends with .yaml, .yml, .json (name another folder) [no-yaml-file]\n"
        "missing.yaml: does not exist [file-missing]\n"
        "2 problems found.\n"
    )


def test_files_in_folders_are_checked() -> None:
    Path("site/nodes").mkdir(parents=True)
    Path("site/cloudcore.yaml").write_text(MISSPELT, "utf-8")
    Path("site/nodes/edgecore.yml").write_text("modules: {edged: {enable: true}}\n", "utf-8")
    Path("site/notes.txt").write_text("modules: [", "utf-8")
    done = check("site", "site/cloudcore.yaml")
    assert done.exit_code == 1
    assert "\nsite/cloudcore.yaml:1: cloudcore.yaml\n" in done.stdout
    assert "\nsite/nodes/edgecore.yml:1: edgecore.yaml\n" in done.stdout
    assert "notes.txt" not in done.stdout + done.stderr
    assert done.stdout.count("\nsite/cloudcore.yaml:4: modules.dynamicControler: not a field ") == 1


def test_fix_in_a_folder() -> None:
    Path("site").mkdir()
    Path("site/edgecore.yaml").write_text("modules: {edged: {hostnameOverride: 1e3}}\n", "utf-8")
    done = check("--fix", "site")
    assert "fixed in site/edgecore.yaml; the original is site/edgecore.yaml.orig\n" in done.stderr
    assert sorted(path.name for path in Path("site").iterdir()) == ["edgecore.yaml", "edgecore.yaml.orig"]


def test_an_unreadable_file_does_not_hide_the_findings_of_others() -> None:
    Path("cloudcore.yaml").write_text(MISSPELT, "utf-8")
    Path("broken.yaml").write_text("modules:\n  edged: [1\n", "utf-8")
    done = check("missing.yaml", "cloudcore.yaml", "broken.yaml")
    assert (done.exit_code, done.stderr) == (1, "")
    assert "\nmissing.yaml: does not exist [file-missing]\n" in done.stdout
    assert "\nbroken.yaml:3: not YAML: " in done.stdout
    assert "\ncloudcore.yaml:4: modules.dynamicControler: not a field " in done.stdout
    assert done.stdout.endswith("\n3 problems, 0 warnings\n")


def test_an_unknown_release_causes_no_traceback() -> None:
    Path("edgecore.yaml").write_text(
        "edgecoreVersion: v0.0.0-master\nmodules: {edged: {enable: true}}\n", "utf-8"
    )
    assert check("edgecore.yaml").exit_code == 0
    for flag in ("--kubeedge-version", "--edgemesh-version", "--target-version"):
        done = check(flag, "v9.9.9", "edgecore.yaml")
        assert done.exit_code in (1, 2)
        assert "v9.9.9 (use one of" in done.stderr


# --- size ----------------------------------------------------------------------------------


def calls(work: Callable[[], object]) -> int:
    """Count the calls that a piece of work makes, of Python and of C."""
    number = 0

    def count(_: FrameType, event: str, __: object) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return number


SERVICE = """\
---
apiVersion: v1
kind: Service
metadata:
  name: web-NUMBER
  namespace: shop
  labels: {app: web, tier: front, team: shop, "helm.sh/chart": "shop-1.2.3"}
  annotations:
    description: "FILLER"
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: 8080}
"""


def stream(name: str, number: int, first: str = "") -> str:
    """Write a stream of Services to a file, after the text `first`."""
    Path(name).write_text(first + "".join(SERVICE.replace("NUMBER", str(n)) for n in range(number)), "utf-8")
    return name


@pytest.mark.long
def test_four_times_the_documents_take_four_times_the_work() -> None:
    config = "---\n" + MISSPELT
    small, big = stream("small.yaml", 100, config), stream("big.yaml", 400, config)
    check_files([small])  # loads the tables, which are read only once
    once, four = (calls(lambda file=file: check_files([file])) for file in (small, big))  # type: ignore[misc]
    assert four < 4.1 * once


def test_a_stream_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    read_all = yaml_reader.read_all

    def counted(text: str, name: str, **options: Any) -> Any:
        parsed.append(name)
        return read_all(text, name, **options)

    monkeypatch.setattr(yaml_reader, "read_all", counted)
    check_files([stream("stream.yaml", 50, "---\n" + MISSPELT.replace("Controler", "Controller"))])
    assert parsed == ["stream.yaml"]


# --- the cluster ---------------------------------------------------------------------------

EDGE = """\
modules:
  edgeHub: {websocket: {server: "192.0.2.10:10000"}}
  metaManager: {metaServer: {enable: true}}
"""


def kubectl(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a kubectl on PATH that runs a script."""
    program = folder / "bin" / "kubectl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/asked\n{script}\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def test_the_issuer_is_read_from_the_cluster(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kubectl(folder, """echo '{"issuer": "https://oidc.example.com"}'""", monkeypatch)
    Path("edgecore.yaml").write_text(EDGE, "utf-8")
    done = check("--cluster", "admin.conf", "edgecore.yaml")
    assert done.exit_code == 1
    asked = Path("asked").read_text("utf-8")
    assert asked == ("--kubeconfig=admin.conf get --raw /.well-known/openid-configuration\n")
    assert (
        "edgecore.yaml:3: modules.metaManager.metaServer.serviceAccountIssuers: lacks https://oidc.example.com,"
        " the issuer of this cluster's tokens; the endpoint rejects every token (401)"
        " (add https://oidc.example.com) [issuer-not-trusted]\n"
    ) in done.stdout


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo no route to host >&2; exit 1", "kubectl get: no route to host"),
        ("echo '{}'", "admin.conf: /.well-known/openid-configuration has no issuer"),
        ("echo '[]'", "admin.conf: /.well-known/openid-configuration has no issuer"),
        ("echo hello", "admin.conf: /.well-known/openid-configuration has no issuer"),
    ],
)
def test_an_unreachable_cluster_is_reported(
    script: str, says: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kubectl(folder, script, monkeypatch)
    Path("edgecore.yaml").write_text(EDGE, "utf-8")
    done = check("--cluster", "admin.conf", "edgecore.yaml")
    assert (done.exit_code, done.stdout, done.stderr) == (3, "", f"{says}\n")


def test_a_missing_kubectl_is_reported(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    Path("edgecore.yaml").write_text(EDGE, "utf-8")
    done = check("--cluster", "admin.conf", "edgecore.yaml")
    assert done.exit_code == 3
    assert done.stderr == "kubectl not found: kubectl (install it, or set KUBECTL to its path)\n"
