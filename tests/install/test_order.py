"""The order of charts and edge nodes, by release and direction, and the configs it is read from."""

from __future__ import annotations

import pytest

from generator.components import CHARTS, KUBEEDGE
from generator.install.order import ca_changes, gates, order
from generator.install.plan_text import why
from generator.kube.objects import Object
from generator.load import load_site
from generator.render.site import render_site
from generator.upstream import Release
from tests.cli.conftest import ADDRESS

ON, OFF = dict.fromkeys(CHARTS, True), dict.fromkeys(CHARTS, False)
CLOUD_FIRST = (("cloudcore", "edgecore"), ("edgemesh",))
CLOUD_LAST = (("edgecore",), ("edgemesh", "cloudcore"))


@pytest.mark.parametrize(
    ("version", "wanted", "expected"),
    [
        ("v1.12.7", ON, CLOUD_LAST),
        ("v1.13.5", OFF, CLOUD_FIRST),
        ("v1.14.5", ON, CLOUD_FIRST),
        ("v1.16.6", OFF, CLOUD_LAST),
        ("v1.23.1", ON, CLOUD_FIRST),
        ("v1.23.1", OFF, CLOUD_LAST),
    ],
)
def test_nodes_come_before_edgemesh_and_cloudcore_depends_on_the_release(
    version: str, wanted: dict[str, bool], expected: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    found = order(CHARTS, OFF if wanted is ON else ON, wanted, Release.parse(KUBEEDGE, version))
    assert (found.before, found.after) == expected
    assert found.switch == ("on" if wanted is ON else "off")


@pytest.mark.parametrize("live", [{}, ON], ids=["nothing is installed", "tls stays on"])
def test_nothing_waits_unless_tls_is_switched(live: dict[str, bool]) -> None:
    found = order(CHARTS, live, ON, Release.parse(KUBEEDGE, "v1.23.1"))
    assert (found.before, found.after, found.switch) == (CHARTS, (), "")


def test_another_ca_puts_the_nodes_before_edgemesh() -> None:
    found = order(CHARTS, ON, ON, Release.parse(KUBEEDGE, "v1.17.0"), other_ca=True)
    assert (found.before, found.after, found.switch) == (*CLOUD_FIRST, "ca")
    assert list(why(found, Release.parse(KUBEEDGE, "v1.17.0")))[-1].code == "edgemesh-after-nodes"


@pytest.mark.parametrize(
    ("live", "wanted", "expected"),
    [
        (("1.16.6", "1.16.6"), "1.17.0", True),
        (("1.17.0", "1.16.6"), "1.17.0", True),
        (("1.17.0", "1.17.0"), "1.23.1", False),
        (("1.23.1",), "1.14.0", True),
        ((), "1.23.1", False),
    ],
)
def test_another_ca_signs_from_kubeedge_1_17_on(live: tuple[str, ...], wanted: str, expected: bool) -> None:
    releases = [Release.parse(KUBEEDGE, version) for version in live]
    assert ca_changes(releases, Release.parse(KUBEEDGE, wanted)) is expected


def test_unfinished_switch_keeps_its_order() -> None:
    live = {**ON, "edgemesh": False}
    found = order(CHARTS, live, ON, Release.parse(KUBEEDGE, "v1.23.1"))
    assert found.after == ("edgemesh",)
    assert found.switched == ("edgemesh",)


@pytest.mark.parametrize(("profile", "on"), [("plain", False), ("one-way-verified", True), ("mtls", True)])
@pytest.mark.parametrize("version", ["v1.12.7", "v1.16.6", "v1.23.1"])
def test_tls_is_read_from_the_configs(profile: str, on: bool, version: str) -> None:
    site = load_site(
        profile=profile, set=(ADDRESS, "gateway.enable=true"), set_string=(f"kubeedgeVersion={version}",)
    )
    objects = [Object(document.data) for document in render_site(site).documents]
    assert gates(objects) == dict.fromkeys(CHARTS, on)
