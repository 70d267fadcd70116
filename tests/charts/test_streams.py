"""streams.enable with plain Helm: the same documents as from the generator, and the same verdicts."""

from __future__ import annotations

import pytest

from generator import load_site, render_site
from generator.components import CHARTS
from generator.errors import HelmError
from tests.charts.conftest import Render
from tests.charts.objects import config
from tests.charts.test_cli_equals_helm import ADDRESS, by_identity, helm_template
from tests.helm.binaries import BINARIES

SECRET = "cloudCore.streamCertificate.existingSecret=cloudcore-stream"
HUB = "modules.edgeHub.websocket.server"
CASES = {
    "on": ("streams.enable=true", SECRET, ADDRESS),
    "off": ("streams.enable=false", ADDRESS),
    "on-1.8": ("streams.enable=true", SECRET, ADDRESS, "kubeedgeVersion=v1.8.2"),
    "on-1.12": ("streams.enable=true", SECRET, ADDRESS, "kubeedgeVersion=v1.12.7", "profile=mtls"),
    "groups": (
        "streams.enable=true",
        SECRET,
        f"edgeCore.{HUB}=cloud.example:10000",
        f"edgeCore.nodeGroups.south.{HUB}=198.51.100.1:443",
        "edgeCore.nodeGroups.north.nodeSelector.line=north",
    ),
}


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("case", CASES)
def test_streams_render_the_same_with_helm(case: str, chart: str, binary: str) -> None:
    flags = CASES[case]
    ours = by_identity(render_site(load_site(set=flags, charts=[chart]), engine="embedded").manifests)
    assert helm_template(binary, chart, *flags) == ours
    assert ours


def test_edgemesh_takes_the_key_and_ignores_it(render: Render) -> None:
    assert render("edgemesh", {"streams": {"enable": True}}) == render("edgemesh", {})


def test_cloudcore_rejects_streams_without_a_certificate(render: Render) -> None:
    with pytest.raises(HelmError, match=r"generator certs issue --for streams.*streams-need-certificate"):
        render("cloudcore", {"streams": {"enable": True}})


def test_edgecore_needs_no_certificate_for_streams(render: Render) -> None:
    found = config(render("edgecore", {"streams": {"enable": True}}), "edgecore", "edgecore.yaml")
    assert found["modules"]["edgeStream"]["enable"] is True


@pytest.mark.parametrize("enable", [True, False])
def test_each_chart_rejects_a_contradiction(enable: bool, render: Render) -> None:
    streams = {"enable": enable}
    certificate = {"existingSecret": "stream"}
    cloud = {"modules": {"cloudStream": {"enable": not enable}}, "streamCertificate": certificate}
    edge = {"nodeGroups": {"a": {"modules": {"edgeStream": {"enable": not enable}}}, "b": {}}}
    with pytest.raises(HelmError, match="streams-against-cloud"):
        render("cloudcore", {"streams": streams, "cloudCore": cloud})
    with pytest.raises(HelmError, match=r"node group a: edgeCore\..*streams-against-edge"):
        render("edgecore", {"streams": streams, "edgeCore": edge})
