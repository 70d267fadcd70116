"""Install, upgrade, roll back and uninstall: Helm 4 in every profile, Helm 3 under mtls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cluster.api import Api, Key, Object
from tests.cluster.helm import HELMS, Helm
from tests.cluster.leftovers import Leftovers
from tests.cluster.sites import CHARTS, PROFILES, site
from tests.cluster.state import different, live

# The chart decides what a profile renders, and Helm does not.
WITH = [*((HELMS[-1], profile) for profile in PROFILES), *((name, "mtls") for name in HELMS[:-1])]
DEVICE: Object = {
    "apiVersion": "devices.kubeedge.io/v1beta1",
    "kind": "Device",
    "metadata": {"name": "sensor", "namespace": "factory"},
    "spec": {"nodeName": "edge-1", "properties": [{"name": "temperature"}]},
}


def crds(api: Api) -> set[Key]:
    """Return the keys of all CRDs of KubeEdge."""
    listed = api.all("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    names = [one["metadata"]["name"] for one in listed]
    return {("CustomResourceDefinition", "", name) for name in names if name.endswith(".kubeedge.io")}


def run_all_charts(helm: Helm, api: Api, leftovers: Leftovers, profile: str) -> None:
    """Install, upgrade, roll back and uninstall the three charts; CRDs and custom resources stay."""
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
    kept = crds(api) | {("Device", "factory", "sensor")}
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


@pytest.mark.parametrize(("helm", "profile"), WITH, indirect=["helm"])
def test_install_upgrade_rollback_and_uninstall(
    helm: Helm, api: Api, leftovers: Leftovers, profile: str
) -> None:
    run_all_charts(helm, api, leftovers, profile)


def test_oldest_helm_installs_upgrades_and_rolls_back(
    kube_config: str, home: Path, api: Api, leftovers: Leftovers
) -> None:
    run_all_charts(Helm("helm-3.10", kube_config, home), api, leftovers, "mtls")
