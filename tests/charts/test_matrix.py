"""Every chart, profile, KubeEdge minor and EdgeMesh minor, on every supported Helm.

What a rendering must always be: accepted by Kubernetes 1.25 to 1.37, configs that the release reads
field by field, references that resolve, the same bytes every time and from every engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from generator.components import EDGEMESH, KUBEEDGE
from generator.errors import HelmError
from generator.helm import Document
from generator.render.site import RenderedConfig, find_configs
from generator.upstream import Release, config_fields
from generator.upstream.check import check
from generator.upstream.releases import minors
from tests.charts import kubernetes
from tests.charts.conftest import open_named
from tests.charts.objects import containers, leaves, pod_specs
from tests.helm.binaries import BINARIES

PROFILES = ("unset", "plain", "one-way", "one-way-verified", "mtls")
Case = tuple[str, str, str, str]


def cases() -> Iterator[Case]:
    """Yield (chart, profile, KubeEdge minor, EdgeMesh minor); only edgemesh depends on the last."""
    for profile in PROFILES:
        for kubeedge in minors(KUBEEDGE):
            for edgemesh in minors(EDGEMESH):
                yield "edgemesh", profile, kubeedge, edgemesh
            yield "cloudcore", profile, kubeedge, "1.17"
            yield "edgecore", profile, kubeedge, "1.17"


CASES = list(cases())
IDS = ["-".join(case) for case in CASES]


def possible(case: Case) -> bool:
    """Say whether a profile can be had on a release: TLS needs KubeEdge 1.12."""
    return case[1] in ("unset", "plain") or int(case[2].split(".")[1]) >= 12


POSSIBLE = [case for case in CASES if possible(case)]
POSSIBLE_IDS = ["-".join(case) for case in POSSIBLE]


def values_of(case: Case) -> dict[str, Any]:
    """Return a site that uses the optional parts too, so that they are in the matrix."""
    _, profile, kubeedge, edgemesh = case
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


@cache
def rendered(case: Case, engine: str = "embedded") -> list[Document]:
    """Render a case once per process."""
    return open_named(engine).render(case[0], values_of(case), release=case[0], namespace="kubeedge")


@pytest.mark.parametrize("case", [c for c in CASES if not possible(c)], ids="-".join)
def test_an_impossible_combination_is_rejected(case: Case) -> None:
    with pytest.raises(HelmError, match="serves the endpoint over plain http only"):
        rendered(case)


@pytest.mark.parametrize("case", POSSIBLE, ids=POSSIBLE_IDS)
def test_the_rendering_is_valid(case: Case) -> None:
    objects = [document.data for document in rendered(case)]
    assert objects
    assert [fault for found in objects for fault in _faults(json.dumps(found, sort_keys=True))] == []
    assert list(dangling(objects)) == []
    assert len({(o["kind"], o["metadata"]["name"]) for o in objects}) == len(objects)
    configs = list(find_configs(rendered(case)))
    assert {config.component for config in configs} == {
        "cloudcore": {"cloudcore"},
        "edgecore": {"edgecore"},
        "edgemesh": {"edgemesh-agent", "edgemesh-gateway"},
    }[case[0]]
    for config in configs:
        assert list(unread(config, case)) == []
        assert [path for path, value in leaves(config.data) if value is None or value == {}] == []


@pytest.mark.parametrize("case", POSSIBLE, ids=POSSIBLE_IDS)
def test_two_renderings_are_the_same(case: Case) -> None:
    again = open_named("embedded").render(case[0], values_of(case), release=case[0], namespace="kubeedge")
    assert [document.text for document in again] == [document.text for document in rendered(case)]


@pytest.mark.parametrize("engine", BINARIES)
@pytest.mark.parametrize("case", POSSIBLE, ids=POSSIBLE_IDS)
def test_all_engines_render_the_same(case: Case, engine: str) -> None:
    ours = [document.text for document in rendered(case)]
    theirs = [document.text for document in rendered(case, engine)]
    assert theirs == ours


@cache
def _faults(found: str) -> list[str]:
    """Validate an object against every Kubernetes; many cases share objects, so once each."""
    return [
        fault for version in kubernetes.VERSIONS for fault in kubernetes.faults(json.loads(found), version)
    ]


def unread(config: RenderedConfig, case: Case) -> Iterator[str]:
    """Yield what the program of the case's release would not read as meant."""
    program, minor = (EDGEMESH, case[3]) if config.component.startswith("edgemesh") else (KUBEEDGE, case[2])
    release = Release.parse(program, minor)
    for path, what, *_ in check(
        config.data, config_fields(config.component, release), config.component, release
    ):
        yield f"{config.name} {path}: {what}"


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
