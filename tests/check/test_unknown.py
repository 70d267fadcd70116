"""A run that checked no file exits with 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli.main import cli

CLOUD = "modules: {cloudHub: {advertiseAddress: [192.0.2.10]}}\n"
NOTHING = {
    "unrelated-values": "replicaCount: 2\ningress: {enabled: true}\n",
    "list": "- one\n- two\n",
    "text": "hello world\n",
    "service": "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n",
    "other-application": (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\n"
        "spec: {source: {path: charts/shop, helm: {valuesObject: {agent: {a: 1}}}}}\n"
    ),
    "values-elsewhere": (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: x}\n"
        "spec: {chart: {spec: {chart: cloudcore}}, valuesFrom: [{kind: Secret, name: v}]}\n"
    ),
    "kustomization": "resources: [shop.yaml]\nimages: [{name: shop, newTag: v2}]\n",
    "no-values": "USER-SUPPLIED VALUES:\nnull\n",
}


def check(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, ["check", *map(str, arguments)])


def write(folder: Path, **texts: str) -> list[Path]:
    """Write files and return their paths."""
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return [folder / f"{name}.yaml" for name in texts]


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_the_exit_code_is_2_if_nothing_was_checked(name: str, form: str, tmp_path: Path) -> None:
    files = write(tmp_path, file=NOTHING[name])
    done = check("--format", form, *files)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(str(files[0]))
    assert done.stderr.endswith("\nnothing was checked.\n")


def test_an_unknown_file_next_to_a_known_one_is_a_warning(tmp_path: Path) -> None:
    files = write(tmp_path, cloudcore=CLOUD, other="replicaCount: 2\n")
    done = check(*files)
    assert done.exit_code == 0
    assert f"{files[1]}:1: warning: not recognised, and not checked; its keys are replicaCount" in done.stdout
    found = json.loads(check("--format", "json", *files).stdout)["findings"]
    assert [(one["ruleId"], one["file"]) for one in found if one["file"] == str(files[1])] == [
        ("unknown-document", str(files[1]))
    ]


def test_objects_next_to_a_config_are_not_a_warning(tmp_path: Path) -> None:
    files = write(tmp_path, all=f"{CLOUD}---\n{NOTHING['service']}")
    done = check(*files)
    assert (done.exit_code, "not recognised" in done.stdout) == (0, False)
    assert "1 other document without config or values" in done.stdout


def test_a_psk_alone_is_checked(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: Secret\nmetadata: {name: psk}\nstringData: {psk: short}\n"
    assert check(*write(tmp_path, psk=text)).exit_code == 1


def test_the_option_as_overrides_the_detected_kind(tmp_path: Path) -> None:
    done = check("--as", "cloudcore", *write(tmp_path, file="replicaCount: 2\n"))
    assert "replicaCount: not a field of cloudcore.yaml" in done.stdout


SERVER = """\
apiVersion: server.edgemesh.config.kubeedge.io/v1alpha1
kind: EdgeMeshServer
modules: {tunnel: {enable: true, publicIP: 192.0.2.20}}
"""


def in_config_map(text: str) -> str:
    """Return a ConfigMap that holds a config of EdgeMesh's server."""
    inner = "".join(f"    {line}\n" for line in text.splitlines())
    head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: edgemesh-server-cfg}\ndata:\n"
    return f"{head}  edgemesh-server.yaml: |\n{inner}"


@pytest.mark.parametrize("text", [SERVER, in_config_map(SERVER)], ids=["file", "config-map"])
def test_a_config_of_edgemesh_server_is_a_problem(text: str, tmp_path: Path) -> None:
    done = check(*write(tmp_path, server=text))
    assert done.exit_code == 1
    assert "EdgeMesh has no server from 1.12 on; nothing reads this config" in done.stdout
