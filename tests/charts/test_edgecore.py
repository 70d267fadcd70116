"""edgecore.yaml of every release: the checks of edgecore at start, and fields that moved between releases."""

from __future__ import annotations

from typing import Any

import pytest

from generator import paths
from generator.components import KUBEEDGE
from generator.model.profiles import PROFILES
from generator.upstream.releases import minors
from tests.charts.conftest import Render
from tests.charts.objects import Object, config, leaves

MINORS = minors(KUBEEDGE)
KUBELET = "modules.edged.tailoredKubeletConfig"
CONTAINERD = "unix:///run/containerd/containerd.sock"


def number(minor: str) -> int:
    """Return 23 of 1.23."""
    return int(minor.split(".")[1])


def edgecore(render: Render, kubeedge: str, **more: Any) -> Object:
    """Return edgecore.yaml of a release."""
    hub = {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}
    values = {"kubeedgeVersion": kubeedge, "cloudCore": {"modules": hub}, **more}
    return config(render("edgecore", values), "edgecore", "edgecore.yaml")


# kubeedge v1.23.1 staging/src/github.com/kubeedge/api/apis/componentconfig/edgecore/v1alpha2/validation
@pytest.mark.parametrize(
    ("profile", "minor"),
    [(p, m) for p in (None, *PROFILES) for m in MINORS if p in (None, "plain") or number(m) >= 12],
)
def test_edgecore_accepts_the_file(render: Render, profile: str | None, minor: str) -> None:
    found = edgecore(render, minor, **({"profile": profile} if profile else {}))
    hub, bus = (paths.first(found, f"modules.{name}") for name in ("edgeHub", "eventBus"))
    assert [hub[way]["enable"] for way in ("websocket", "quic")] == [True, False]
    assert hub.get("messageQPS", 0) >= 0
    assert hub.get("messageBurst", 0) >= 0
    assert bus["mqttMode"] in (0, 1, 2)
    place = "modules.edged" if number(minor) < 12 else KUBELET
    assert paths.first(found, f"{place}.cgroupDriver") in ("cgroupfs", "systemd")
    assert (paths.first(found, KUBELET) is None) == (number(minor) < 12)
    assert paths.first(found, "database.dataSource") == "/var/lib/kubeedge/edgecore.db"
    # A null or an empty section is a nil pointer to the program.
    assert [path for path, value in leaves(found) if value is None or value == {}] == []
    # What the program finds out on its machine is left to it.
    assert paths.first(found, "modules.edged.hostnameOverride") is None


@pytest.mark.parametrize(
    ("minor", "runtime", "edged", "kubelet"),
    [
        ("1.12", "docker", "unix:///var/run/dockershim.sock", None),
        ("1.13", "remote", CONTAINERD, None),
        ("1.15", "remote", CONTAINERD, None),
        ("1.16", "remote", CONTAINERD, CONTAINERD),
        ("1.17", "remote", CONTAINERD, CONTAINERD),
        ("1.18", None, None, CONTAINERD),
        ("1.23", None, None, CONTAINERD),
    ],
)
def test_the_container_runtime_is_where_the_release_reads_it(
    render: Render, minor: str, runtime: str | None, edged: str | None, kubelet: str | None
) -> None:
    found = edgecore(render, minor)
    keys = ("containerRuntime", "remoteRuntimeEndpoint", "remoteImageEndpoint")
    assert [paths.first(found, f"modules.edged.{key}") for key in keys] == [runtime, edged, edged]
    endpoints = ("containerRuntimeEndpoint", "imageServiceEndpoint")
    assert [paths.first(found, f"{KUBELET}.{key}") for key in endpoints] == [kubelet, kubelet]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("modules.edged.rootDirectory", {"1.12": "/var/lib/edged", "1.19": "/var/lib/edged"}),
        ("modules.edged.rootDirectory", {"1.20": "/var/lib/kubelet", "1.23": "/var/lib/kubelet"}),
        ("modules.deviceTwin.dmiSockPath", {"1.15": None, "1.16": "/etc/kubeedge/dmi.sock"}),
        ("modules.deviceTwin.dmiSockPath", {"1.22": "/etc/kubeedge/dmi.sock", "1.23": "/etc/kubeedge/"}),
        (f"{KUBELET}.clusterDomain", {"1.12": "", "1.13": "cluster.local"}),
        ("modules.edgeMesh.enable", {"1.7": True, "1.8": None}),
        ("modules.taskManager.enable", {"1.20": None, "1.21": False}),
        ("edgecoreVersion", {"1.21": None, "1.23": None}),
    ],
)
def test_the_file_has_the_defaults_of_the_release(render: Render, path: str, values: dict[str, Any]) -> None:
    assert {minor: paths.first(edgecore(render, minor), path) for minor in values} == values


@pytest.mark.parametrize(
    ("edge", "image"),
    [({}, "mirror.example.com/kubeedge/pause:3.1"), ({"podSandboxImage": "pause:mine"}, "pause:mine")],
)
def test_the_sandbox_image_comes_from_the_registry_too(
    render: Render, edge: dict[str, Any], image: str
) -> None:
    found = edgecore(
        render, "1.12", images={"registry": "mirror.example.com/"}, edgeCore={"modules": {"edged": edge}}
    )
    assert paths.first(found, "modules.edged.podSandboxImage") == image
