"""The API server accepts every object of every profile and release: strictly, and without a warning."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import yaml

from generator.components import KUBEEDGE
from generator.helm import open_engine
from generator.upstream.releases import minors
from tests.charts.conftest import ROOT
from tests.charts.test_matrix import possible
from tests.cluster.api import Api, Object
from tests.cluster.leftovers import Leftovers
from tests.cluster.sites import CHARTS, PROFILES, site

# Their CRDs come from other projects; tests/charts checks these objects.
FOREIGN = ("cert-manager.io/v1", "monitoring.coreos.com/v1")


def rendered(chart: str, values: dict[str, Any]) -> list[Object]:
    """Render a chart."""
    documents = open_engine("embedded").render(chart, values, release=chart, namespace="kubeedge")
    return [document.data for document in documents]


def faults(api: Api, found: Object) -> Iterator[str]:
    """Yield the errors and warnings of the API server about an object."""
    if found["apiVersion"] in FOREIGN:
        return
    answer = api.dry_run(found)
    where = f"{found['kind']}/{found['metadata']['name']}"
    if not answer.ok:
        yield f"{where}: {answer.data['message']}"
    yield from (f"{where}: {warning}" for warning in answer.warnings)


def site_of(profile: str, minor: str) -> dict[str, Any]:
    """Return a site of a release, without the features that the release lacks."""
    number = int(minor.split(".")[1])
    parts = {"controllerManager": {"enable": number >= 11}}
    return site(profile, kubeedgeVersion=minor, **parts)


def _without_releases(found: Object) -> str:
    """Return the text of an object without the releases in labels and images."""
    return re.sub(r"v?1\.\d+(\.\d+)?", "", json.dumps(found, sort_keys=True))


@pytest.mark.usefixtures("leftovers")
@pytest.mark.parametrize("profile", PROFILES)
def test_objects_of_every_release_are_accepted(api: Api, profile: str) -> None:
    different: dict[str, Object] = {}
    for minor in minors(KUBEEDGE):
        if possible((profile, minor, "")):
            values = site_of(profile, minor)
            for chart in CHARTS:
                different |= {_without_releases(one): one for one in rendered(chart, values)}
    assert len(different) > 50
    assert [fault for one in different.values() for fault in faults(api, one)] == []


@pytest.mark.usefixtures("leftovers")
@pytest.mark.parametrize("chart", CHARTS)
def test_objects_with_every_option_are_accepted(api: Api, chart: str) -> None:
    values = yaml.safe_load((ROOT / f"charts/{chart}/ci/everything-values.yaml").read_text("utf-8"))
    assert [fault for one in rendered(chart, values) for fault in faults(api, one)] == []


def test_invalid_object_is_rejected(api: Api, leftovers: Leftovers) -> None:
    assert leftovers.now() == set()
    # Equal documents of two renderings are the same object.
    service = deepcopy(next(one for one in rendered("cloudcore", site()) if one["kind"] == "Service"))
    service["spec"]["prots"] = []
    (fault,) = faults(api, service)
    assert fault.endswith('strict decoding error: unknown field "spec.prots"')
    old = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "old", "namespace": "kubeedge"}}
    assert "deprecated" in next(faults(api, old))
