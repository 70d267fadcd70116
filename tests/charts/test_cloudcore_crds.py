"""The CRDs that the cloudcore chart installs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from generator.components import KUBEEDGE
from generator.upstream import Release, custom_resources
from generator.upstream.releases import minors
from generator.upstream.schemas import schemas
from tests.charts.conftest import ROOT, Render

DOCS = (ROOT / "docs" / "values.md").read_text("utf-8")
KEEP = "x-kubernetes-preserve-unknown-fields"
PART = {"type": "object", KEEP: True}
# The schema for a release without known types.
OPEN = {**PART, "properties": {"spec": PART, "status": PART}}


def crds(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the CRDs by name."""
    return {o["metadata"]["name"]: o for o in objects if o["kind"] == "CustomResourceDefinition"}


@pytest.mark.parametrize("minor", minors(KUBEEDGE))
def test_the_chart_installs_the_crds_of_the_release(render: Render, minor: str) -> None:
    release = Release.parse(KUBEEDGE, minor)
    expected = {name: row for name, rows in custom_resources().items() for row in rows if release.within(row)}
    found = crds(render("cloudcore", {"kubeedgeVersion": minor}))
    assert set(found) == set(expected)
    for name, crd in found.items():
        spec, row = crd["spec"], expected[name]
        assert f"{spec['names']['plural']}.{spec['group']}" == name
        assert (spec["names"]["kind"], spec["scope"]) == (row["kind"], row["scope"])
        assert spec["names"].get("shortNames", []) == row["shortNames"]
        shown = [
            (v["name"], v["served"], v["storage"], "status" in v.get("subresources", {}))
            for v in spec["versions"]
        ]
        assert shown == [(v["name"], v["served"], v["storage"], v["status"]) for v in row["versions"]]
        assert sum(v["storage"] for v in spec["versions"]) == 1


@pytest.mark.parametrize("minor", minors(KUBEEDGE))
def test_the_crds_have_the_schemas_of_the_release(render: Render, minor: str) -> None:
    known = schemas(Release.parse(KUBEEDGE, minor))
    for name, crd in crds(render("cloudcore", {"kubeedgeVersion": minor})).items():
        for version in crd["spec"]["versions"]:
            schema = version["schema"]["openAPIV3Schema"]
            assert schema == known.get(name, {}).get(version["name"], OPEN)


def test_the_docs_name_the_releases_with_schemas() -> None:
    (listed,) = re.findall(r"^For KubeEdge ([\d., and]+) the CRDs have the schemas", DOCS, re.MULTILINE)
    found = [minor for minor in minors(KUBEEDGE) if schemas(Release.parse(KUBEEDGE, minor))]
    assert re.findall(r"[\d.]+", listed) == found


def test_two_versions_of_a_crd_keep_every_field(render: Render) -> None:
    seen = set()
    for name, crd in crds(render("cloudcore")).items():
        versions = crd["spec"]["versions"]
        closed = [at for v in versions for at in closed_objects(v["schema"]["openAPIV3Schema"], v["name"])]
        if len(versions) > 1:
            assert closed == []
            seen.add(name.split(".")[0])
        else:
            assert closed
    assert seen == {"devices", "devicemodels", "devicestatuses", "imageprepulljobs", "nodeupgradejobs"}


def closed_objects(schema: dict[str, Any], at: str) -> Iterator[str]:
    """Yield each object that loses the fields its schema does not name."""
    if schema.get("type") == "object" and "additionalProperties" not in schema and not schema.get(KEEP):
        yield at
    for name, part in schema.get("properties", {}).items():
        yield from closed_objects(part, f"{at}.{name}")
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from closed_objects(schema[word], f"{at}[]")


def test_crds_stay_after_helm_uninstall(render: Render) -> None:
    values = {"crds": {"annotations": {"example.com/owner": "edge"}}}
    for crd in crds(render("cloudcore", values)).values():
        assert crd["metadata"]["annotations"] == {
            "helm.sh/resource-policy": "keep",
            "example.com/owner": "edge",
        }
    assert not crds(render("cloudcore", {"crds": {"enable": False}}))
