"""Every chart, profile, KubeEdge minor and EdgeMesh minor, on every supported Helm.

What a rendering must always be: accepted by Kubernetes 1.25 to 1.37, configs that the release reads
field by field, references that resolve, the same bytes every time and from every engine.

Each case is rendered once. Many releases render the same bytes: these are checked once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from generator.components import CHARTS, EDGEMESH, KUBEEDGE
from generator.errors import HelmError
from generator.helm import Document
from generator.render.site import RenderedConfig, find_configs, stream
from generator.upstream import Release, config_fields
from generator.upstream.check import check
from generator.upstream.releases import minors
from tests.charts import kubernetes
from tests.charts.conftest import open_named
from tests.charts.objects import containers, leaves, pod_specs
from tests.helm.binaries import BINARIES

pytestmark = pytest.mark.long

PROFILES = ("unset", "plain", "one-way", "one-way-verified", "mtls")
# Profile, KubeEdge minor, EdgeMesh minor; only edgemesh depends on the last.
Case = tuple[str, str, str]

each_chart = pytest.mark.parametrize("chart", CHARTS)
each_profile = pytest.mark.parametrize("profile", PROFILES)


def cases(chart: str, profile: str) -> list[Case]:
    """List the cases of a chart and a profile, oldest releases first."""
    meshes = minors(EDGEMESH) if chart == "edgemesh" else ["1.17"]
    return [(profile, kubeedge, mesh) for kubeedge in minors(KUBEEDGE) for mesh in meshes]


def possible(case: Case) -> bool:
    """Return whether the release supports the profile: TLS needs KubeEdge 1.12."""
    return case[0] in ("unset", "plain") or int(case[1].split(".")[1]) >= 12


def values_of(case: Case) -> dict[str, Any]:
    """Return a site that uses the optional parts too, so that they are in the matrix."""
    profile, kubeedge, edgemesh = case
    values: dict[str, Any] = {
        "kubeedgeVersion": kubeedge,
        "edgemeshVersion": edgemesh,
        "cloudCore": {"modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}},
        "controllerManager": {"enable": int(kubeedge.split(".")[1]) >= 11},
        "edgeAPIs": [{"group": "discovery.k8s.io", "resources": ["endpointslices"]}],
        "gateway": {"enable": True},
        "agent": {"relayNodes": [{"nodeName": "relay", "advertiseAddress": ["192.0.2.20"]}]},
    }
    return values if profile == "unset" else {**values, "profile": profile}


def render(chart: str, case: Case, engine: str = "embedded") -> list[Document]:
    """Render a chart for a case."""
    return open_named(engine).render(chart, values_of(case), release=chart, namespace="kubeedge")


@dataclass(frozen=True)
class Rendering:
    """Documents, and all cases that render exactly these."""

    documents: list[Document]
    cases: list[Case]

    @property
    def texts(self) -> list[str]:
        """Return the texts of the documents."""
        return [document.text for document in self.documents]


@cache
def renderings(chart: str, profile: str) -> list[Rendering]:
    """Render every possible case once; the cases that render the same bytes are one rendering."""
    found: dict[str, Rendering] = {}
    for case in filter(possible, cases(chart, profile)):
        documents = render(chart, case)
        found.setdefault(stream(documents), Rendering(documents, [])).cases.append(case)
    return list(found.values())


@each_chart
@pytest.mark.parametrize("profile", PROFILES[2:])
def test_an_impossible_combination_is_rejected(chart: str, profile: str) -> None:
    impossible = [case for case in cases(chart, profile) if not possible(case)]
    assert impossible
    for case in impossible:
        with pytest.raises(HelmError, match="serves the endpoint over plain http only"):
            render(chart, case)


@each_profile
@each_chart
def test_the_renderings_are_valid(chart: str, profile: str) -> None:
    found = renderings(chart, profile)
    assert sorted(case for one in found for case in one.cases) == sorted(
        case for case in cases(chart, profile) if possible(case)
    )
    for one in found:
        objects = [document.data for document in one.documents]
        assert objects
        faults = [fault for found in objects for fault in _faults(json.dumps(found, sort_keys=True))]
        assert faults == [], one.cases
        assert list(dangling(objects)) == [], one.cases
        assert len({(o["kind"], o["metadata"]["name"]) for o in objects}) == len(objects), one.cases


@each_profile
@each_chart
def test_the_release_reads_every_field_of_the_configs(chart: str, profile: str) -> None:
    for one in renderings(chart, profile):
        configs = list(find_configs(one.documents))
        assert {config.component for config in configs} == {
            "cloudcore": {"cloudcore"},
            "edgecore": {"edgecore"},
            "edgemesh": {"edgemesh-agent", "edgemesh-gateway"},
        }[chart], one.cases
        for config in configs:
            assert [path for path, value in leaves(config.data) if value is None or value == {}] == []
            # The same bytes may be for several releases; each of them reads every field.
            for release in {release_of(config.component, case) for case in one.cases}:
                assert list(unread(config, release)) == [], one.cases


@each_profile
@each_chart
def test_a_second_rendering_is_the_same(chart: str, profile: str) -> None:
    for one in renderings(chart, profile):
        assert [document.text for document in render(chart, one.cases[-1])] == one.texts, one.cases


@pytest.mark.parametrize("engine", BINARIES)
@each_profile
@each_chart
def test_all_engines_render_the_same(chart: str, profile: str, engine: str) -> None:
    for one in renderings(chart, profile):
        assert [document.text for document in render(chart, one.cases[-1], engine)] == one.texts, one.cases


@cache
def _faults(found: str) -> list[str]:
    """Validate an object against every Kubernetes; many cases share objects, so once each."""
    return [
        fault for version in kubernetes.VERSIONS for fault in kubernetes.faults(json.loads(found), version)
    ]


def release_of(component: str, case: Case) -> Release:
    """Return the release whose program reads the config of a component."""
    mesh = component.startswith("edgemesh")
    return Release.parse(EDGEMESH, case[2]) if mesh else Release.parse(KUBEEDGE, case[1])


def unread(config: RenderedConfig, release: Release) -> Iterator[str]:
    """Yield what the program of a release would not read as meant."""
    fields = config_fields(config.component, release)
    for path, what, *_ in check(config.data, fields, config.component, release):
        yield f"{config.name} {path}: {what} ({release})"


# Secrets that the operator, a program or cert-manager makes.
MADE_ELSEWHERE = {"metaserver-certs", "edgemesh-psk"}


def dangling(objects: list[dict[str, Any]]) -> Iterator[str]:
    """Yield every reference inside the rendering that leads nowhere."""
    names = {(o["kind"], o["metadata"]["name"]) for o in objects}
    for workload, spec in pod_specs(objects):
        where = f"{workload['kind']}/{workload['metadata']['name']}"
        yield from (f"{where}: {lost}" for lost in _lost_in_pod(workload, spec, names))
    for binding in objects:
        if binding["kind"] in ("ClusterRoleBinding", "RoleBinding"):
            for target in (binding["roleRef"], *binding["subjects"]):
                if (target["kind"], target["name"]) not in names:
                    yield f"{binding['metadata']['name']}: {target['kind']} {target['name']}"


def _lost_in_pod(
    workload: dict[str, Any], spec: dict[str, Any], names: set[tuple[str, str]]
) -> Iterator[str]:
    account = spec.get("serviceAccountName", "default")
    if account != "default" and ("ServiceAccount", account) not in names:
        yield f"service account {account}"
    volumes = {volume["name"]: volume for volume in spec.get("volumes", [])}
    for kind, name in (source for volume in volumes.values() for source in _sources(volume)):
        if (kind, name) not in names and name not in MADE_ELSEWHERE:
            yield f"{kind} {name}"
    for container in containers([workload]):
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"volume {mount['name']}"
    labels = workload["spec"]["template"]["metadata"]["labels"]
    if not workload["spec"]["selector"]["matchLabels"].items() <= labels.items():
        yield "its selector does not match its pods"


def _sources(volume: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if "configMap" in volume:
        yield "ConfigMap", volume["configMap"]["name"]
    if "secret" in volume and not volume["secret"].get("optional"):
        yield "Secret", volume["secret"]["secretName"]
    for source in volume.get("projected", {}).get("sources", []):
        if "configMap" in source:
            yield "ConfigMap", source["configMap"]["name"]
        if "secret" in source:
            yield "Secret", source["secret"]["name"]
