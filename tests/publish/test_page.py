"""docs/publish.md: its commands run as they are typed, on a registry and a web server on loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from generator import locations
from tests.helm.binaries import BINARIES
from tests.levels import program
from tests.publish.registry import Registry, environment, web_server

PAGE = (locations.ROOT / "docs/publish.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WEB, OCI = "https://charts.example.com/kubeedge", "registry.example.com"
# Keeps the text that it would sign.
GPG = """#!/bin/sh
[ "$1 $2" = "--clearsign --output" ] && cat >"$3"
"""


def as_here(block: str, web: str, oci: Registry, binary: str) -> str:
    """Return a block with the addresses of this machine; there is no cluster, so install is template."""
    block = re.sub(r"^helm install", "helm template", block, flags=re.MULTILINE).replace(WEB, web)
    flags = " ".join(oci.flags(binary))
    # The last argument of these commands is the address or the version.
    block = re.sub(rf"^(helm \w+ .*oci://{re.escape(OCI)}.*)$", rf"\1 {flags}", block, flags=re.MULTILINE)
    return block.replace(" --create-namespace", "").replace(OCI, oci.address)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Return a folder that looks like a checkout, with gpg in its folder of programs."""
    for name in ("charts", "ci", "generator"):
        (tmp_path / name).symlink_to(locations.ROOT / name)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    who = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"]
    commit = [
        "git",
        "-C",
        str(tmp_path),
        *who,
        "commit",
        "--quiet",
        "--allow-empty",
        "--no-verify",
        "-m",
        "1",
    ]
    subprocess.run(commit, check=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gpg").write_text(GPG)
    (tmp_path / "bin/gpg").chmod(0o755)
    (tmp_path / "bin/generator").symlink_to(Path(sys.executable).parent / "generator")
    return tmp_path


@pytest.mark.parametrize("binary", BINARIES)
def test_every_command_of_the_page_runs(work: Path, binary: str, oci: Registry) -> None:
    (work / "bin/helm").symlink_to(program(binary))
    with web_server(work / "build/repository") as web:
        (work / "old-index.yaml").write_text("apiVersion: v1\nentries: {}\n")
        script = "\n".join(f"({as_here(block, web, oci, binary)})" for block in BLOCKS)
        done = subprocess.run(
            ["bash", "-eu", "-c", script],
            cwd=work,
            env=environment(work, PYTHONPATH=str(locations.ROOT))
            | {"PATH": f"{work / 'bin'}:{os.environ['PATH']}"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    archives = sorted((work / "build/repository").glob("*.tgz"))
    assert len(archives) == 3
    for archive in archives:
        dated = work / "build/dated" / archive.name
        assert dated.read_bytes() == archive.read_bytes()
        signed = Path(f"{archive}.prov").read_text("utf-8")
        chart = (locations.CHARTS / archive.name.partition("-")[0] / "Chart.yaml").read_text("utf-8")
        digest = sha256(archive.read_bytes()).hexdigest()
        assert signed == f"{chart}\n...\nfiles:\n  {archive.name}: sha256:{digest}\n"
    assert (work / "edgemesh-0.1.0.tgz").read_bytes() == archives[2].read_bytes()


def test_the_page_names_no_other_host() -> None:
    hosts = set(re.findall(r"\b(?:https?|oci)://([\w.-]+)", PAGE)) | set(
        re.findall(r"\bregistry[.\w]+\.com", PAGE)
    )
    assert hosts == {"charts.example.com", OCI}


def test_the_page_names_the_versions_of_the_charts() -> None:
    named = set(re.findall(r"(?:cloudcore|edgecore|edgemesh)-(\d+\.\d+\.\d+)", PAGE))
    assert named == {"0.1.0"}
