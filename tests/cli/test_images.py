"""`generator images`: options, errors and warnings; docs/air-gap.md."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from generator import go_yaml, locations
from generator.cli import images as command
from generator.render.images.formats import ARCHES, FORMATS
from tests.cli.conftest import ADDRESS, Run

PAGE = (locations.ROOT / "docs/air-gap.md").read_text("utf-8")


def test_the_command_has_the_formats_and_architectures_of_the_package() -> None:
    assert command.FORMATS == FORMATS
    assert tuple(ARCHES) == command.ARCHES


def test_images_of_a_site_are_printed(run: Run, tmp_path: Path) -> None:
    shutil.copy(locations.VALUES / "examples/factory.yaml", tmp_path / "site.yaml")
    ran = run("images", "--profile", "mtls", "-f", "site.yaml", "--arch", "arm64")
    assert (ran.exit_code, ran.stderr) == (0, "")
    head, *rest = ran.stdout.splitlines()
    assert head == "9 images for KubeEdge v1.23.1 and EdgeMesh v1.17.0, linux/arm64"
    mirror = "registry.example.com/mirror"
    assert f"kubeedge/cloudcore:v1.23.1 -> {mirror}/kubeedge/cloudcore:v1.23.1" in rest


def test_the_releases_of_options_count_more_than_those_of_the_site(run: Run) -> None:
    options = ["--kubeedge-version", "1.20", "--edgemesh-version", "v1.16.0", "--set", ADDRESS]
    ran = run("images", *options, "--set-string", "kubeedgeVersion=1.22", "--format", "json")
    found = json.loads(ran.stdout)
    assert (found["kubeedge"], found["edgemesh"]) == ("v1.20.0", "v1.16.0")


def test_a_chart_can_be_chosen(run: Run) -> None:
    ran = run("images", "--chart", "edgemesh", "--format", "json")
    sources = [image["source"] for image in json.loads(ran.stdout)["images"]]
    assert sources == ["curlimages/curl:8.16.0", "kubeedge/edgemesh-agent:v1.17.0"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["--format", "docker", "--arch", "amd64"],
            """
--format: images.registry: is not set, so there is no registry to push the images to (set it to your \
registry, for example --set images.registry=registry.example.com) [no-mirror]
1 problem found.
""",
        ),
        (
            ["--kubeedge-version", "1.6", "--edgemesh-version", "2", "--set", "agent.pks=1"],
            """
--set: agent.pks: unknown key (did you mean psk?) [unknown-key]
--kubeedge-version: kubeedgeVersion: unknown release KubeEdge 1.6 (use one of 1.7 to 1.23) [unknown-release]
--edgemesh-version: edgemeshVersion: unknown release EdgeMesh 2 (use one of 1.12 to 1.17) [unknown-release]
3 problems found.
""",
        ),
    ],
)
def test_every_problem_is_printed(run: Run, arguments: list[str], says: str) -> None:
    ran = run("images", *arguments)
    assert (ran.exit_code, ran.stdout) == (1, "")
    assert ran.stderr == says.lstrip()


def test_docker_needs_an_architecture(run: Run) -> None:
    ran = run("images", "--format", "docker")
    assert ran.exit_code == 2
    assert "--format docker needs --arch" in ran.stderr


def test_warnings_are_printed_on_stderr(run: Run) -> None:
    ran = run("images", "--kubeedge-version", "1.10", "--set", ADDRESS, "--format", "json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["kubeedge"] == "v1.10.3"
    assert ran.stderr == (
        "warning: keadm join: keadm of KubeEdge 1.10 downloads edgecore from the internet; a mirror of "
        "images cannot help (use KubeEdge 1.11 or newer, or install edgecore on the nodes by hand) "
        "[keadm-downloads]\n"
    )


# --- docs/air-gap.md -------------------------------------------------------------------------


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of a language of the page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def site(run: Run, tmp_path: Path) -> Run:
    """Write the site of the page, and return `run`."""
    (site,) = blocks("yaml")
    (tmp_path / "site.yaml").write_text(site)
    return run


def test_every_command_of_the_page_runs(site: Run) -> None:
    lines = re.findall(r"^(?:    )?generator (.*)$", PAGE, re.MULTILINE)
    lines = [line for line in lines if not line.startswith("install")]
    assert len(lines) == 4
    for line in lines:
        ran = site(*shlex.split(line.partition(" > ")[0]))
        assert ran.exit_code == 0, f"{line}: {ran.stderr}"
        assert ran.stdout


def test_the_page_shows_lines_of_the_list(site: Run) -> None:
    (shown,) = blocks("text")
    assert shown in site("images", "-f", "site.yaml").stdout


def test_the_page_has_the_commands_of_the_sync_file(site: Run) -> None:
    text = site("images", "-f", "site.yaml", "--format", "skopeo").stdout
    commands = [line[4:] for line in text.splitlines() if line.startswith("#   ")]
    shown = [line for block in blocks("sh") for line in block.splitlines() if "generator" not in line]
    assert shown == [*commands, "sh copy-images.sh"]


def test_the_page_shows_the_pause_image_and_the_repository_of_keadm(site: Run, tmp_path: Path) -> None:
    found = json.loads(site("images", "-f", "site.yaml", "--format", "json").stdout)["images"]
    (pause,) = [one["target"] for one in found if "code" in one["uses"][0]]
    settings = re.findall(r"""= ['"](.*pause.*)['"]$""", "\n".join(blocks("toml")), re.MULTILINE)
    assert settings == [pause] * 3
    site("render", "-f", "site.yaml", "-o", "build")
    (flag,) = re.findall(r"`(--image-repository=\S+)`", PAGE)
    assert flag in (tmp_path / "build/edgecore/default/join.sh").read_text()
    (probe,) = re.findall(r"`--image (\S+)`", PAGE)
    assert probe in [one["target"] for one in found]


def test_the_site_of_the_page_sets_the_secret_that_it_creates() -> None:
    assert "create secret docker-registry mirror-login" in PAGE
    values = go_yaml.load(blocks("yaml")[0])
    assert values["images"]["pullSecrets"] == ["mirror-login"]
