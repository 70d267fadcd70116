"""The values of one chart: what it reads of a site, and the same rendering as with the whole site."""

from __future__ import annotations

from typing import Any

import pytest

from generator import go_yaml, load_site, tables
from generator.components import CHARTS
from generator.helm import open_engine
from generator.load import LoadedSite
from generator.locations import ROOT
from generator.model import chart_keys, chart_values
from generator.model.chart_values import own_keys, values_of_chart
from generator.model.profiles import PROFILES
from generator.model.site import CHART_KEYS, SHARED_KEYS
from generator.render.site import render_charts

ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"
EXAMPLES = sorted((ROOT / "values/examples").glob("*.yaml"))
# Keys that another chart reads.
READ_BY_OTHERS = [
    ADDRESS,
    "cloudCore.modules.cloudHub.websocket.port=20000",
    "cloudCore.modules.cloudHub.https.port=20002",
    "cloudCore.modules.cloudStream.tunnelPort=20004",
    "cloudCore.streamCertificate.existingSecret=logs",
    "streams.enable=true",
    "agent.commonConfig.bridgeDeviceIP=169.254.96.17",
    "agent.kubeAPIConfig.metaServer.server=https://edge.example:10550",
    "edgeCore.nodeGroups.a.modules.edgeHub.websocket.server=192.0.2.11:10000",
    "edgeCore.nodeGroups.b.nodeSelector.line=b",
]


def renders_the_same(site: LoadedSite) -> None:
    engine = open_engine("embedded")
    for chart in site.charts:
        whole, own = (
            [one.text for one in render_charts(engine, {chart: chart}, values, "kubeedge", tests=True)]
            for values in (site.user, values_of_chart(site.user, chart))
        )
        assert own == whole


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_chart_renders_the_same_with_its_own_values(example: Any, profile: str) -> None:
    renders_the_same(load_site([str(example)], profile=profile))


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_renders_the_same_with_everything_on(chart: str) -> None:
    renders_the_same(load_site([str(ROOT / f"charts/{chart}/ci/everything-values.yaml")], charts=(chart,)))


@pytest.mark.parametrize("release", ["1.16", "1.23"])
def test_a_chart_renders_the_same_with_keys_that_others_read(release: str) -> None:
    certificate = [
        "metaServer.serverCertificate.certManager.enable=true",
        "metaServer.serverCertificate.certManager.issuerRef.name=mine",
        "certificateCopy.enable=true",
    ]
    flags = [*READ_BY_OTHERS, *(certificate if release == "1.16" else [])]
    renders_the_same(load_site(set=flags, set_string=[f"kubeedgeVersion={release}"], profile="mtls"))


@pytest.mark.parametrize(
    ("values", "chart", "kept"),
    [
        ("profile: mtls\nagent: {psk: a}\ngateway: {psk: b}", "edgecore", "profile: mtls"),
        ("agent: {psk: a, enable: false}", "edgecore", "agent: {enable: false}"),
        ("agent: {psk: a, enable: null}", "edgecore", "agent: {enable: null}"),
        ("agent: {psk: a}\nimages: {registry: b}", "edgemesh", "agent: {psk: a}\nimages: {registry: b}"),
        ("edgeCore: {modules: {edgeHub: {websocket: {server: a}, token: b}}}", "cloudcore", "{}"),
        ("cloudCore: {modules: {cloudHub: {advertiseAddress: [a, b], dnsNames: [c]}}}", "edgecore",
         "cloudCore: {modules: {cloudHub: {advertiseAddress: [a, b]}}}"),
        ("cloudCore: {modules: {cloudHub: {advertiseAddress: [a]}}}", "edgemesh", "{}"),
        ("cloudCore: null", "edgecore", "cloudCore: null"),
        ("edgeCore: {nodeGroups: {a: {}}}", "edgemesh", "{}"),
    ],
)  # fmt: skip
def test_values_of_a_chart(values: str, chart: str, kept: str) -> None:
    assert values_of_chart(go_yaml.load(values), chart) == go_yaml.load(kept)


@pytest.mark.parametrize("chart", CHARTS)
def test_own_keys_are_those_of_the_model(chart: str) -> None:
    assert own_keys(chart) == {*SHARED_KEYS, *CHART_KEYS[chart]}


def test_the_table_is_up_to_date() -> None:
    assert tables.generated(chart_values.NAME) == chart_keys.table()
