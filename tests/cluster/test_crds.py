"""The CRDs: every resource at every served version, and CRDs that exist already."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.charts.conftest import ROOT, open_named
from tests.cluster.api import Api, Object, until
from tests.cluster.documents import commands, shell
from tests.cluster.helm import Failed, Helm
from tests.cluster.leftovers import Leftovers
from tests.cluster.samples import SAMPLES, sample
from tests.cluster.sites import site
from tests.helm.binaries import BINARIES

CRD = ("apiextensions.k8s.io/v1", "CustomResourceDefinition")
FACTS: dict[str, list[dict[str, Any]]] = json.loads(
    (ROOT / "generator/upstream/data/crds.json").read_text("utf-8")
)["crds"]
# The releases that add or change a CRD.
BORDERS = sorted({row["from"] for rows in FACTS.values() for row in rows}, key=lambda m: int(m[2:]))


def rows_of(minor: str) -> dict[str, dict[str, Any]]:
    """Return the CRDs of a release by name, from the facts."""
    number = int(minor[2:])
    return {
        name: row
        for name, rows in FACTS.items()
        for row in rows
        if int(row["from"][2:]) <= number <= int(row.get("to", minor)[2:])
    }


def established(api: Api, name: str) -> bool:
    """Return whether the API server serves a CRD."""
    found = api.get(*CRD, name) or {}
    conditions = (found.get("status") or {}).get("conditions") or []
    return any((one["type"], one["status"]) == ("Established", "True") for one in conditions)


def define(api: Api, minor: str) -> set[str]:
    """Create the CRDs that the chart renders for a release; return their names."""
    documents = open_named("embedded").render(
        "cloudcore", {"kubeedgeVersion": minor}, release="cloudcore", namespace="kubeedge"
    )
    found = [document.data for document in documents if document.data["kind"] == CRD[1]]
    for one in found:
        api.create(one)
    names = {one["metadata"]["name"] for one in found}
    for name in names:
        until(partial(established, api, name), f"{name} is served")
    return names


@pytest.mark.usefixtures("leftovers")
@pytest.mark.parametrize("minor", BORDERS)
def test_every_resource_at_every_served_version(api: Api, minor: str) -> None:
    expected = rows_of(minor)
    assert define(api, minor) == set(expected)
    for name, row in expected.items():
        served = [version for version in row["versions"] if version["served"]]
        assert served
        for version in served:
            group_version = f"{name.partition('.')[2]}/{version['name']}"
            write_and_read(api, row, group_version, [v["name"] for v in served], status=version["status"])


def write_and_read(api: Api, row: dict[str, Any], version: str, served: list[str], *, status: bool) -> None:
    """Create an object, update its status as a program does, and read it at every version."""
    kind, wanted = row["kind"], SAMPLES[row["kind"]].get("status")
    namespace = "factory" if row["scope"] == "Namespaced" else None
    made = api.create(sample(kind, version, f"at-{version.rpartition('/')[2]}", namespace))
    path = api.place(made)
    if status:
        # The status can only be written through its subresource, as in the release.
        assert "status" not in api.do("PUT", path, {**made, "status": wanted})
        made = api.do("GET", path)
    if wanted:
        query = {"fieldValidation": "Strict"}
        api.do("PUT", f"{path}/status" if status else path, {**made, "status": wanted}, **query)
    for other in served:
        seen = api.do("GET", path.replace(version, f"{version.partition('/')[0]}/{other}"))
        assert (seen["spec"], seen.get("status")) == (made["spec"], wanted)


# --- CRDs that exist already -----------------------------------------------------------------


@pytest.fixture
def upstream(api: Api, leftovers: Leftovers) -> Object:
    """Create the CRDs of KubeEdge 1.14, as upstream's chart or kubectl does, and a device."""
    for name, row in rows_of("1.14").items():
        plural, _, group = name.partition(".")
        schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
        versions = [
            {"name": v["name"], "served": v["served"], "storage": v["storage"], "schema": schema}
            | ({"subresources": {"status": {}}} if v["status"] else {})
            for v in row["versions"]
        ]
        names = {"kind": row["kind"], "plural": plural, "singular": row["kind"].lower()}
        spec = {"group": group, "scope": row["scope"], "names": names, "versions": versions}
        api.create({"apiVersion": CRD[0], "kind": CRD[1], "metadata": {"name": name}, "spec": spec})
    for name in rows_of("1.14"):
        until(partial(established, api, name), f"{name} is served")
    assert leftovers.now()
    return api.create(sample("Device", "devices.kubeedge.io/v1alpha2", "sensor", "factory"))


def check_taken_over(api: Api, device: Object) -> None:
    """Check that the release owns the CRDs of its KubeEdge, and that the device is the same object."""
    for name, row in rows_of("1.23").items():
        found = api.get(*CRD, name)
        assert found
        assert found["metadata"]["annotations"]["meta.helm.sh/release-name"] == "cloudcore"
        assert [v["name"] for v in found["spec"]["versions"]] == [v["name"] for v in row["versions"]]
    until(lambda: api.call("GET", "/apis/devices.kubeedge.io/v1beta1").ok, "the new version is served")
    until(lambda: seen_at(api, "v1beta1") is not None, "the device is read at the new version")
    seen = seen_at(api, "v1beta1")
    assert seen
    assert (seen["metadata"]["uid"], seen["spec"]) == (device["metadata"]["uid"], device["spec"])


def seen_at(api: Api, version: str) -> Object | None:
    """Return the device at a version."""
    answer = api.call("GET", f"/apis/devices.kubeedge.io/{version}/namespaces/factory/devices/sensor")
    found: Object | None = answer.data if answer.ok else None
    return found


def test_foreign_crds_are_not_changed_silently(helm: Helm, api: Api, upstream: Object) -> None:
    before = api.get(*CRD, "devices.devices.kubeedge.io")
    with pytest.raises(Failed, match="cannot be imported into the current release"):
        helm.install("cloudcore", values=site())
    assert api.get(*CRD, "devices.devices.kubeedge.io") == before
    assert seen_at(api, "v1alpha2") == upstream


def forced(helm: Helm) -> list[str]:
    """Return the extra flag of Helm 4, which applies on the server, where each field has an owner."""
    return ["--force-conflicts"] if helm.major == 4 else []


def test_crds_are_adopted_with_take_ownership(helm: Helm, api: Api, upstream: Object) -> None:
    helm.install("cloudcore", "--take-ownership", *forced(helm), values=site())
    check_taken_over(api, upstream)


@pytest.mark.parametrize("release", BINARIES)
def test_crds_are_adopted_with_the_documented_labels(
    release: str, api: Api, upstream: Object, kube_config: str, home: Path
) -> None:
    (mark,) = commands("values.md", "## Custom resource definitions")
    shell(mark, kube_config, home)
    helm = Helm(release, kube_config, home)
    helm.install("cloudcore", *forced(helm), values=site())
    check_taken_over(api, upstream)


def test_crds_can_be_left_to_their_owner(
    helm: Helm, api: Api, upstream: Object, leftovers: Leftovers
) -> None:
    before = leftovers.now()
    helm.install("cloudcore", values=site(crds={"enable": False}))
    helm.uninstall("cloudcore")
    assert leftovers.settled(before) == before
    assert seen_at(api, "v1alpha2") == upstream


@pytest.mark.usefixtures("upstream")
def test_crds_are_upgraded_by_hand(kube_config: str, home: Path, api: Api) -> None:
    text = (ROOT / "docs/values.md").read_text("utf-8")
    (line,) = re.findall(r"`(helm template [^`]*)`", text)
    shell(line, kube_config, home)
    until(lambda: seen_at(api, "v1beta1") is not None, "the device is read at the new version")


# --- Istio's ----------------------------------------------------------------------------------

ISTIO = ("destinationrules", "gateways", "virtualservices")


def test_chart_installs_the_crds_of_istio(helm: Helm, api: Api, leftovers: Leftovers) -> None:
    helm.install("edgemesh", values=site(crds={"istio": True}))
    for plural in ISTIO:
        until(partial(established, api, f"{plural}.networking.istio.io"), f"{plural} is served")
    versions = [v["name"] for v in istio_crd(api, "destinationrules")["spec"]["versions"] if v["served"]]
    for version in versions:
        group_version, name = f"networking.istio.io/{version}", f"at-{version}"
        meta = {"name": name, "namespace": "factory"}
        spec = {"host": "app", "trafficPolicy": {"loadBalancer": {"simple": "RANDOM"}}}
        rule = {"apiVersion": group_version, "kind": "DestinationRule", "metadata": meta, "spec": spec}
        assert api.create(rule)["spec"] == spec
    helm.uninstall("edgemesh")
    kept = {("CustomResourceDefinition", "", f"{plural}.networking.istio.io") for plural in ISTIO}
    kept |= {("DestinationRule", "factory", f"at-{version}") for version in versions}
    assert leftovers.settled(kept) == kept


def test_existing_crds_of_istio_stay_unchanged(helm: Helm, api: Api, leftovers: Leftovers) -> None:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    names = {"kind": "DestinationRule", "plural": ISTIO[0], "singular": "destinationrule"}
    version = {"name": "v1", "served": True, "storage": True, "schema": schema}
    spec = {"group": "networking.istio.io", "scope": "Namespaced", "names": names, "versions": [version]}
    meta = {"name": f"{ISTIO[0]}.networking.istio.io"}
    before = api.create({"apiVersion": CRD[0], "kind": CRD[1], "metadata": meta, "spec": spec})["spec"]
    with pytest.raises(Failed, match="cannot be imported into the current release"):
        helm.install("edgemesh", values=site(crds={"istio": True}))
    helm.install("edgemesh", values=site())
    helm.uninstall("edgemesh")
    assert istio_crd(api, ISTIO[0])["spec"] == before
    assert leftovers.settled({("CustomResourceDefinition", "", meta["name"])})


def istio_crd(api: Api, plural: str) -> Object:
    """Return one of Istio's CRDs."""
    found = api.get(*CRD, f"{plural}.networking.istio.io")
    assert found
    return found
