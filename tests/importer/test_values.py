"""Values of upstream's charts, and the output of `helm get values`."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import go_yaml, load_site
from generator.importer import Imported, import_files
from tests.importer import files
from tests.importer.test_round_trip import imported_from, proved


def of(folder: Path, text: str) -> Imported:
    """Import one values file."""
    return imported_from(folder, {"values.yaml": text})


@pytest.mark.parametrize("chart", [*files.UPSTREAM])
def test_defaults_of_the_cloudcore_chart(chart: str, tmp_path: Path) -> None:
    imported = of(tmp_path, "COMPUTED VALUES:\n" + go_yaml.dump(files.upstream_values(chart)))
    assert proved(tmp_path, imported) == []
    tag = files.UPSTREAM[chart][1]
    expected: files.Config = {
        "kubeedgeVersion": tag,
        "cloudCore": {"streamCertificate": {"existingSecret": "cloudcore"}},
    }
    if chart == "v1.12.7":
        expected["controllerManager"] = {"tolerations": [files.tolerated("master")]}
    if chart == "v1.18.3":
        # The broker came with 1.16, and this chart installs 1.15.
        expected["mosquitto"] = {"enable": True}
    if chart in ("v1.12.7", "v1.15.4"):
        expected["iptablesManager"] = {"mode": "internal"}
    assert imported.values == expected


def test_values_of_a_user(tmp_path: Path) -> None:
    text = """\
USER-SUPPLIED VALUES:
cloudCore:
  hostNetWork: "false"
  image:
    tag: v1.16.6
  modules:
    cloudHub:
      advertiseAddress:
      - 192.0.2.10
      nodeLimit: "300"
    dynamicController:
      enable: "true"
  replicaCuont: 2
  service:
    cloudhubNodePort: "31000"
"""
    imported = of(tmp_path, text)
    assert proved(tmp_path, imported) == []
    assert imported.values == {
        "kubeedgeVersion": "v1.16.6",
        "cloudCore": {
            "hostNetWork": False,
            "service": {"cloudhubNodePort": 31000},
            "streamCertificate": {"existingSecret": "cloudcore"},
            "modules": {
                "cloudHub": {"advertiseAddress": ["192.0.2.10"], "nodeLimit": 300},
                "dynamicController": {"enable": True},
            },
        },
    }
    place = f"{tmp_path}/values.yaml"
    assert f"hostNetWork: false  # {place}:3" in imported.text()
    assert [*map(str, imported.notes)] == [
        f"{place}:13: cloudCore.replicaCuont: unknown key (did you mean replicaCount?) [unknown-key]"
    ]


@pytest.mark.parametrize("section", ["agent", "gateway"])
def test_edgemesh_charts(section: str, tmp_path: Path) -> None:
    imported = of(tmp_path, "USER-SUPPLIED VALUES:\n" + go_yaml.dump(files.mesh_values(section)))
    assert proved(tmp_path, imported) == []
    relays = [{"nodeName": "relay-1", "advertiseAddress": ["192.0.2.20"]}]
    own = {
        "agent": {
            "pskSecret": "edgemesh-psk",
            "metaServerSecret": "metaserver-certs",
            "relayNodes": relays,
            "kubeAPIConfig": {"metaServer": {"security": {"requireAuthorization": True, "tlsCertFile": ""}}},
        },
        "gateway": {
            "enable": True,
            "pskSecret": "edgemesh-psk",
            "nodeName": "gate-1",
            "relayNodes": relays,
            "modules": {"edgeGateway": {"nic": "eth0"}},
        },
    }
    release = {"edgemeshVersion": "v1.15.0"}
    assert imported.values == {**release, section: own[section]}
    assert files.PSK not in imported.text()


@pytest.mark.parametrize(
    "text", ["null\n", "USER-SUPPLIED VALUES:\nnull\n", "USER-SUPPLIED VALUES:\n{}\n", "{}\n"]
)
def test_release_without_values(text: str, tmp_path: Path) -> None:
    imported = of(tmp_path, text)
    assert imported.values == {}
    (tmp_path / "site.yaml").write_text(imported.text(), "utf-8")
    assert load_site([str(tmp_path / "site.yaml")]).user == {}


def test_values_and_configs_make_one_profile(tmp_path: Path) -> None:
    hand = files.by_hand(23, 1)
    cloud = {
        "cloudCore": {
            "featureGates": {"requireAuthorization": True},
            "modules": {"dynamicController": {"enable": True}, "cloudStream": {"enable": False}},
        }
    }
    security = {"requireAuthorization": True, "insecureSkipTLSVerify": True}
    mesh = {"agent": {"kubeAPIConfig": {"metaServer": {"security": security}}}}
    texts = {
        "cloud.yaml": go_yaml.dump(cloud),
        "mesh.yaml": go_yaml.dump(mesh),
        "edgecore.yaml": hand["edgecore.yaml"],
    }
    imported = imported_from(tmp_path, texts, kubeedge="v1.23.1")
    assert proved(tmp_path, imported) == []
    assert imported.values["profile"] == "one-way"
    assert "agent" not in imported.values
    assert "featureGates" not in imported.values.get("cloudCore", {})


def test_a_switched_off_module_matches_no_profile(tmp_path: Path) -> None:
    cloud = {"cloudCore": {"modules": {"dynamicController": {"enable": False}}}}
    texts = {"cloud.yaml": go_yaml.dump(cloud), "edgecore.yaml": files.by_hand(23, None)["edgecore.yaml"]}
    imported = imported_from(tmp_path, texts, kubeedge="v1.23.1")
    assert "profile" not in imported.values
    assert proved(tmp_path, imported) == []


def test_values_of_our_charts_are_imported_unchanged(tmp_path: Path) -> None:
    text = "profile: mtls\nkubeedgeVersion: v1.20.0\nimages: {registry: mirror.example}\n"
    imported = of(tmp_path, text)
    assert imported.values == go_yaml.load(text)


def test_the_kind_of_a_file_can_be_given(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(
        "image: kubeedge/edgemesh-gateway:v1.15.0\nhostNetwork: false\n", "utf-8"
    )
    imported = import_files([str(tmp_path / "values.yaml")], kind="gateway-values")
    assert imported.values["gateway"] == {"enable": True, "hostNetwork": False}
