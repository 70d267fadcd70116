"""The custom resource definitions that the cloudcore chart brings."""

from __future__ import annotations

from typing import Any

import pytest

from generator.upstream import KUBEEDGE, Release, custom_resources
from generator.upstream.releases import minors
from tests.charts.conftest import Render


def definitions(objects: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the definitions by name."""
    return {o["metadata"]["name"]: o for o in objects if o["kind"] == "CustomResourceDefinition"}


@pytest.mark.parametrize("minor", minors(KUBEEDGE))
def test_definitions_are_those_of_the_release(render: Render, minor: str) -> None:
    release = Release.parse(KUBEEDGE, minor)
    expected = {name: row for name, rows in custom_resources().items() for row in rows if release.within(row)}
    found = definitions(render("cloudcore", {"kubeedgeVersion": minor}))
    assert set(found) == set(expected)
    for name, definition in found.items():
        spec, row = definition["spec"], expected[name]
        assert f"{spec['names']['plural']}.{spec['group']}" == name
        assert (spec["names"]["kind"], spec["scope"]) == (row["kind"], row["scope"])
        assert spec["names"].get("shortNames", []) == row["shortNames"]
        shown = [
            (v["name"], v["served"], v["storage"], "status" in v.get("subresources", {}))
            for v in spec["versions"]
        ]
        assert shown == [(v["name"], v["served"], v["storage"], v["status"]) for v in row["versions"]]
        assert sum(v["storage"] for v in spec["versions"]) == 1


def test_every_field_passes_the_schemas(render: Render) -> None:
    for definition in definitions(render("cloudcore")).values():
        for version in definition["spec"]["versions"]:
            schema = version["schema"]["openAPIV3Schema"]
            parts = (schema, *schema["properties"].values())
            assert all(p["type"] == "object" and p["x-kubernetes-preserve-unknown-fields"] for p in parts)


def test_definitions_outlive_the_release(render: Render) -> None:
    values = {"crds": {"annotations": {"example.com/owner": "edge"}}}
    for definition in definitions(render("cloudcore", values)).values():
        assert definition["metadata"]["annotations"] == {
            "helm.sh/resource-policy": "keep",
            "example.com/owner": "edge",
        }
    assert not definitions(render("cloudcore", {"crds": {"enable": False}}))
