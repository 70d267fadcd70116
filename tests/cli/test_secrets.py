"""Secrets are never printed: not in problems, warnings, explanations, help or messages about files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.cli.main import cli
from tests.cli.conftest import ADDRESS, Run

SECRET = "hunter2"
PLACES = [
    "agent.psk",
    "gateway.psk",
    "edgeCore.modules.eventBus.mqttPassword",
    "edgeCore.modules.edgeHub.token",
    "edgeCore.nodeGroups.a.modules.edgeHub.token",
]
# A secret as a value of the wrong type.
SHAPES = [[SECRET], {SECRET: SECRET}, {"value": SECRET}, [[SECRET]], {"a": {"b": [SECRET]}}]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("key", PLACES)
def test_a_secret_of_the_wrong_type_is_not_printed(run: Run, key: str, shape: object) -> None:
    ran = run("render", "--set-json", f"{key}={json.dumps(shape)}")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert SECRET not in ran.stderr


@pytest.mark.parametrize(
    "flag",
    [
        f"agent.psk=a,{SECRET}",
        f"agent.psk=a,{SECRET},b",
        f"agent.psk={{{SECRET}",
        f"agent.psk={SECRET},agent.psk.x=1",
        f"agent.psk[0]={SECRET}",
        f"agent.psk={SECRET},agent.pskSecret=other",
        f"agent.psk={SECRET},gateway.psk={SECRET}2,gateway.enable=true,zzz=1",
        f"agent.psk={SECRET},profile=mtls,kubeedgeVersion=1.7",
        f"agent.psk[{SECRET}]=1",
        f"agent.psk[{SECRET}=1",
        f"agent.psk.{SECRET}=1",
        f"agent.psk.a[0].{SECRET}=1",
        f"agent.psk.{SECRET}",
        f"agent.modules.edgeTunnel.psk.path={SECRET}",
        f"agent.kubeAPIConfig.metaServer.server=ftp://me:{SECRET}@192.0.2.3",
        f"edgeCore.modules.metaManager.metaServer.server=https://me:{SECRET}@192.0.2.3:10550",
        f"edgeCore.modules.edgeHub.httpServer=https://me:{SECRET}@192.0.2.3:10002,zzz=1",
        f"agent.extraEnv[0].name=DB_PASSWORD,agent.extraEnv[0].value={SECRET},zzz=1",
    ],
)
def test_a_secret_in_a_rejected_flag_is_not_printed(run: Run, flag: str) -> None:
    ran = run("render", "--set", flag)
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert SECRET not in ran.stderr


@pytest.mark.parametrize("file", [SECRET, f"{{{SECRET}}}", f"{SECRET}/x"])
def test_a_key_given_as_a_file_name_is_not_printed(run: Run, file: str) -> None:
    ran = run("render", "--set-file", f"agent.psk={file}")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr.splitlines()[0].endswith(
        "the file does not exist (KEY=FILE takes the name of a file, not its content) [file-missing]"
    )
    assert SECRET not in ran.stderr


@pytest.mark.parametrize("verb", ["check", "check --format json", "check --format sarif"])
@pytest.mark.parametrize(
    "text",
    [
        f"kind: EdgeMeshAgent\nmodules: {{edgeTunnel: {{psk: {{path: {SECRET}}}}}}}\n",
        f"kind: EdgeMeshAgent\nmodules: {{edgeTunnel: {{psk: {{{SECRET}: 1}}}}}}\n",
        f"kind: EdgeMeshAgent\nkubeAPIConfig: {{metaServer: {{server: 'ftp://me:{SECRET}@h'}}}}\n",
        f"kind: EdgeCore\nmodules: {{eventBus: {{mqttMode: 9, mqttServerExternal: 'tcp://me:{SECRET}@h'}}}}\n",
        f"agent: {{psk: {{{SECRET}: 1}}}}\n",
    ],
)
def test_a_secret_in_a_checked_file_is_not_printed(run: Run, tmp_path: Path, verb: str, text: str) -> None:
    (tmp_path / "file.yaml").write_text(text)
    assert SECRET not in run(*verb.split(), "file.yaml").output


@pytest.mark.parametrize(
    "text",
    [
        f"agent:\n  psk: [{SECRET}\n",
        f"agent:\n  psk: '{SECRET}\n",
        f"agent:\n  psk: {SECRET}: x\n",
        f"agent:\n  psk: !{SECRET} x\n".replace(f"!{SECRET} x", f"!secret {SECRET}"),
        f"agent:\n  psk: {SECRET}\n  psk: {SECRET}\n",
        f"agent:\n\tpsk: {SECRET}\n",
        f"agent:\n  psk: {SECRET}\n x: 1\n",
        f"agent:\n  psk: *{SECRET}x\n".replace(f"*{SECRET}x", "*anchor"),
        f"{SECRET}\n",
    ],
)
def test_a_secret_in_an_unreadable_file_is_not_printed(run: Run, text: str, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(text)
    ran = run("render", "-f", "site.yaml")
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert SECRET not in ran.stderr


def test_secrets_written_to_files_are_not_printed(run: Run, tmp_path: Path) -> None:
    flags = [f"{key}={SECRET}" for key in PLACES]
    site = ["--set", ",".join([*flags, ADDRESS]), "--profile", "one-way"]
    for more in ([], ["--dry-run"], ["--set", "agent.podLabels.a=b"]):
        ran = run("render", *site, "-o", "build", *more)
        assert ran.exit_code == 0
        assert SECRET not in ran.output
    text = "".join(path.read_text() for path in (tmp_path / "build").rglob("*.sh"))
    assert SECRET not in text


@pytest.mark.parametrize(
    "arguments", [[name, "--help"] for name in cli.commands] + [["profiles"], ["schema"]]
)
def test_help_and_profiles_contain_no_usable_secret(run: Run, arguments: list[str]) -> None:
    # The generator rejects the public key of the upstream chart, and prints it nowhere.
    assert "JugH9HP1XBouyO5pWGeZa8LtipDURrf1" not in run(*arguments).output
