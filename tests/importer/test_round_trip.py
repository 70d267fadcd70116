"""An imported site renders the same configs again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml, load_site, render_site
from generator.check.sources import read_sources
from generator.errors import InvalidInput
from generator.importer import Imported, differences, import_files
from generator.importer.imported_workload import workloads
from generator.upstream import default_config
from generator.upstream.releases import Release, tags
from tests.charts.conftest import ROOT
from tests.importer import files

pytestmark = pytest.mark.long

EXAMPLES = ROOT / "values" / "examples"
PROFILES = (None, "plain", "one-way", "one-way-verified", "mtls")
RELEASES = ("v1.9.5", "v1.11.3", "v1.12.7", "v1.16.6", "v1.20.0", "v1.23.1")


def imported_from(folder: Path, texts: Mapping[str, str], **releases: str) -> Imported:
    """Write files into a folder and import them."""
    names = []
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        names.append(str(path))
    return import_files(names, kubeedge=releases.get("kubeedge"), edgemesh=releases.get("edgemesh"))


def proved(folder: Path, imported: Imported) -> list[str]:
    """Write and load the site file, render it, and return the differences."""
    site = folder / "site.yaml"
    site.write_text(imported.text(), "utf-8")
    loaded = load_site([str(site)], charts=imported.charts)
    assert loaded.user == imported.values
    return [str(found) for found in differences(imported)]


def rendered(example: str, profile: str | None, release: str, **more: str) -> str:
    """Render an example of values/; skip values that the release does not have."""
    flags = [f"kubeedgeVersion={release}", "edgemeshVersion=v1.14.0", *(f"{k}={v}" for k, v in more.items())]
    try:
        site = load_site([str(EXAMPLES / example)], profile=profile, set=flags)
    except InvalidInput:
        return ""
    return render_site(site).manifests


RENDERED = [
    *(("quickstart.yaml", profile, release) for release in RELEASES for profile in PROFILES),
    *(("factory.yaml", profile, release) for release in ("v1.16.6", "v1.23.1") for profile in PROFILES),
    *(("legacy-1.16.yaml", profile, release) for release in ("v1.12.7", "v1.16.6") for profile in PROFILES),
]
# The codes that reject TLS below 1.12.
POSSIBLE = [row for row in RENDERED if row[2] not in RELEASES[:2] or row[1] in (None, "plain")]


@pytest.mark.long
@pytest.mark.parametrize(("example", "profile", "release"), POSSIBLE)
def test_a_rendered_site_is_imported_without_differences(
    example: str, profile: str | None, release: str, tmp_path: Path
) -> None:
    imported = imported_from(tmp_path, {"all.yaml": rendered(example, profile, release)})
    assert proved(tmp_path, imported) == []
    assert imported.values.get("profile") == profile
    assert imported.values.get("kubeedgeVersion", "v1.23.1") == release
    assert imported.values["edgemeshVersion"] == "v1.14.0"
    assert imported.notes == imported.assumed == []


# Values of an example that no rendered config shows.
_LOST = {"metaServer": "the defaults"}


@pytest.mark.parametrize("example", ["quickstart.yaml", "factory.yaml", "legacy-1.16.yaml"])
def test_importing_a_rendered_site_returns_the_site(example: str, tmp_path: Path) -> None:
    original = load_site([str(EXAMPLES / example)], profile="mtls")
    imported = imported_from(tmp_path, {"all.yaml": render_site(original).manifests})
    back = imported.values
    wanted = {name: value for name, value in original.user.items() if name not in _LOST}
    if example == "factory.yaml":
        wanted["images"]["pullSecrets"] = [{"name": "mirror-login"}]
        del wanted["kubeedgeVersion"], wanted["edgemeshVersion"]
    assert back == wanted


@pytest.mark.parametrize("example", ["quickstart.yaml", "factory.yaml", "legacy-1.16.yaml"])
def test_a_second_import_changes_nothing(example: str, tmp_path: Path) -> None:
    once = imported_from(tmp_path, {"one.yaml": rendered(example, "one-way-verified", "v1.16.6")})
    (tmp_path / "site.yaml").write_text(once.text(), "utf-8")
    again = render_site(load_site([str(tmp_path / "site.yaml")])).manifests
    twice = imported_from(tmp_path, {"two.yaml": again})
    assert without_places(twice) == without_places(once)


def without_places(imported: Imported) -> str:
    """Return the text of a site without the origins of its values."""
    return re.sub(r"(?m)  # .*$", "", imported.text())


def test_cloud_nodes_and_gateway_with_their_own_configs(tmp_path: Path) -> None:
    more = {
        "agent.cloudNodes.modules.edgeDNS.enable": "false",
        "agent.kubeAPIConfig.qps": "77",
        "agent.modules.edgeTunnel.listenPort": "20007",
        "gateway.enable": "true",
        "gateway.modules.edgeTunnel.maxCandidates": "3",
        "gateway.hostNetwork": "false",
    }
    imported = imported_from(tmp_path, {"all.yaml": rendered("quickstart.yaml", "mtls", "v1.23.1", **more)})
    assert proved(tmp_path, imported) == []
    assert imported.values["agent"]["cloudNodes"] == {"modules": {"edgeDNS": {"enable": False}}}
    assert imported.values["gateway"]["hostNetwork"] is False
    assert "kubeAPIConfig" not in imported.values["gateway"]


# --- by hand -------------------------------------------------------------------------------------

BY_HAND = [
    (11, None, "plain"),
    (12, None, "plain"),
    (12, 1, "one-way"),
    (12, 2, "mtls"),
    (16, 1, "one-way"),
    (16, 2, "mtls"),
    (23, None, "plain"),
    (23, 1, "one-way"),
    (23, 2, "mtls"),
]


@pytest.mark.parametrize(("minor", "method", "profile"), BY_HAND)
def test_files_made_by_hand_as_in_the_guide(
    minor: int, method: int | None, profile: str, tmp_path: Path
) -> None:
    release = tags("KubeEdge")[f"1.{minor}"]
    imported = imported_from(tmp_path, files.by_hand(minor, method), kubeedge=release)
    assert proved(tmp_path, imported) == []
    assert imported.values["profile"] == profile
    assert "edge-1" not in imported.text()
    if method and minor < 17:
        assert imported.values["metaServer"]["certFile"] == "/tmp/metaserver-certs/server.crt"


@pytest.mark.parametrize("component", ["cloudcore", "edgecore", "edgemesh-agent", "edgemesh-gateway"])
@pytest.mark.parametrize("minor", ["1.9", "1.12", "1.16", "1.23"])
def test_every_changed_field_is_imported(component: str, minor: str, tmp_path: Path) -> None:
    mesh = component.startswith("edgemesh")
    releases = {"edgemesh": "1.17" if minor == "1.23" else "1.12"} if mesh else {"kubeedge": minor}
    config = files.everything(component, next(iter(releases.values())))
    imported = imported_from(tmp_path, {f"{component}.yaml": go_yaml.dump(config)}, **releases)
    assert proved(tmp_path, imported) == []


@pytest.mark.parametrize("minor", [*tags("KubeEdge")])
def test_configs_with_all_defaults(minor: str, tmp_path: Path) -> None:
    release = Release.parse("KubeEdge", minor)
    texts = {
        f"{component}.yaml": go_yaml.dump(default_config(component, release))
        for component in ("cloudcore", "edgecore")
    }
    imported = imported_from(tmp_path, texts, kubeedge=minor)
    assert proved(tmp_path, imported) == []


def test_a_config_with_one_key(tmp_path: Path) -> None:
    imported = imported_from(tmp_path, {"cloudcore.yaml": "modules: {dynamicController: {enable: true}}\n"})
    assert proved(tmp_path, imported) == []
    assert imported.values == {
        "cloudCore": {"modules": {"cloudHub": {"nodeLimit": 500}, "dynamicController": {"enable": True}}},
        "iptablesManager": {"mode": "internal"},
    }


def test_several_edgecore_are_node_groups(tmp_path: Path) -> None:
    def edge(mode: int, driver: str) -> str:
        kubelet = {"cgroupDriver": driver}
        modules = {"eventBus": {"mqttMode": mode}, "edged": {"tailoredKubeletConfig": kubelet}}
        return go_yaml.dump({"apiVersion": "edgecore.config.kubeedge.io/v1alpha2", "modules": modules})

    texts = {"a/edgecore.yaml": edge(0, "systemd"), "b/edgecore.yaml": edge(1, "systemd")}
    imported = imported_from(tmp_path, {**texts, "b/second/edgecore.yaml": edge(2, "systemd")})
    assert proved(tmp_path, imported) == []
    assert imported.values["edgeCore"] == {
        "modules": {"edged": {"tailoredKubeletConfig": {"cgroupDriver": "systemd"}}},
        "nodeGroups": {
            "a": {"modules": {"eventBus": {"mqttMode": 0}}},
            "b": {"modules": {"eventBus": {"mqttMode": 1}}},
            "second": {},
        },
    }


# --- upstream's objects ----------------------------------------------------------------------------


def test_objects_of_upstreams_cloudcore_chart(tmp_path: Path) -> None:
    imported = imported_from(tmp_path, {"all.yaml": files.stream(*files.upstream_cloud())})
    assert proved(tmp_path, imported) == []
    core = imported.values["cloudCore"]
    assert imported.values["kubeedgeVersion"] == "v1.20.0"
    assert core["streamCertificate"] == {"existingSecret": "cloudcore"}
    assert core["service"] == {
        "type": "LoadBalancer",
        "annotations": {"example.com/pool": "edge"},
        "loadBalancerIP": "192.0.2.99",
    }
    assert "resources" not in core
    assert [
        note
        for note in imported.notes
        if (note.key, note.code) == ("cloudCore.resources.limits.memory", "upstream-default-replaced")
    ]


def test_objects_of_upstreams_edgemesh_chart(tmp_path: Path) -> None:
    imported = imported_from(tmp_path, {"all.yaml": files.stream(*files.upstream_mesh())})
    assert proved(tmp_path, imported) == []
    assert imported.values["edgemeshVersion"] == "v1.15.0"
    assert imported.values["images"] == {"registry": "mirror.example/edge"}
    agent: dict[str, Any] = imported.values["agent"]
    assert agent["metaServerSecret"] == "own-certs"
    assert agent["pskSecret"] == "edgemesh-psk"
    assert agent["nodeSelector"] == {"zone": "north"}
    assert agent["tolerations"] == [{"key": "node-role.kubernetes.io/edge", "operator": "Exists"}]
    assert agent["resources"] == {"limits": {"cpu": "2"}}
    assert [
        note for note in imported.notes if "get configmap mesh-agent-psk" in note.message.get("command", "")
    ]


def test_a_list_is_imported_like_a_stream(tmp_path: Path) -> None:
    items = {"apiVersion": "v1", "kind": "List", "items": [*files.upstream_cloud(), *files.upstream_mesh()]}
    listed = imported_from(tmp_path, {"list.yaml": go_yaml.dump(items)})
    flat = imported_from(
        tmp_path, {"flat.yaml": files.stream(*files.upstream_cloud(), *files.upstream_mesh())}
    )
    assert proved(tmp_path, listed) == []
    assert listed.values == flat.values


_POD = (
    "nodeSelector",
    "affinity",
    "tolerations",
    "priorityClassName",
    "hostNetwork",
    "imagePullSecrets",
    "volumes",
)
_CONTAINER = ("image", "imagePullPolicy", "resources")


def shapes(stream: Path) -> list[dict[str, Any]]:
    """Return the fields of workloads that an import must keep; quantities as text."""
    found = workloads(read_sources([str(stream)]).objects)
    kept = [
        {
            "name": workload.object.value["metadata"]["name"],
            "replicas": workload.object.value["spec"].get("replicas"),
            **{name: workload.pod.get(name) for name in _POD},
            **{name: workload.container.get(name) for name in _CONTAINER},
        }
        for workload in found
    ]
    for shape in kept:
        amounts = shape["resources"] or {}
        shape["resources"] = {kind: {k: str(v) for k, v in part.items()} for kind, part in amounts.items()}
        shape["volumes"] = [volume for volume in shape["volumes"] or () if volume["name"] in _SECRET_VOLUMES]
    return kept


_SECRET_VOLUMES = ("metaserver-certs", "stream-certificate")


@pytest.mark.parametrize("chart", ["cloudcore", "edgemesh"])
def test_workloads_with_every_key_set_are_imported(chart: str, tmp_path: Path) -> None:
    site = load_site([str(ROOT / "charts" / chart / "ci" / "everything-values.yaml")], charts=[chart])
    imported = imported_from(tmp_path, {"all.yaml": render_site(site).manifests})
    assert proved(tmp_path, imported) == []
    again = render_site(load_site([str(tmp_path / "site.yaml")], charts=[chart])).manifests
    (tmp_path / "again.yaml").write_text(again, "utf-8")
    assert shapes(tmp_path / "again.yaml") == shapes(tmp_path / "all.yaml")


@pytest.mark.parametrize(
    ("image", "key", "value"),
    [
        ("own/core/cloudcore:v1.20.0", "repository", "own/core/cloudcore"),
        ("kubeedge/cloudcore:nightly", "tag", "nightly"),
        ("kubeedge/cloudcore@sha256:" + 64 * "0", "digest", "sha256:" + 64 * "0"),
    ],
)
def test_own_images_are_imported(image: str, key: str, value: str, tmp_path: Path) -> None:
    imported = imported_from(tmp_path, {"all.yaml": files.stream(*files.upstream_cloud(image))})
    assert imported.values["cloudCore"]["image"] == {key: value}
