"""The profiles: entries are well formed, set the rendered values, and never override a default."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from generator import locations, paths
from generator.components import EDGEMESH, KUBEEDGE
from generator.load import load_site
from generator.model.profile_table import differences
from generator.model.profile_text import explain
from generator.model.profiles import PROFILES, UNSET, entries, expand, preset, profile, sources
from generator.model.site import Site
from generator.model.tree import defaults, walk
from generator.render.site import render_site
from generator.upstream import Release, config_fields
from generator.upstream.releases import minors
from tests.model.places import COMPONENTS, field_of, in_config

KUBEEDGES = [Release.parse(KUBEEDGE, minor) for minor in minors(KUBEEDGE)]
EDGEMESHES = [Release.parse(EDGEMESH, minor) for minor in minors(EDGEMESH)]
NEWEST = EDGEMESHES[-1]
BASE = defaults(Site)
ALL = (*PROFILES, UNSET)
ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"


def possible(name: str, release: Release) -> bool:
    return release.within(profile(name).needs)


CASES = [(name, release) for name, release in product(ALL, KUBEEDGES) if possible(name, release)]


@pytest.mark.long
@pytest.mark.parametrize(("name", "release"), CASES, ids=lambda value: getattr(value, "minor", value))
def test_a_profile_sets_the_values_that_are_rendered(name: str, release: Release) -> None:
    flags = [f"kubeedgeVersion={release.tag}", ADDRESS]
    site = load_site(profile=None if name == UNSET else name, set=flags)
    rendering = render_site(site)
    for key, value in flat(preset(name, release, NEWEST, site.values)):
        assert paths.first(site.values, key) == value
        if key == "agent.metaServerSecret":
            assert f'secretName: "{value}"' in rendering.manifests
        else:
            assert in_config(rendering, key) == value, key


def flat(values: dict[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """List the keys of nested values that are not maps."""
    found = []
    for name, value in values.items():
        found += flat(value, f"{above}{name}.") if isinstance(value, dict) else [(above + name, value)]
    return found


@pytest.mark.parametrize("name", ALL)
def test_an_entry_is_well_formed(name: str) -> None:
    known = {key.path for key in walk(Site)}
    for entry in profile(name).entries:
        assert set(entry) <= {"key", "value", "why", "kubeedge", "edgemesh"}
        assert entry["why"]
        assert not entry["why"].endswith(".")
        for source in sources(name, entry["key"], {}):
            assert source.removesuffix(".0") in known


@pytest.mark.parametrize("name", ALL)
def test_a_key_that_a_profile_sets_has_no_default(name: str) -> None:
    wrong = [entry["key"] for entry in profile(name).entries if paths.first(BASE, entry["key"]) is not None]
    assert wrong == []


@pytest.mark.parametrize(("name", "release"), CASES, ids=lambda value: getattr(value, "minor", value))
def test_a_profile_sets_only_fields_that_the_release_reads(name: str, release: Release) -> None:
    for entry in entries(name, release, NEWEST):
        if entry["key"].split(".")[0] in COMPONENTS and entry["key"] != "agent.metaServerSecret":
            component, path = field_of(entry["key"])
            used = NEWEST if component.startswith("edgemesh") else release
            assert config_fields(component, used).below(path), entry["key"]


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_has_a_summary_and_a_use(name: str) -> None:
    assert profile(name).summary
    assert profile(name).use
    assert locations.table(f"profiles/{name}.yaml")["extends"] in ALL


def test_the_four_profiles_on_the_newest_releases() -> None:
    security = "agent.kubeAPIConfig.metaServer.security"
    tls = {"requireAuthorization": True, "insecureSkipTLSVerify": False}
    ca = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"
    expected = {
        "plain": None,
        "one-way": {**tls, "insecureSkipTLSVerify": True},
        "one-way-verified": {**tls, "tlsCaFile": ca, "tlsCertFile": "", "tlsPrivateKeyFile": ""},
        "mtls": tls,
    }
    for name, wanted in expected.items():
        site = load_site(profile=name)
        assert paths.first(preset(name, KUBEEDGES[-1], NEWEST, site.values), security) == wanted
        assert paths.first(site.values, "cloudCore.modules.dynamicController.enable") is True
        assert paths.first(site.values, "cloudCore.featureGates.requireAuthorization") == (
            None if name == "plain" else True
        )


def test_a_key_that_the_user_sets_overrides_the_profile() -> None:
    site = load_site(profile="mtls", set=["agent.metaServerSecret=mine", "metaServer.address=127.0.0.2"])
    assert site.values["agent"]["metaServerSecret"] == "mine"
    assert site.values["agent"]["kubeAPIConfig"]["metaServer"]["server"] == "https://127.0.0.2:10550"
    assert in_config(render_site(site), "edgeCore.modules.metaManager.metaServer.server") == "127.0.0.2:10550"


VALUES: dict[str, Any] = {
    "a": {"text": "x", "six": "fe80::1", "number": 5, "empty": "", "list": ["y"], "off": False},
    "at": {"name": "Cloud.example:10000", "six": "[2001:db8::1]:10000", "url": "https://192.0.2.1:10002/"},
}


@pytest.mark.parametrize(
    ("value", "filled", "missing"),
    [
        ("plain", "plain", False),
        (True, True, False),
        (5, 5, False),
        ("{a.number}", 5, False),
        ("{a.off}", False, False),
        ("{a.text}:{a.number}", "x:5", False),
        ("{a.six}:{a.number}", "[fe80::1]:5", False),
        ("{a.six}", "fe80::1", False),
        ("{a.list.0}", "y", False),
        (["{a.text}", "z"], ["x", "z"], False),
        ("{a.empty}", "", True),
        ("{a.none}:1", ":1", True),
        (["{a.list.1}"], [""], True),
        ("{host:at.name}:{a.number}", "cloud.example:5", False),
        ("{host:at.six}:{a.number}", "[2001:db8::1]:5", False),
        ("{host:at.url}", "192.0.2.1", False),
        ("{host:a.none}:{a.number}", ":5", True),
        ("{host:a.empty}:{a.number}", ":5", True),
        ([{"key": "{a.text}"}], [{"key": "{a.text}"}], False),
    ],
    ids=str,
)
def test_references_are_filled(value: Any, filled: Any, missing: bool) -> None:
    assert expand(value, VALUES) == (filled, missing)


# --- in words ------------------------------------------------------------------------------


def test_the_explanation_lists_each_key_with_its_reason() -> None:
    text = explain("one-way-verified", KUBEEDGES[-1], NEWEST).text(reasons=True)
    lines = text.splitlines()
    assert lines[:3] == [
        "one-way-verified: https; callers send a service account token; the server certificate is verified",
        "  use: recommended from KubeEdge 1.17 on",
        "  on KubeEdge 1.23 and EdgeMesh 1.17 it sets:",
    ]
    assert "    agent.kubeAPIConfig.metaServer.security.tlsCertFile=" in lines
    assert "    edgeCore.modules.edged.tailoredKubeletConfig.clusterDNS={169.254.96.16}" in lines
    assert "    cloudCore.featureGates.requireAuthorization=true" in lines
    assert "caFile" not in text


def test_the_explanation_says_that_a_release_is_too_old() -> None:
    found = explain("mtls", Release.parse(KUBEEDGE, "1.11"), NEWEST)
    assert not found.possible
    assert found.text(reasons=True).splitlines()[-1] == "  not possible on KubeEdge 1.11"


@pytest.mark.parametrize(("name", "release"), CASES, ids=lambda value: getattr(value, "minor", value))
def test_the_explanation_as_json(name: str, release: Release) -> None:
    found = explain(name, release, NEWEST).as_dict()
    keys = [row["key"] for row in found["sets"]]
    assert len(keys) == len(set(keys))
    assert all(row["why"] for row in found["sets"])


# --- in a table ----------------------------------------------------------------------------


def table_of(release: Release) -> list[str]:
    return differences([explain(name, release, NEWEST) for name in PROFILES]).splitlines()


def test_the_table_lists_the_keys_that_differ() -> None:
    security = "agent.kubeAPIConfig.metaServer.security"
    assert table_of(KUBEEDGES[-1]) == [
        "on KubeEdge 1.23 and EdgeMesh 1.17:",
        "",
        "  plain               one-way             one-way-verified    mtls",
        "TLS",
        "  none                not verified        server verified     both verified",
        "use",
        "  closed tests, and   temporary, up to    recommended from    if a policy",
        "  up to 1.11          1.16                1.17 on             requires it",
        "agent.kubeAPIConfig.metaServer.server",
        "  http://             https://            https://            https://",
        "  127.0.0.1:10550     127.0.0.1:10550     127.0.0.1:10550     127.0.0.1:10550",
        "cloudCore.featureGates.requireAuthorization",
        "  –                   true                true                true",
        "edgeCore.featureGates.requireAuthorization",
        "  –                   true                true                true",
        f"{security}.requireAuthorization",
        "  –                   true                true                true",
        f"{security}.insecureSkipTLSVerify",
        "  –                   true                false               false",
        f"{security}.tlsCaFile",
        "  –                   –                   /var/run/secrets/   –",
        "                                          kubernetes.io/",
        "                                          serviceaccount/",
        "                                          ca.crt",
        f"{security}.tlsCertFile",
        '  –                   –                   ""                  –',
        f"{security}.tlsPrivateKeyFile",
        '  –                   –                   ""                  –',
        "agent.metaServerSecret",
        "  –                   –                   –                   metaserver-certs",
        "",
        "All profiles set 11 more keys alike; --explain lists them.",
    ]


def test_the_table_names_profiles_that_are_not_possible() -> None:
    assert table_of(Release.parse(KUBEEDGE, "1.11"))[-4:] == [
        "KubeEdge 1.11",
        "                      not possible        not possible        not possible",
        "",
        "All possible profiles set 10 more keys alike; --explain lists them.",
    ]


@pytest.mark.parametrize("release", KUBEEDGES, ids=lambda release: release.minor)
def test_the_table_fits_a_terminal_and_accounts_for_every_key(release: Release) -> None:
    lines = table_of(release)
    assert max(map(len, lines)) <= 80
    set_keys = {key for name in PROFILES if possible(name, release) for key in keys_of(name, release)}
    differing = [line for line in lines if line in set_keys]
    assert f" set {len(set_keys) - len(differing)} more keys alike;" in lines[-1]


def keys_of(name: str, release: Release) -> list[str]:
    return [key for key, _, _ in explain(name, release, NEWEST).keys]
