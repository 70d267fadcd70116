"""Chart.yaml, values.yaml and README.md, as Artifact Hub, helm-docs and Helm read them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator import go_yaml, locations
from generator.components import CHARTS
from tests.charts.conftest import Render
from tests.charts.objects import containers

# Values that render every image of a chart.
ON: dict[str, list[dict[str, Any]]] = {
    "cloudcore": [
        {
            "controllerManager": {"enable": True},
            "admission": {"enable": True, "certsSecretName": "certs"},
            "iptablesManager": {"framework": framework},
        }
        for framework in ("legacy", "nft")
    ],
    "edgecore": [
        {
            "kubeedgeVersion": "1.16",
            "profile": "mtls",
            "certificateCopy": {"enable": True},
            "metaServer": {"serverCertificate": {"existingSecret": "certs"}},
        }
    ],
    "edgemesh": [{"gateway": {"enable": True}}],
}


def metadata(chart: str) -> dict[str, Any]:
    """Return the Chart.yaml of a chart."""
    loaded: dict[str, Any] = go_yaml.load((locations.CHARTS / chart / "Chart.yaml").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("chart", [*CHARTS, "common"])
def test_a_chart_has_home_sources_icon_and_maintainers(chart: str) -> None:
    found = metadata(chart)
    assert all(found[key] for key in ("home", "sources", "icon", "maintainers", "keywords", "description"))


@pytest.mark.parametrize("chart", CHARTS)
def test_artifact_hub_lists_the_images_that_the_chart_runs(chart: str, render: Render) -> None:
    listed = {row["image"] for row in go_yaml.load(metadata(chart)["annotations"]["artifacthub.io/images"])}
    run = {c["image"] for values in ON[chart] for c in containers(render(chart, values))}
    values = go_yaml.load((locations.CHARTS / chart / "values.yaml").read_text("utf-8"))
    test = {values.get("tests", {}).get("image")}
    assert listed == run | test - {None}


@pytest.mark.parametrize("chart", CHARTS)
def test_annotations_with_yaml_are_lists_of_maps(chart: str) -> None:
    found = metadata(chart)["annotations"]
    for name in ("images", "links", "changes"):
        rows = go_yaml.load(found[f"artifacthub.io/{name}"])
        assert rows
        assert all(isinstance(row, dict) and len(row) == 2 for row in rows)
    assert "artifacthub.io/signKey" not in found


@pytest.mark.parametrize("chart", CHARTS)
def test_every_key_has_a_comment_that_helm_docs_reads(chart: str) -> None:
    lines = (locations.CHARTS / chart / "values.yaml").read_text("utf-8").splitlines()
    above = dict(zip(lines[1:], lines, strict=False))
    top = [line for line in lines if re.match(r"[A-Za-z]+:", line)]
    assert len(top) > 8
    assert all(above[line].startswith("# -- ") for line in top)


@pytest.mark.parametrize("chart", CHARTS)
def test_a_package_does_not_contain_the_values_of_the_tests(chart: str) -> None:
    assert "ci/" in (locations.CHARTS / chart / ".helmignore").read_text("utf-8").splitlines()


@pytest.mark.parametrize("chart", CHARTS)
def test_the_readme_has_one_table_per_section(chart: str) -> None:
    text = (locations.CHARTS / chart / "README.md").read_text("utf-8")
    sections = re.findall(r"^### (\S+)$", text, re.MULTILINE)
    assert sections[0] == "General"
    for section in sections[1:]:
        part = text.split(f"### {section}\n")[1].split("\n#")[0]
        keys = re.findall(r"^\| `([^`]+)`", part, re.MULTILINE)
        assert keys, section
        assert all(key.startswith(f"{section}.") for key in keys)
