"""ci/gitops/ and docs/gitops.md: the commands of the page write the examples again."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator import go_yaml
from generator.cli.main import cli
from generator.locations import ROOT
from generator.secrets.trees import secrets_in
from tests.gitops.examples import FOLDER, PAGE, TOOLS, commands, files, objects


def test_the_page_has_a_command_for_each_tool() -> None:
    assert [command[command.index("--tool") + 1] for command in commands()] == [*TOOLS]


@pytest.mark.parametrize("command", commands(), ids=TOOLS)
def test_examples_are_up_to_date(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    (tmp_path / "values").symlink_to(ROOT / "values")
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(cli, command)
    assert ran.exit_code == 0, ran.output
    place = Path(command[-1])
    if pytestconfig.getoption("--rewrite-golden"):
        shutil.rmtree(ROOT / place, ignore_errors=True)
        shutil.copytree(tmp_path / place, ROOT / place)
    assert files(ROOT / place) == files(tmp_path / place), "run `make golden`, and read the diff"


@pytest.mark.parametrize("tool", TOOLS)
def test_examples_contain_no_secret(tool: str) -> None:
    found = [one for text in files(FOLDER / tool).values() for one in objects(text)]
    assert found
    assert [secret for one in found for secret in secrets_in(one)] == []


@pytest.mark.parametrize("tool", TOOLS)
def test_each_file_begins_with_its_command(tool: str) -> None:
    for name, text in files(FOLDER / tool).items():
        assert text.startswith(f"# generator gitops --tool {tool} "), name
        assert go_yaml.load(text.split("---\n")[0]), name


def test_the_page_names_the_releases_whose_crds_are_tested() -> None:
    script = (ROOT / "tools/gitops_crds.sh").read_text("utf-8")
    pins = re.findall(r"^(?:ARGOCD|FLUX|EXTERNAL_SECRETS)=(?:.*@)?v(\d+\.\d+)", script, re.MULTILINE)
    argocd, flux, external = pins
    assert f"Argo CD {argocd}, Flux {flux} and External Secrets {external}." in PAGE
