"""The values file of each chart that turns everything on: every Helm renders it, and it is complete."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest

from generator import go_yaml
from generator.components import CHARTS
from tests.charts import kubernetes
from tests.charts.conftest import ROOT, open_named
from tests.helm.binaries import BINARIES
from tests.levels import program

pytestmark = pytest.mark.long

# What excludes something else that a file turns on: certificates on nodes, which end with 1.16, one
# from cert-manager beside a Secret (test_certificates.py has them), a PSK of the gateway's own.
EXCLUDED: dict[str, set[str]] = {
    "cloudcore": set(),
    "edgecore": {"certificate-copy/daemonset.yaml", "edgecore/certificate.yaml"},
    "edgemesh": {"agent/certificate.yaml", "gateway/secret.yaml"},
}


def file_of(chart: str) -> str:
    """Return the path of a chart's file."""
    return str(ROOT / "charts" / chart / "ci" / "everything-values.yaml")


def rendered(chart: str, engine: str) -> list[Any]:
    """Render a chart with its file."""
    values = go_yaml.load((ROOT / "charts" / chart / "ci" / "everything-values.yaml").read_text("utf-8"))
    return open_named(engine).render(chart, values, release=chart, namespace="kubeedge")


@pytest.mark.parametrize("engine", BINARIES)
@pytest.mark.parametrize("chart", CHARTS)
def test_every_helm_renders_it(chart: str, engine: str) -> None:
    assert [d.text for d in rendered(chart, engine)] == [d.text for d in rendered(chart, "embedded")]


@pytest.mark.parametrize("chart", CHARTS)
def test_every_kubernetes_accepts_it(chart: str) -> None:
    found = [d.data for d in rendered(chart, "embedded")]
    assert [fault for o in found for v in kubernetes.VERSIONS for fault in kubernetes.faults(o, v)] == []


@pytest.mark.helm
@pytest.mark.parametrize("chart", CHARTS)
def test_every_template_renders_something(chart: str) -> None:
    command = [
        program("helm-4.3"),
        "template",
        chart,
        str(ROOT / "charts" / chart),
        "--namespace",
        "kubeedge",
    ]
    run = subprocess.run([*command, "--values", file_of(chart)], capture_output=True, text=True, check=True)
    spoke = set(re.findall(rf"^# Source: {chart}/templates/(\S+)", run.stdout, re.MULTILINE))
    folder = ROOT / "charts" / chart / "templates"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")}
    # It fails, or says nothing.
    assert files - spoke - {"validate/values.yaml"} == EXCLUDED[chart]
