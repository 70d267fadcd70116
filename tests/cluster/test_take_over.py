"""Move from the upstream charts to ours with the commands of docs/take-over.md.

kubelet.py stands in for scheduler and kubelet: pods run, and disappear when they are deleted.
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.charts.conftest import ROOT
from tests.cluster import stand_ins
from tests.cluster.api import Api, Object, until
from tests.cluster.documents import commands, shell
from tests.cluster.helm import Failed, Helm, newest_helm
from tests.cluster.kubelet import Kubelet
from tests.cluster.leftovers import Leftovers
from tests.cluster.samples import sample
from tests.cluster.test_crds import define

BY_HELM, MESH, BY_HAND = (
    "## cloudcore, installed by Helm or keadm",
    "## EdgeMesh, installed by Helm",
    "## Installed with kubectl",
)
SITE: dict[str, Any] = {
    "profile": "mtls",
    "cloudCore": {
        "modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}},
        "streamCertificate": {"existingSecret": "cloudcore"},
    },
    "controllerManager": {"enable": True},
}
OURS = "app.kubernetes.io/instance"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a working directory with the charts and a site.yaml."""
    (tmp_path / "charts").symlink_to(ROOT / "charts")
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(SITE), "utf-8")
    return tmp_path


@pytest.fixture
def running(api: Api, leftovers: Leftovers, kube_config: str) -> Any:
    """Create the objects of a running KubeEdge that belong to no chart; return the Secrets."""
    assert leftovers.now() == set()
    define(api, "1.20")
    api.create(sample("Device", "devices.kubeedge.io/v1beta1", "sensor", "factory"))
    made = [api.create(one) for one in stand_ins.secrets()]
    with Kubelet(Api.of(kube_config)):
        yield made


def old_pods(api: Api) -> list[str]:
    """Return the running pods of upstream's workloads."""
    pods = api.all("v1", "Pod", stand_ins.NAMESPACE, labelSelector=f"!{OURS}")
    return sorted(pod["metadata"]["name"] for pod in pods if pod["status"].get("phase") == "Running")


def new_pods(api: Api, part: str) -> list[Object]:
    """Return the running pods of one of our components."""
    pods = api.all("v1", "Pod", stand_ins.NAMESPACE, labelSelector=f"{OURS},kubeedge={part}")
    return [pod for pod in pods if pod["status"].get("phase") == "Running"]


def follow(heading: str, helm: Helm, home: Path, folder: Path, api: Api) -> None:
    """Run the commands of a section; the old pods keep running until the last block."""
    prepare, upgrade, clean = commands("take-over.md", heading)
    forced = " --force-conflicts" if helm.major == 4 else ""
    before = old_pods(api)
    assert before
    run = partial(shell, kubeconfig=helm.kubeconfig, home=home, helm=helm.name, folder=folder)
    run(prepare)
    run(upgrade.rstrip() + forced)
    assert old_pods(api) == before
    run(clean)
    until(lambda: old_pods(api) == [], "the old pods are gone")
    # No ReplicaSet is left that would create old pods again.
    assert [one for one in api.all("apps/v1", "ReplicaSet") if OURS not in one["metadata"]["labels"]] == []


def check_kept(api: Api, secrets: list[Object]) -> None:
    """Check that no Secret and no custom resource changed."""
    for secret in secrets:
        assert api.get("v1", "Secret", secret["metadata"]["name"], stand_ins.NAMESPACE) == secret
    assert api.get("devices.kubeedge.io/v1beta1", "Device", "sensor", "factory")


def address(api: Api) -> str:
    """Return the address of cloudcore's Service."""
    found = api.get("v1", "Service", "cloudcore", stand_ins.NAMESPACE)
    assert found
    return str(found["spec"]["clusterIP"])


def check_clean_end(helm: Helm, leftovers: Leftovers, *releases: str) -> None:
    """Check that a release owns the adopted objects: an uninstall removes them, an install creates them."""
    for release in releases:
        helm.uninstall(release)
    for _ in range(100):
        if not remaining(leftovers):
            break
        time.sleep(0.2)
    assert remaining(leftovers) == []
    for release in releases:
        helm.install(release, values=SITE)


def remaining(leftovers: Leftovers) -> list[Any]:
    """Return the workloads, roles and settings that are left."""
    stay = ("CustomResourceDefinition", "Secret", "Device")
    return sorted(key for key in leftovers.now() if key[0] not in stay)


@newest_helm
def test_plain_upgrade_is_rejected_and_changes_no_secret(
    helm: Helm, api: Api, running: list[Object], tmp_path: Path
) -> None:
    helm.install(str(stand_ins.as_chart("cloudcore", stand_ins.cloudcore(), tmp_path)))
    values = {**SITE, "crds": {"enable": False}}
    with pytest.raises(Failed, match="immutable"):
        helm.install("cloudcore", values=values)
    check_kept(api, running)


def test_cloudcore_installed_by_helm_or_keadm(
    helm: Helm, api: Api, running: list[Object], home: Path, folder: Path, leftovers: Leftovers
) -> None:
    helm.install(str(stand_ins.as_chart("cloudcore", stand_ins.cloudcore(), folder / "upstream")))
    until(lambda: len(old_pods(api)) == 6, "upstream's pods run")
    before = address(api)
    follow(BY_HELM, helm, home, folder, api)
    check_kept(api, running)
    assert address(api) == before
    until(lambda: len(new_pods(api, "cloudcore")) == 1, "our cloudcore runs")
    check_clean_end(helm, leftovers, "cloudcore")


def test_edgemesh_installed_by_helm(
    helm: Helm, api: Api, running: list[Object], home: Path, folder: Path, leftovers: Leftovers
) -> None:
    helm.install(str(stand_ins.as_chart("edgemesh", stand_ins.edgemesh(), folder / "upstream")))
    until(lambda: len(old_pods(api)) == 2, "upstream's agents run")
    follow(MESH, helm, home, folder, api)
    check_kept(api, running)
    until(lambda: len(new_pods(api, "edgemesh-agent")) == 2, "our agents run")
    psk = api.get("v1", "Secret", "edgemesh-psk", stand_ins.NAMESPACE)
    assert psk
    assert psk["data"] == {"psk": "Ym05MElHRWdjbVZoYkNCclpYa3NJRzl1YkhrZ1ptOXlJR0VnZEdWemRDRT0="}
    assert api.get("v1", "ConfigMap", "edgemesh-agent-psk", stand_ins.NAMESPACE) is None
    check_clean_end(helm, leftovers, "edgemesh")


@newest_helm
def test_cloudcore_installed_by_kubectl(
    helm: Helm, api: Api, running: list[Object], home: Path, folder: Path, leftovers: Leftovers
) -> None:
    for one in stand_ins.cloudcore():
        api.create(one)
    until(lambda: len(old_pods(api)) == 6, "upstream's pods run")
    before = address(api)
    follow(BY_HAND, helm, home, folder, api)
    check_kept(api, running)
    assert address(api) == before
    until(lambda: len(new_pods(api, "cloudcore")) == 1, "our cloudcore runs")
    check_clean_end(helm, leftovers, "cloudcore")


@newest_helm
def test_gateway_must_be_uninstalled_first(helm: Helm, leftovers: Leftovers, folder: Path) -> None:
    objects = stand_ins.permissions("edgemesh-gateway", "edgemesh-gateway", "edgemesh-gateway")
    chart = stand_ins.as_chart("edgemesh-gateway", objects, folder / "upstream")
    helm.install(str(chart))
    values = {**SITE, "gateway": {"enable": True}}
    with pytest.raises(Failed, match="cannot be imported into the current release"):
        helm.install("edgemesh", values=values)
    helm.uninstall("edgemesh-gateway")
    helm.install("edgemesh", values=values)
    assert leftovers.now()
