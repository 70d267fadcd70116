"""The charts as dependencies of one parent chart, and packaged."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml, locations
from generator.components import CHARTS
from generator.load import load_site
from generator.render.site import render_site
from tests.helm.binaries import BINARIES
from tests.levels import program

PARENT = """\
apiVersion: v2
name: parent
version: 0.1.0
dependencies:
- {name: cloudcore, version: ">=0.0.0", condition: cloudcore.enabled}
- {name: edgecore, version: ">=0.0.0", condition: edgecore.enabled}
- {name: edgemesh, version: ">=0.0.0", condition: mesh.enabled, alias: mesh}
"""
SITE = {
    "profile": "one-way-verified",
    "cloudCore": {"modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}},
}


@pytest.fixture(scope="module")
def parent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a chart that has the three as its dependencies, one of them under another name."""
    folder = tmp_path_factory.mktemp("parent")
    (folder / "Chart.yaml").write_text(PARENT)
    for chart in CHARTS:
        shutil.copytree(locations.CHARTS / chart, folder / "charts" / chart)
    return folder


def template(binary: str, chart: Path, values: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    command = [
        program(binary),
        "template",
        "site",
        str(chart),
        "--namespace",
        "kubeedge",
        "--values",
        "-",
    ]
    return subprocess.run(command, input=json.dumps(values), capture_output=True, text=True, check=False)


def kinds(text: str) -> Counter[str]:
    """Count the kinds of objects in a stream, test pods left out."""
    parts = (go_yaml.load(part) for part in f"\n{text}".split("\n---\n"))
    return Counter(part["kind"] for part in parts if part and part["kind"] != "Pod")


@pytest.mark.parametrize("binary", BINARIES)
def test_three_charts_in_one_release(parent: Path, binary: str) -> None:
    values = {"global": {"any": 1}, "cloudcore": SITE, "edgecore": SITE, "mesh": {**SITE, "enabled": True}}
    ran = template(binary, parent, values)
    assert ran.stderr == ""
    alone = render_site(load_site(set_json=[json.dumps(SITE)]))
    assert kinds(ran.stdout) == Counter(document.kind for document in alone.documents)


@pytest.mark.parametrize("binary", BINARIES)
def test_one_chart_of_three(parent: Path, binary: str) -> None:
    off = {"enabled": False}
    ran = template(binary, parent, {"cloudcore": off, "edgecore": SITE, "mesh": off})
    assert kinds(ran.stdout) == {"ConfigMap": 1}


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("chart", CHARTS)
def test_an_error_names_the_template_that_checks_the_values(chart: str, binary: str) -> None:
    ran = template(binary, locations.CHARTS / chart, {**SITE, "kubeedgeVersion": "v1.11.0"})
    assert ran.returncode == 1
    assert f"({chart}/templates/validate/values.yaml:" in ran.stderr
    assert "profile: KubeEdge v1.11.0 serves the endpoint over plain http only" in ran.stderr
    assert " [tls-needs-1.12]\n" in ran.stderr


@pytest.mark.parametrize("binary", BINARIES)
def test_problems_name_their_chart(parent: Path, binary: str) -> None:
    contrary = {"agent": {"psk": "a", "pskSecret": "b"}}
    ran = template(binary, parent, {"cloudcore": SITE, "edgecore": SITE, "mesh": contrary})
    assert ran.returncode == 1
    assert "1 problem(s) in the values of chart mesh:\nagent.pskSecret: " in ran.stderr


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("chart", CHARTS)
def test_a_packaged_chart_renders_the_same(chart: str, binary: str, tmp_path: Path) -> None:
    subprocess.run(
        [program(binary), "package", locations.CHARTS / chart, "--destination", tmp_path],
        check=True,
        capture_output=True,
    )
    (packed,) = tmp_path.iterdir()
    rendered = [template(binary, source, SITE).stdout for source in (packed, locations.CHARTS / chart)]
    assert rendered[0] == rendered[1] != ""


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("chart", CHARTS)
def test_helm_finds_the_library_in_the_checkout(chart: str, binary: str) -> None:
    command = [program(binary), "dependency", "list", str(locations.CHARTS / chart)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    assert re.search(r"^common\s+0\.1\.0\s+unpacked\s*$", ran.stdout, re.MULTILINE), ran.stdout
    assert ran.stderr == ""


@pytest.mark.parametrize("binary", BINARIES)
def test_the_library_has_no_values(binary: str) -> None:
    ran = template(binary, locations.CHARTS / "edgemesh", {"common": {"any": 1}})
    assert ran.returncode == 1
    assert "common" in ran.stderr


def test_template_names_are_unique_across_charts() -> None:
    """Helm has one set of named templates for a parent chart and all below it."""
    for chart in CHARTS:
        for path in (locations.CHARTS / chart).rglob("*.tpl"):
            for line in path.read_text("utf-8").splitlines():
                if line.startswith("{{- define "):
                    assert line.split('"')[1].startswith(f"{chart}."), f"{path}: {line}"
