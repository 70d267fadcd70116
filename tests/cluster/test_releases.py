"""Install, upgrade, roll back and uninstall with Helm 3 and 4, in every profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cluster.api import Api, Key, Object
from tests.cluster.helm import Helm
from tests.cluster.leftovers import Leftovers
from tests.cluster.sites import CHARTS, PROFILES, site
from tests.cluster.state import different, live

DEVICE: Object = {
    "apiVersion": "devices.kubeedge.io/v1beta1",
    "kind": "Device",
    "metadata": {"name": "sensor", "namespace": "factory"},
    "spec": {"nodeName": "edge-1", "properties": [{"name": "temperature"}]},
}


def definitions(api: Api) -> set[Key]:
    """Return the keys of all definitions of KubeEdge."""
    listed = api.all("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    names = [one["metadata"]["name"] for one in listed]
    return {("CustomResourceDefinition", "", name) for name in names if name.endswith(".kubeedge.io")}


def life_of_all_charts(helm: Helm, api: Api, leftovers: Leftovers, profile: str) -> None:
    """Take the three charts through a whole life; what stays are the definitions and their data."""
    for chart in CHARTS:
        helm.install(chart, values=site(profile))
    first = live(api)
    api.create(DEVICE)
    changed = site(profile, images={"registry": "registry.example.com"}, cluster={"domain": "cluster.local"})
    for chart in CHARTS:
        helm.install(chart, values=changed)
    second = live(api)
    assert all(image.startswith("registry.example.com/") for image in images(second))
    assert not any(image.startswith("registry.example.com/") for image in images(first))
    for chart in CHARTS:
        helm("rollback", chart, "1", "--namespace", "kubeedge")
    assert different(live(api), first) == []
    for chart in reversed(CHARTS):
        helm.uninstall(chart)
    kept = definitions(api) | {("Device", "factory", "sensor")}
    assert len(kept) > 10
    assert leftovers.settled(kept) == kept
    stored = api.get("devices.kubeedge.io/v1beta1", "Device", "sensor", "factory")
    assert stored
    assert stored["spec"] == DEVICE["spec"]


def images(found: dict[Key, Any]) -> list[str]:
    """Return the images of all workloads."""
    return [
        container["image"]
        for (kind, *_), part in found.items()
        if kind in ("Deployment", "DaemonSet")
        for container in part["spec"]["template"]["spec"]["containers"]
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_whole_life(helm: Helm, api: Api, leftovers: Leftovers, profile: str) -> None:
    life_of_all_charts(helm, api, leftovers, profile)


def test_whole_life_with_the_oldest_helm(
    kube_config: str, home: Path, api: Api, leftovers: Leftovers
) -> None:
    life_of_all_charts(Helm("helm-3.10", kube_config, home), api, leftovers, "mtls")
