"""Upgrades: from earlier charts, between profiles, between releases of KubeEdge, and between values."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.charts.conftest import ROOT
from tests.cluster.api import Api, Key, until
from tests.cluster.helm import Failed, Helm, newest_helm
from tests.cluster.leftovers import Leftovers
from tests.cluster.samples import sample
from tests.cluster.sites import CHARTS, site
from tests.cluster.state import different, live

EARLIER = Path(__file__).with_name("earlier.txt")


def git(*arguments: str) -> bytes:
    """Run git in the checkout; a shallow history is a failure, not a skip."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    words = done.stderr.decode().strip()
    assert done.returncode == 0, f"{words} (a whole history is needed: git fetch --unshallow --tags)"
    return done.stdout


def earlier() -> list[str]:
    """Return every tag before this commit, and the commits of earlier.txt."""
    tags = git("tag", "--merged", "HEAD").decode().split()
    lines = EARLIER.read_text("utf-8").splitlines()
    return [*tags, *(line for line in lines if line and not line.startswith("#"))]


@pytest.fixture(scope="session")
def charts_of(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that gives the folder with the charts of a commit."""

    def unpacked(reference: str) -> Path:
        folder = tmp_path_factory.mktemp("charts")
        with tarfile.open(fileobj=io.BytesIO(git("archive", reference, "charts"))) as archive:
            archive.extractall(folder, filter="data")
        return folder / "charts"

    return unpacked


def kept(api: Api) -> set[Key]:
    """Return the keys of all CRDs of KubeEdge, which stay after an uninstall."""
    listed = api.all("apiextensions.k8s.io/v1", "CustomResourceDefinition")
    names = [one["metadata"]["name"] for one in listed]
    return {("CustomResourceDefinition", "", name) for name in names if name.endswith(".kubeedge.io")}


# --- earlier charts -------------------------------------------------------------------------


def test_earlier_charts_exist() -> None:
    assert earlier()


@newest_helm
@pytest.mark.parametrize("reference", earlier())
def test_upgrade_from_earlier_charts(
    helm: Helm, api: Api, leftovers: Leftovers, charts_of: Any, reference: str
) -> None:
    old = charts_of(reference)
    for chart in CHARTS:
        helm.install(str(old / chart), values=site("mtls"))
    # --reuse-values also keeps the defaults of the old chart: new keys are missing.
    for chart in CHARTS:
        helm("upgrade", chart, str(ROOT / "charts" / chart), "--namespace", "kubeedge", "--reuse-values")
    reused = live(api)
    for chart in CHARTS:
        helm("rollback", chart, "1", "--namespace", "kubeedge")
    for chart in CHARTS:
        helm.install(chart, values=site("mtls"))
    upgraded = live(api)
    for chart in CHARTS:
        helm.uninstall(chart)
    assert leftovers.settled(kept(api)) == kept(api)
    for chart in CHARTS:
        helm.install(chart, values=site("mtls"))
    # An upgrade gives the same objects as a new installation.
    assert different(upgraded, live(api)) == []
    assert reused.keys() == upgraded.keys()


# --- profiles -------------------------------------------------------------------------------

THERE_AND_BACK = (
    "plain",
    "one-way",
    "one-way-verified",
    "mtls",
    "one-way-verified",
    "one-way",
    "plain",
)


def test_switch_between_profiles_and_back(helm: Helm, api: Api, leftovers: Leftovers) -> None:
    assert leftovers.now() == set()
    states: dict[str, Any] = {}
    for chart in CHARTS:
        # Without the CRDs, which are the same in every profile and slow.
        helm.install(chart, values=site("plain", crds={"enable": False}))
    for profile in THERE_AND_BACK:
        for chart in CHARTS:
            flags = ("--reuse-values", "--set", f"profile={profile}", "--namespace", "kubeedge")
            helm("upgrade", chart, str(ROOT / "charts" / chart), *flags)
        state = live(api)
        assert different(states.setdefault(profile, state), state) == []
    texts = {str(sorted(state.items())) for state in states.values()}
    assert len(texts) == len(states) == 4


# --- releases of KubeEdge --------------------------------------------------------------------


def served(api: Api, version: str, plural: str) -> bool:
    """Return whether the API server serves a resource at a version."""
    answer = api.call("GET", f"/apis/{version}")
    return answer.ok and plural in {one["name"] for one in answer.data["resources"]}


STEPS = {
    "v1.16.6": {
        "devices.kubeedge.io/v1beta1": "devices",
        "operations.kubeedge.io/v1alpha1": "nodeupgradejobs",
    },
    "v1.17.0": {
        "devices.kubeedge.io/v1beta1": "devices",
        "operations.kubeedge.io/v1alpha1": "nodeupgradejobs",
    },
    "v1.23.1": {
        "devices.kubeedge.io/v1beta1": "devicestatuses",
        "operations.kubeedge.io/v1alpha2": "configupdatejobs",
    },
}
JOBS = "/apis/operations.kubeedge.io/{}/nodeupgradejobs/upgrade"


@newest_helm
@pytest.mark.parametrize("profile", ["one-way-verified", "mtls"])
def test_upgrade_of_kubeedge_keeps_custom_resources(
    helm: Helm, api: Api, leftovers: Leftovers, profile: str
) -> None:
    assert leftovers.now() == set()
    for version, expected in STEPS.items():
        for chart in CHARTS:
            helm.install(chart, values=site(profile, kubeedgeVersion=version))
        for group_version, plural in expected.items():
            until(partial(served, api, group_version, plural), f"{plural} at {group_version}")
        if version == "v1.16.6":
            device = api.create(sample("Device", "devices.kubeedge.io/v1alpha2", "sensor", "factory"))
            job = api.create(sample("NodeUpgradeJob", "operations.kubeedge.io/v1alpha1", "upgrade", None))
        assert api.get("devices.kubeedge.io/v1alpha2", "Device", "sensor", "factory") == device
    until(lambda: api.call("GET", JOBS.format("v1alpha2")).ok, "the job is read at its new version")
    assert api.do("GET", JOBS.format("v1alpha2"))["spec"] == job["spec"]
    beta = api.get("devices.kubeedge.io/v1beta1", "Device", "sensor", "factory")
    assert beta
    assert beta["spec"] == device["spec"]
    # It can be written at the new stored version and read at the old one.
    beta["spec"]["nodeName"] = "edge-1"
    api.do("PUT", api.place(beta), beta)
    old = api.get("devices.kubeedge.io/v1alpha2", "Device", "sensor", "factory")
    assert old
    assert old["spec"]["nodeName"] == "edge-1"


def test_downgrade_of_kubeedge_keeps_the_crds(helm: Helm, api: Api, leftovers: Leftovers) -> None:
    assert leftovers.now() == set()
    helm.install("cloudcore", values=site(kubeedgeVersion="v1.20.0"))
    helm.install("cloudcore", values=site(kubeedgeVersion="v1.23.1"))
    until(partial(served, api, "operations.kubeedge.io/v1alpha2", "nodeupgradejobs"), "v1alpha2 is served")
    api.create(sample("NodeUpgradeJob", "operations.kubeedge.io/v1alpha2", "upgrade", None))
    # A version in which objects are stored cannot be removed from a CRD: see docs/values.md.
    with pytest.raises(Failed, match="storedVersions"):
        helm("rollback", "cloudcore", "1", "--namespace", "kubeedge")
    helm.install("cloudcore", values=site(kubeedgeVersion="v1.20.0", crds={"enable": False}))
    core = api.get("apps/v1", "Deployment", "cloudcore", "kubeedge")
    assert core
    assert core["spec"]["template"]["spec"]["containers"][0]["image"].endswith(":v1.20.0")
    assert api.call("GET", JOBS.format("v1alpha2")).ok
    assert helm.releases() == [("kubeedge", "cloudcore", "deployed")]


# --- values ----------------------------------------------------------------------------------


def changes() -> Iterator[dict[str, Any]]:
    """Yield values whose objects differ in fields that Kubernetes does not allow to change."""
    labels = {"k8s-app": "other", "team": "edge"}
    yield {}
    yield {"nameOverride": "other", "agent": {"labels": labels}, "cloudCore": {"labels": labels}}
    yield {"nameOverride": "again", "agent": {"podLabels": labels}, "gateway": {"labels": labels}}
    yield {"fullnameOverride": "other", "edgeCore": {"nodeGroups": {"factory": {}}}}
    yield {"agent": {"cloudNodes": {"modules": {"edgeDNS": {"enable": False}}}}}
    yield {"cloudCore": {"hostNetWork": False, "service": {"type": "LoadBalancer"}}}
    yield {"cloudCore": {"hostNetWork": True, "replicaCount": 0}, "gateway": {"replicaCount": 2}}
    yield {"iptablesManager": {"mode": "internal"}, "admission": {"enable": False}}
    yield {"gateway": {"updateStrategy": {"type": "RollingUpdate"}}}
    yield {
        "kubeedgeVersion": "v1.16.6",
        "certificateCopy": {"enable": True},
        "metaServer": {"serverCertificate": {"existingSecret": "endpoint"}},
    }
    yield {"agent": {"serviceAccount": {"name": "another"}}}
    yield {}


@newest_helm
def test_no_immutable_field_stops_an_upgrade(helm: Helm, api: Api, leftovers: Leftovers) -> None:
    assert leftovers.now() == set()
    states = []
    for values in changes():
        for chart in CHARTS:
            helm.install(chart, values=merged(site("mtls", crds={"enable": False}), values))
        states.append(live(api))
    assert all(different(one, other) for one, other in pairwise(states))
    assert different(states[0], states[-1]) == []


def merged(values: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Merge one map into another."""
    both = {**values, **more}
    for name in values.keys() & more.keys():
        if isinstance(values[name], dict) and isinstance(more[name], dict):
            both[name] = merged(values[name], more[name])
    return both
