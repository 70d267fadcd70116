"""Configs checked against the field table: every way in which a program misreads a config."""

from __future__ import annotations

from typing import Any

import pytest

from generator.components import COMPONENTS, project_of
from generator.upstream import Field, Release, config_fields
from generator.upstream.check import check, nearest_name
from generator.upstream.releases import minors

TREE = Field(
    "object",
    fields={
        "text": Field("string"),
        "token": Field("string"),
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
        "section": Field("object", pointer=True, default_state="set"),
        "unset": Field("object", pointer=True, default_state="nil"),
        "struct": Field("object", default_state="set"),
        "names": Field("array", default=[""], items=Field("string")),
        "sections": Field("array", items=Field("object", pointer=True, default_state="item")),
    },
)
RELEASE = Release("KubeEdge", "1.23", "v1.23.1")


def problems(value: Any) -> list[tuple[str, str, str]]:
    found = check(value, TREE, "cloudcore", RELEASE)
    return [(".".join(map(str, path)), message.what, message.fix) for path, message in found]


INTERNAL = "did you mean internal?"
COMMA = "write , instead of the character ， (fullwidth comma)"
VALUE = ", or give it a value"
QUOTE = "put it in quotes, or use --set-string"


@pytest.mark.parametrize(
    ("value", "path", "what", "fix"),
    [
        (
            {"section": None},
            "section",
            "the program crashes on an empty section",
            f"remove the key{VALUE}",
        ),
        (
            {"sections": [None]},
            "sections.0",
            "the program crashes on an empty list item",
            f"remove the item{VALUE}",
        ),
        ({"list": [None]}, "list.0", "an empty list item is read as an empty value", "remove the item"),
        ({"names": ["", None]}, "names.1", "an empty list item is read as an empty value", "remove the item"),
        ({"text": 5}, "text", "must be a string (got 5)", QUOTE),
        ({"text": 1.5}, "text", "must be a string (got 1.5)", QUOTE),
        ({"text": True}, "text", "must be a string (got true)", QUOTE),
        ({"text": ["a"]}, "text", "must be a string (got a list)", ""),
        ({"text": {}}, "text", "must be a string (got a map)", ""),
        (
            {"mode": "intern"},
            "mode",
            'must be one of internal, external (got "intern")',
            INTERNAL,
        ),
        ({"mode": 5}, "mode", "must be one of internal, external (got 5)", ""),
        ({"count": "5"}, "count", 'must be an integer (got "5")', ""),
        ({"count": True}, "count", "must be an integer (got true)", ""),
        ({"count": 1.5}, "count", "must be an integer (got 1.5)", ""),
        ({"count": -1}, "count", "must be between 0 and 255 (got -1)", ""),
        ({"count": 256}, "count", "must be between 0 and 255 (got 256)", ""),
        ({"part": "1"}, "part", 'must be a number (got "1")', ""),
        ({"on": "true"}, "on", 'must be true or false (got "true")', ""),
        ({"on": 1}, "on", "must be true or false (got 1)", ""),
        ({"wait": "10"}, "wait", 'must be a duration such as 10s (got "10")', ""),
        ({"wait": ""}, "wait", 'must be a duration such as 10s (got "")', ""),
        ({"wait": 10}, "wait", "must be a duration such as 10s (got 10)", ""),
        ({"either": True}, "either", "must be a duration such as 10s or an integer (got true)", ""),
        ({"list": {}}, "list", "must be a list (got a map)", ""),
        ({"list": ["a"]}, "list.0", 'must be a map (got "a")', ""),
        ({"list": [{}, {"name": 5}]}, "list.1.name", "must be a string (got 5)", QUOTE),
        ({"map": {"a": "x"}}, "map.a", 'must be an integer (got "x")', ""),
        ({"map": []}, "map", "must be a map (got a list)", ""),
        ({"list": [{"name": ["secret"]}]}, "list.0.name", "must be a string (got a list)", ""),
        ({"token": 12345}, "token", "must be a string (got an integer)", QUOTE),
        ({"count": "a" * 41}, "count", "must be an integer (got a string)", ""),
        ({"count": "a\nb"}, "count", "must be an integer (got a string)", ""),
        ({"count": "５"}, "count", 'must be an integer (got "５")', ""),
        (
            {"count": "1，0"},
            "count",
            'must be an integer (got "1，0")',
            COMMA,
        ),
        ({"txt": "x"}, "txt", "not a field of cloudcore.yaml in KubeEdge 1.23", "did you mean text?"),
        ({"zzzzz": "x"}, "zzzzz", "not a field of cloudcore.yaml in KubeEdge 1.23", ""),
    ],
    ids=str,
)
def test_wrong_values(value: Any, path: str, what: str, fix: str) -> None:
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
        # encoding/json does not change a field if the file has null.
        *({name: None} for name in ("text", "mode", "count", "part", "on", "wait", "either")),
        *({name: None} for name in ("list", "loose", "map", "free", "unset", "struct")),
        {"map": {"a": None}},
        {"names": [None]},
    ],
    ids=str,
)
def test_accepted_values(value: Any) -> None:
    assert problems(value) == []


def test_every_problem_is_reported() -> None:
    assert [path for path, *_ in problems({"text": 5, "on": 1, "list": [{"name": 1}, {"nam": "x"}]})] == [
        "text",
        "on",
        "list.0.name",
        "list.1.nam",
    ]


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("websocet", ["websocket", "quic"], "websocket"),
        ("WEBSOCKET", ["websocket", "quic"], "websocket"),
        ("x", ["websocket", "quic"], ""),
        ("x", [], ""),
    ],
)
def test_the_nearest_spelling(name: str, known: list[str], near: str) -> None:
    assert nearest_name(name, known) == near


@pytest.mark.parametrize("component", ["cloudcore", "edgecore"])
def test_gates_are_named_for_every_release(component: str) -> None:
    for minor in minors(project_of(component)):
        release = Release.parse(project_of(component), minor)
        tree = config_fields(component, release)
        ((path, message),) = check({"featureGates": {"nothing": True}}, tree, component, release)
        if "featureGates" in tree.fields:
            assert path == ("featureGates", "nothing")
            assert message.what == f"unknown feature gate; {component} exits at start-up"
            assert message.fix == f"{release} has {', '.join(tree.fields['featureGates'].fields)}"
        else:
            assert (path, message.what) == (("featureGates",), f"not read by {release}")
            assert message.fix == "read by KubeEdge 1.9 and newer only"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"section": None}, "null-section"),
        ({"sections": [None]}, "null-section"),
        ({"list": [None]}, "null-item"),
        ({"txt": "x"}, "unknown-key"),
        ({"mode": "intern"}, "not-one-of"),
        ({"on": "true"}, "wrong-type"),
        ({"count": 256}, "out-of-range"),
    ],
    ids=str,
)
def test_every_kind_of_problem_has_a_code(value: Any, code: str) -> None:
    assert [wrong.code for wrong in check(value, TREE, "cloudcore", RELEASE)] == [code]


def test_codes_of_keys_that_other_releases_read() -> None:
    config = {"modules": {"nodeUpgradeJobController": {}}, "featureGates": {"nothing": True}}
    found = check(config, config_fields("cloudcore", RELEASE), "cloudcore", RELEASE)
    assert [wrong.code for wrong in found] == ["key-of-other-release", "unknown-gate"]


# --- null, in every field of every release ---------------------------------------------------

SECTIONS_THAT_MAY_BE_NULL = {
    # The default is nil, and the program checks for nil.
    "modules.edged.tailoredKubeletConfig.authentication",
    "modules.edged.tailoredKubeletConfig.authorization",
    "commonConfig.pprofConfig",
    "pprofConfig",
    "modules.edgeCNI.meshCIDRConfig",
    "modules.edgeDNS.KubeAPIConfig",
    "modules.edgeDNS.kubeAPIConfig",
    # nil means the default.
    "modules.iptablesManager",
}


def nested(path: str) -> dict[str, Any]:
    *parents, last = path.split(".")
    value: dict[str, Any] = {last: None}
    for part in reversed(parents):
        value = {part: value}
    return value


@pytest.mark.parametrize("component", COMPONENTS)
def test_null_crashes_in_a_section_and_nowhere_else(component: str) -> None:
    program = project_of(component)
    for minor in minors(program):
        release = Release.parse(program, minor)
        tree = config_fields(component, release)
        for path, field in tree.walk():
            if "[]" in path or ".*" in path:
                continue
            codes = [wrong.code for wrong in check(nested(path), tree, component, release)]
            section = field.pointer and field.type == "object" and field.default_state == "set"
            expected = ["null-section"] if section and path not in SECTIONS_THAT_MAY_BE_NULL else []
            assert codes == expected, (minor, path)
            assert not expected or field.fields, (minor, path)
