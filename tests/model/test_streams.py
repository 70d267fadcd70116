"""streams.enable: its entries are well formed, and what they set on each release."""

from __future__ import annotations

from typing import Any

import pytest

from generator import paths
from generator.components import KUBEEDGE
from generator.errors import InvalidInput
from generator.load import load_site
from generator.model.profiles import PROFILES, preset, stream_entries, streams
from generator.model.site import Site
from generator.model.tree import defaults, walk
from generator.render.site import render_site
from generator.upstream import Release, config_fields
from generator.upstream.releases import minors
from tests.model.places import COMPONENTS, field_of, in_config

KUBEEDGES = [Release.parse(KUBEEDGE, minor) for minor in minors(KUBEEDGE)]
ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"
SECRET = "cloudCore.streamCertificate.existingSecret=cloudcore-stream"
ON = ("streams.enable=true", SECRET, ADDRESS)
ENTRIES = [entry for found in stream_entries().values() for entry in found]
WEBSOCKET = "edgeCore.modules.edgeHub.websocket.server"
PORT = "cloudCore.modules.cloudStream.tunnelPort"
TUNNEL = "edgeCore.modules.edgeStream.server"


def test_the_entries_are_those_of_on_and_off() -> None:
    assert list(stream_entries()) == ["on", "off"]
    assert streams(True) == stream_entries()["on"]
    assert streams(False) == stream_entries()["off"]
    assert streams(None) == streams("true") == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["key"])
def test_an_entry_is_well_formed(entry: dict[str, Any]) -> None:
    assert set(entry) <= {"key", "value", "why", "kubeedge", "groups"}
    assert entry["why"]
    assert not entry["why"].endswith(".")
    assert entry["key"] in {key.path for key in walk(Site)} | {
        "edgeCore.modules.edgeStream.enable",
        "edgeCore.modules.edgeStream.server",
    }
    assert paths.first(defaults(Site), entry["key"]) is None


@pytest.mark.parametrize("release", KUBEEDGES, ids=lambda release: release.minor)
def test_streams_set_only_fields_that_the_release_reads(release: Release) -> None:
    for entry in ENTRIES:
        if entry["key"].split(".")[0] in COMPONENTS:
            component, path = field_of(entry["key"])
            assert config_fields(component, release).below(path), entry["key"]


@pytest.mark.parametrize("release", KUBEEDGES, ids=lambda release: release.minor)
@pytest.mark.parametrize("enable", [True, False])
def test_streams_set_both_sides_on_every_release(release: Release, enable: bool) -> None:
    flags = [f"kubeedgeVersion={release.tag}", ADDRESS, SECRET, f"streams.enable={str(enable).lower()}"]
    rendering = render_site(load_site(set=flags))
    assert in_config(rendering, "cloudCore.modules.cloudStream.enable") is enable
    assert in_config(rendering, "edgeCore.modules.edgeStream.enable") is enable
    assert in_config(rendering, TUNNEL) == "192.0.2.10:10004"
    managers = [d.data for d in rendering.documents if d.name == "cloud-iptables-manager"]
    if release.within({"to": "1.8"}):
        assert managers == []
        return
    assert in_config(rendering, "cloudCore.modules.iptablesManager.enable") is enable
    assert in_config(rendering, "cloudCore.modules.iptablesManager.mode") == "external"
    placed = [paths.first(found, "spec.template.spec.tolerations") for found in managers]
    taints = [f"node-role.kubernetes.io/{role}" for role in ("control-plane", "master")]
    assert placed == ([[{"key": key, "operator": "Exists"} for key in taints]] if enable else [])


@pytest.mark.parametrize("profile", [None, *PROFILES])
def test_streams_without_a_value_set_nothing(profile: str | None) -> None:
    site = load_site(profile=profile, set=[ADDRESS])
    made = preset(profile or "unset", site.kubeedge, site.edgemesh, site.values)
    assert {entry["key"] for entry in ENTRIES if paths.first(made, entry["key"]) is not None} == {TUNNEL}
    assert "iptablesManager" not in made


@pytest.mark.parametrize(
    "source",
    [
        ("existingSecret=stream",),
        ("files.enable=true",),
        ("certManager.enable=true", "certManager.issuerRef.name=ca"),
    ],
)
def test_a_good_site_with_streams_has_no_warnings(source: tuple[str, ...]) -> None:
    flags = ["streams.enable=true", ADDRESS, "kubeedgeVersion=v1.16.6"]
    flags += [f"cloudCore.streamCertificate.{flag}" for flag in source]
    assert load_site(profile="one-way-verified", set=flags).warnings == ()


@pytest.mark.parametrize(
    ("flags", "server"),
    [
        ([], "192.0.2.10:10004"),
        ([f"{WEBSOCKET}=cloud.example:443"], "cloud.example:10004"),
        ([f"{WEBSOCKET}=[2001:db8::1]:10000"], "[2001:db8::1]:10004"),
        ([f"{WEBSOCKET}=cloud.example:443", f"{PORT}=11004"], "cloud.example:11004"),
        ([f"{WEBSOCKET}=cloud.example:443", f"{TUNNEL}=other.example:1"], "other.example:1"),
    ],
)  # fmt: skip
def test_the_tunnel_goes_to_the_host_of_the_hub(flags: list[str], server: str) -> None:
    rendering = render_site(load_site(set=[*ON, *flags]))
    assert in_config(rendering, TUNNEL) == server


def groups_of(*flags: str) -> dict[str, str]:
    """Return the address of the tunnel of each node group."""
    rendering = render_site(load_site(set=[*ON, *flags]))
    return {
        config.name.split(".")[0]: paths.first(config.data, "modules.edgeStream.server")
        for config in rendering.configs
        if config.component == "edgecore"
    }


def test_a_node_group_with_its_own_hub_has_its_own_tunnel() -> None:
    own = "edgeCore.nodeGroups.south.modules.edgeHub.websocket.server=198.51.100.1:443"
    north = "edgeCore.nodeGroups.north.nodeSelector.line=north"
    assert groups_of(own, north) == {"south": "198.51.100.1:10004", "north": "192.0.2.10:10004"}


def test_a_tunnel_set_by_hand_is_kept_in_every_node_group() -> None:
    own = "edgeCore.nodeGroups.south.modules.edgeHub.websocket.server=198.51.100.1:443"
    north = "edgeCore.nodeGroups.north.modules.edgeStream.server=198.51.100.3:2"
    assert groups_of(own, north, f"{TUNNEL}=198.51.100.2:1") == {
        "south": "198.51.100.2:1",
        "north": "198.51.100.3:2",
    }
    assert groups_of(own, north) == {"south": "198.51.100.1:10004", "north": "198.51.100.3:2"}


def test_a_node_group_cannot_turn_the_tunnel_off() -> None:
    flags = [
        *ON,
        "edgeCore.nodeGroups.a.modules.edgeStream.enable=false",
        "edgeCore.nodeGroups.b.nodeSelector.b=b",
    ]
    with pytest.raises(InvalidInput) as caught:
        load_site(set=flags)
    (problem,) = caught.value.problems
    assert problem.code == "streams-against-edge"
    assert problem.key == "edgeCore.nodeGroups.a.modules.edgeStream.enable"


@pytest.mark.parametrize(
    ("flags", "warns"),
    [
        (["kubeedgeVersion=v1.8.2"], True),
        (["kubeedgeVersion=v1.8.2", "cloudCore.nodeSelector.api=here"], False),
        (["kubeedgeVersion=v1.9.2"], False),
        (["iptablesManager.mode=internal"], True),
        (["iptablesManager.mode=internal", "cloudCore.nodeSelector.api=here"], False),
        (["iptablesManager.mode=internal", "iptablesManager.enable=false"], False),
    ],
)
def test_rules_inside_cloudcore_need_cloudcore_beside_the_api_server(flags: list[str], warns: bool) -> None:
    codes = {warning.code for warning in load_site(set=[*ON, *flags]).warnings}
    assert ("streams-rules-on-one-node" in codes) is warns


def test_keys_of_the_iptables_manager_set_by_hand_are_kept() -> None:
    site = load_site(
        set=[*ON, "iptablesManager.tolerations[0].operator=Exists", "iptablesManager.enable=false"]
    )
    assert site.values["iptablesManager"]["tolerations"] == [{"operator": "Exists"}]
    assert "stream-without-rules" in {warning.code for warning in site.warnings}
