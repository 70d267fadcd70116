"""A config against the field table: every way in which a program would not read it as meant."""

from __future__ import annotations

from typing import Any

import pytest

from generator.upstream import Field, Release, config_fields, program_of
from generator.upstream.check import check, nearest
from generator.upstream.releases import minors

TREE = Field(
    "object",
    fields={
        "text": Field("string"),
        "mode": Field("string", enum=("internal", "external")),
        "count": Field("integer", bounds=(0, 255)),
        "big": Field("integer"),
        "part": Field("number"),
        "on": Field("boolean"),
        "wait": Field("duration"),
        "either": Field("duration", also=("integer",)),
        "list": Field("array", items=Field("object", fields={"name": Field("string")})),
        "loose": Field("array"),
        "map": Field("object", values=Field("integer")),
        "free": Field("object"),
    },
)
RELEASE = Release("KubeEdge", "1.23", "v1.23.1")


def problems(value: Any) -> list[tuple[str, str, str]]:
    found = check(value, TREE, "cloudcore", RELEASE)
    return [(".".join(map(str, path)), what, fix) for path, what, fix in found]


QUOTE = "put it in quotes, or use --set-string"


@pytest.mark.parametrize(
    ("value", "path", "what", "fix"),
    [
        ({"text": None}, "text", "null crashes the program", "remove the key"),
        ({"list": [None]}, "list.0", "null crashes the program", "remove the key"),
        ({"text": 5}, "text", "must be a string, got an integer", QUOTE),
        ({"text": 1.5}, "text", "must be a string, got a number", QUOTE),
        ({"text": True}, "text", "must be a string, got true", QUOTE),
        ({"text": ["a"]}, "text", "must be a string, got a list", ""),
        ({"text": {}}, "text", "must be a string, got a map", ""),
        ({"mode": "intern"}, "mode", "must be one of internal, external", "did you mean internal?"),
        ({"mode": 5}, "mode", "must be one of internal, external", ""),
        ({"count": "5"}, "count", "must be an integer, got a string", ""),
        ({"count": True}, "count", "must be an integer, got true", ""),
        ({"count": 1.5}, "count", "must be an integer, got a number", ""),
        ({"count": -1}, "count", "must lie between 0 and 255 (got -1)", ""),
        ({"count": 256}, "count", "must lie between 0 and 255 (got 256)", ""),
        ({"part": "1"}, "part", "must be a number, got a string", ""),
        ({"on": "true"}, "on", "must be true or false, got a string", ""),
        ({"on": 1}, "on", "must be true or false, got an integer", ""),
        ({"wait": "10"}, "wait", "must be a duration such as 10s, got 10", ""),
        ({"wait": ""}, "wait", "must be a duration such as 10s, got ", ""),
        ({"wait": 10}, "wait", "must be a duration such as 10s, got an integer", ""),
        ({"either": True}, "either", "must be a duration such as 10s or an integer, got true", ""),
        ({"list": {}}, "list", "must be a list, got a map", ""),
        ({"list": ["a"]}, "list.0", "must be a map, got a string", ""),
        ({"list": [{}, {"name": 5}]}, "list.1.name", "must be a string, got an integer", QUOTE),
        ({"map": {"a": "x"}}, "map.a", "must be an integer, got a string", ""),
        ({"map": []}, "map", "must be a map, got a list", ""),
        ({"txt": "x"}, "txt", "not a field of cloudcore.yaml in KubeEdge 1.23", "did you mean text?"),
        ({"zzzzz": "x"}, "zzzzz", "not a field of cloudcore.yaml in KubeEdge 1.23", ""),
    ],
    ids=str,
)
def test_refused(value: Any, path: str, what: str, fix: str) -> None:
    assert problems(value) == [(path, what, fix)]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"text": "", "mode": "internal", "count": 255, "big": 2**62, "part": 1, "on": False},
        {"part": 0.5, "list": [], "loose": [1, "a", {}], "map": {}, "free": {}},
        *({"wait": wait} for wait in ("0", "10s", "1h30m", "-1.5h", "100ms", "5µs", "1.s")),
        {"either": "10s"},
        {"either": 10},
        {"list": [{"name": "a"}, {}]},
        {"map": {"a": 1, "b": 2}},
    ],
    ids=str,
)
def test_taken(value: Any) -> None:
    assert problems(value) == []


def test_every_problem_is_told() -> None:
    assert [path for path, *_ in problems({"text": 5, "on": 1, "list": [{"name": 1}, {"nam": "x"}]})] == [
        "text",
        "on",
        "list.0.name",
        "list.1.nam",
    ]


@pytest.mark.parametrize(
    ("name", "known", "says"),
    [
        ("websocet", ["websocket", "quic"], "did you mean websocket?"),
        ("WEBSOCKET", ["websocket", "quic"], "did you mean websocket?"),
        ("x", ["websocket", "quic"], ""),
        ("x", [], ""),
    ],
)
def test_the_nearest_spelling(name: str, known: list[str], says: str) -> None:
    assert nearest(name, known) == says


@pytest.mark.parametrize("component", ["cloudcore", "edgecore"])
def test_gates_are_named_for_every_release(component: str) -> None:
    for minor in minors(program_of(component)):
        release = Release.parse(program_of(component), minor)
        tree = config_fields(component, release)
        ((path, what, fix),) = check({"featureGates": {"nothing": True}}, tree, component, release)
        if "featureGates" in tree.fields:
            assert path == ("featureGates", "nothing")
            assert what == f"unknown feature gate, {component} exits on it"
            assert fix == f"{release} knows {', '.join(tree.fields['featureGates'].fields)}"
        else:
            assert (path, what) == (("featureGates",), f"not read by {release}")
            assert fix == "KubeEdge reads it from 1.9 on"
