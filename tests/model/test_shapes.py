"""The odd value types of the upstream charts: each renders like the plain value, also with plain Helm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from generator import paths, tables
from generator.components import CHARTS
from generator.helm import open_engine
from generator.load import load_site
from generator.load.site import normalised
from generator.render.site import render_site
from tests.model.places import CHARTS as CHART_OF

pytestmark = pytest.mark.long

PAIRS: dict[str, list[tuple[Any, Any]]] = {
    "boolean": [("true", True), ("false", False)],
    "integer": [("7", 7), ("0", 0)],
    "compact": [([""], []), (["", "192.0.2.1", ""], ["192.0.2.1"])],
    "list": [({}, [])],
    "unquote": [('""', "")],
}
# Other values that the key needs to be valid.
NEEDS = {
    "cloudCore.modules.cloudStream.enable": {"cloudCore": {"streamCertificate": {"existingSecret": "s"}}},
    "cloudCore.modules.cloudHub.websocket.enable": {},
}
# Not changed: not the unusual type of that key.
OTHERS: dict[str, list[Any]] = {
    "boolean": ["True", "yes", 1, None, [], True],
    "integer": ["", "x", "-1", "1.5", "012", "٣", "1" * 16, 5, True],
    "compact": ["", "x", {}, ["x"]],
    "list": [{"a": 1}, [], "", ["x"]],
    "unquote": ["", '"', "x", 5],
}


def cases() -> Iterator[tuple[str, Any, Any]]:
    for shape, keys in tables.load("shapes.yaml").items():
        for key in keys:
            for odd, plain in PAIRS[shape]:
                yield key, odd, plain


def site_values(key: str, value: Any) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(json.dumps(NEEDS.get(key, {})))
    paths.put(values, key, value)
    return values


@pytest.mark.parametrize(("key", "odd", "plain"), list(cases()), ids=lambda value: str(value) or "(empty)")
def test_an_odd_value_renders_like_the_plain_one(key: str, odd: Any, plain: Any) -> None:
    chart = CHART_OF.get(key.split(".")[0], "cloudcore")
    found = []
    for value in (odd, plain):
        values = site_values(key, value)
        site = load_site(set_json=[json.dumps(values)], charts=[chart])
        assert paths.first(site.values, key) == plain
        by_helm = open_engine("embedded").render(chart, values, release=chart, namespace="kubeedge")
        assert render_site(site).documents == tuple(by_helm)
        found.append([document.text for document in by_helm])
    assert found[0] == found[1]


@pytest.mark.parametrize("shape", OTHERS)
def test_other_values_do_not_change(shape: str) -> None:
    for key in tables.load("shapes.yaml")[shape]:
        for value in OTHERS[shape]:
            values = site_values(key, value)
            assert normalised(values) == values
            assert normalised({}) == {}


def test_every_shape_and_chart_has_a_case() -> None:
    assert set(tables.load("shapes.yaml")) == set(PAIRS) == set(OTHERS)
    assert {CHART_OF.get(key.split(".")[0], "cloudcore") for key, _, _ in cases()} <= set(CHARTS)


def test_the_values_of_the_user_are_not_changed() -> None:
    site = load_site(set_string=["cloudCore.modules.cloudHub.nodeLimit=7"])
    assert site.user == {"cloudCore": {"modules": {"cloudHub": {"nodeLimit": "7"}}}}
    assert site.values["cloudCore"]["modules"]["cloudHub"]["nodeLimit"] == 7
