"""The grammar of --set and similar flags, compared with Helm's parser; lists in files, with the binary."""

from __future__ import annotations

import copy
import json
import subprocess
from collections.abc import Callable
from typing import Any

import helm_python
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator import go_yaml, paths
from generator.load import setflags
from tests.levels import program

HELM: dict[str, Callable[[str], dict[str, Any]]] = {
    "set": helm_python.parse_set_string,
    "set-string": helm_python.parse_set_string_values,
    "set-json": helm_python.parse_set_json,
}
# We reject what Helm ignores silently.
STRICTER = (
    "set-empty-key",
    "set-no-value",
    "set-index",
    "set-json",
    "too-deep",
)


def files(name: str) -> str:
    return f"<{name}>"


def apply(expression: str, kind: str = "set", values: dict[str, Any] | None = None) -> dict[str, Any]:
    """Apply one flag onto a copy of values with the parser under test."""
    copied = copy.deepcopy(values or {})
    setflags.apply(copied, expression, kind, files)
    return copied


def rejection(expression: str, kind: str) -> str | None:
    """Return the code of the error that the parser under test raises for a flag, None if it accepts it."""
    try:
        apply(expression, kind)
    except setflags.SetFlagError as error:
        return error.message.code
    return None


def helm_value(expression: str, kind: str) -> dict[str, Any] | None:
    """Return the values that Helm reads from a flag, None if Helm rejects it."""
    try:
        return HELM[kind](expression)
    except helm_python.HelmError:
        return None


def loses_an_empty_value(expression: str) -> bool:
    """Return whether Helm drops the value: an empty one at the end of a flag, inside a list item."""
    last = expression.rsplit(",", 1)[-1]
    return last.endswith("=") and "[" in last and "." in last


def check_against_helm(kind: str, expression: str) -> None:
    expected, rejected = helm_value(expression, kind), rejection(expression, kind)
    if expected is None:
        assert rejected is not None
    elif rejected is not None:
        assert rejected in STRICTER
    elif not loses_an_empty_value(expression):
        assert apply(expression, kind) == expected


KEYS = st.one_of(
    st.text("ab\\.", min_size=1, max_size=3), st.sampled_from(["a", "b", "a.b", "a[0]", "a[1].b"])
)
PLAIN = st.one_of(
    st.text("ab01,=.[]{}\\ -+", max_size=6),
    st.sampled_from(
        ["null", "NULL", "true", "False", "0", "-0", "007", "+5", "-12", "1.5", "1e3", "9223372036854775808"]
    ),
    st.sampled_from(["{}", "{a}", "{a,}", "{,}", "{1,true,null}", "{a\\,b}", "{a", "\\{a}", "é€😀"]),
)
ASSIGNMENTS = st.builds("{}={}".format, KEYS, PLAIN)
EXPRESSIONS = st.one_of(
    st.lists(ASSIGNMENTS, min_size=1, max_size=3).map(",".join), st.text("ab,=.[]{}01\\", max_size=10)
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e9, 1e9)
    | st.text("ab,=\n\u00e9", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text("ab.", max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
).map(json.dumps)
JSON_FLAGS = st.one_of(
    st.lists(st.builds("{}={}".format, KEYS, JSON), min_size=1, max_size=3).map(", ".join),
    st.builds("{}={}".format, KEYS, st.text('ab01,"[]{}:.e+ ', max_size=8)),
)


@given(st.sampled_from(["set", "set-string"]), EXPRESSIONS)
@settings(max_examples=400)
@example("set", "a=b\\")
@example("set", "a[1]=x,a[0].b={y,z}c=1")
def test_flags_are_read_as_helm_reads_them(kind: str, expression: str) -> None:
    check_against_helm(kind, expression)


@given(JSON_FLAGS)
@settings(max_examples=300)
@example("a=")
@example("a=,b=1")
@example("a=NaN")
@example("a=-Infinity")
@example("a=1e400")
@example('a="\\ud800"')
def test_json_is_read_as_helm_reads_it(expression: str) -> None:
    check_against_helm("set-json", expression)


def test_json_of_a_whole_map_merges() -> None:
    values = {"a": {"b": 1, "c": [1]}, "d": 1}
    assert apply(' {"a": {"c": [2], "e": null}, "d": {"f": 1}} ', "set-json", values) == {
        "a": {"b": 1, "c": [2], "e": None},
        "d": {"f": 1},
    }


# --- flags that change existing values -----------------------------------------------------

BASE: dict[str, Any] = {
    "text": "x",
    "empty": {},
    "map": {"a": 1, "list": [1, 2]},
    "list": ["a", {"b": 1, "c": [1]}, [1, 2]],
    "a.b": 1,
}
ONTO = [
    "map.a=2",
    "map.b=2,map.c.d=3",
    "map=2",
    "map.list[1]=x",
    "map.list={x}",
    "list[0]=null",
    "list[1].b=2,list[1].c[1]=x",
    "list[1].d.e=1",
    "list[2][0]=x",
    "list[4]=x",
    "list[0].x=1",
    "a\\.b=2",
    "empty.a=1",
    "new.a[1].b=1",
    "text=",
    "map.a=null",
]
AGAINST = ["text.a=1", "text[0]=1", "map[0]=1", "list.a=1", "list[0][0]=1", "list[1][0]=1", "a\\.b.c=1"]


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any] | None]:
    """Return the values that the helm binary reads from BASE and flags, None if it rejects them."""
    folder = tmp_path_factory.mktemp("echo")
    (folder / "templates").mkdir()
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: echo\nversion: 0.1.0\n")
    (folder / "templates" / "out.yaml").write_text("out: {{ toJson .Values | quote }}\n")
    (folder / "base.yaml").write_text(go_yaml.dump(BASE))

    def run(binary: str, *flags: str) -> dict[str, Any] | None:
        base = str(folder / "base.yaml")
        command = [program(binary), "template", "x", str(folder), "--values", base, *flags]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            assert "failed parsing" in done.stderr
            return None
        loaded: dict[str, Any] = json.loads(go_yaml.load(done.stdout)["out"])
        return loaded

    return run


@pytest.mark.parametrize("binary", ["helm-3.10", "helm-4.3"])
@pytest.mark.parametrize("expression", ONTO)
def test_flags_change_the_values_of_a_file(helm: Any, binary: str, expression: str) -> None:
    assert apply(expression, values=BASE) == helm(binary, "--set", expression)


@pytest.mark.parametrize("binary", ["helm-3.10", "helm-4.3"])
@pytest.mark.parametrize("expression", AGAINST)
def test_flags_that_do_not_fit_the_file_are_rejected(helm: Any, binary: str, expression: str) -> None:
    assert helm(binary, "--set", expression) is None
    with pytest.raises(setflags.SetFlagError) as caught:
        apply(expression, values=BASE)
    assert caught.value.message.code in ("set-not-a-map", "set-not-a-list")


WORDS = st.sampled_from(["x", "1", "null", "true", "{a,1}", "a\\,b"])
PLACES = st.sampled_from(
    [
        "text",
        "map.a",
        "map.list[0]",
        "map.list[3]",
        "list[0]",
        "list[1].b",
        "list[1].c[2]",
        "list[2][1]",
        "n.m[0].o",
    ]
)


@given(st.lists(st.builds("{}={}".format, PLACES, WORDS), min_size=1, max_size=4))
@settings(max_examples=25)
def test_several_flags_onto_values_of_a_file(helm: Any, assignments: list[str]) -> None:
    values = copy.deepcopy(BASE)
    for assignment in assignments:
        values = apply(assignment, values=values)
    assert values == helm("helm-4.3", *(f"--set={assignment}" for assignment in assignments))


# --- rejected flags -------------------------------------------------------------------------

REJECTED = [
    ("set", "a", "a", "has no value", "write KEY=VALUE"),
    ("set", "a=1,b", "a", "the text after the comma is not KEY=VALUE", "write a comma inside a value as \\,"),
    (
        "set",
        "a=1,b,c=1",
        "a",
        "the text after the comma is not KEY=VALUE",
        "write a comma inside a value as \\,",
    ),
    ("set", "a.b,c=1", "a.b", "has no value", "write KEY=VALUE"),
    ("set", "a=1,,b=2", "", "a part of the key is empty", "write KEY=VALUE, with names between the dots"),
    ("set", "=1", "", "a part of the key is empty", "write KEY=VALUE, with names between the dots"),
    ("set", "a.", "a", "a part of the key is empty", "write KEY=VALUE, with names between the dots"),
    ("set", "a..b=1", "a", "a part of the key is empty", "write KEY=VALUE, with names between the dots"),
    ("set", "a.b[x].c=1", "a.b", "the text in [ ] is not an index", "write a number from 0 to 65536"),
    ("set", "a[-1]=1", "a", "the text in [ ] is not an index", "write a number from 0 to 65536"),
    ("set", "a[²]=1", "a", "the text in [ ] is not an index", "write a number from 0 to 65536"),
    ("set", "a[1=1", "a", "the index has no closing ]", "write KEY[0]=VALUE"),
    ("set", "a[65537]=1", "a", "the index 65537 is larger than 65536", ""),
    ("set", "a[0]", "a[0]", "has no value", "write KEY=VALUE"),
    ("set", "a[0]b=1", "a[0]", "unexpected text after the index", ""),
    ("set", "a={1,2", "a", "the list has no closing }", "write KEY={a,b}"),
    ("set", ".".join(["a"] * 32) + "=1", "a", "nested too deeply", ""),
    ("set", "a" + "[0]" * 200 + "=1", "a", "nested too deeply", ""),
    ("set", "a=1,a.b=2", "a", "is not a map; no key inside it can be set", ""),
    ("set", "a=1,a[0]=2", "a", "is not a list; no item of it can be set", ""),
    ("set", "a=\udcff", "", "is not UTF-8", "use a UTF-8 terminal"),
    ("set-string", "a", "a", "has no value", "write KEY=VALUE"),
    ("set-file", "a=", "a", "names no file", "write KEY=FILE"),
    ("set-json", "a=" + "9" * 5000, "a", "not JSON: a number is too large", ""),
    ("set-json", "a=tru", "a", "not JSON: Expecting value: line 1 column 3 (char 2)", ""),
    ("set-json", "a=1 2", "a", "unexpected text after the JSON value", ""),
    ("set-json", "a=NaN", "a", "not JSON: NaN is not a value", ""),
    ("set-json", "a=1e999", "a", "not JSON: a number is too large", ""),
    ("set-json", 'a.b="\\udc00"', "a.b", "not JSON: half of a surrogate pair", ""),
    ("set-json", "a=" + "[" * 100_000, "a", "nested too deeply", ""),
    ("set-json", "a=" + "[" * 150 + "]" * 150, "a", "nested too deeply", ""),
    ("set-json", '{"a": 1', "", "not JSON: Expecting ',' delimiter: line 1 column 8 (char 7)", ""),
    ("set-json", '{"a": 1} x', "", "unexpected text after the JSON value", ""),
]


@pytest.mark.parametrize(
    ("kind", "expression", "key", "what", "fix"),
    REJECTED,
    ids=[f"{row[0]} {ascii(row[1])[1:30]}" for row in REJECTED],
)
def test_invalid_flags_are_rejected(kind: str, expression: str, key: str, what: str, fix: str) -> None:
    with pytest.raises(setflags.SetFlagError) as caught:
        apply(expression, kind)
    message = caught.value.message
    assert (paths.text(caught.value.path), message.what, message.fix) == (key, what, fix)


@pytest.mark.parametrize(
    ("kind", "expression", "values"),
    [
        ("set", "", {}),
        ("set", "a=1,", {"a": 1}),
        ("set", "a= 1", {"a": " 1"}),
        ("set", "a=x=y", {"a": "x=y"}),
        ("set", "a=[]", {"a": "[]"}),
        ("set", "a={}", {"a": [""]}),
        ("set", "a=" + "9" * 5000, {"a": "9" * 5000}),
        ("set", "a=-" + "0" * 5000 + "7", {"a": -7}),
        ("set-json", "a=" + "9" * 30, {"a": 1e30}),
        ("set", "a\\.b\\[0\\]=1", {"a.b[0]": 1}),
        ("set", 'nodeSelector."k8s\\.io/x"=y', {"nodeSelector": {'"k8s.io/x"': "y"}}),
        ("set-string", "a=null,b=1,c={1,x}", {"a": "null", "b": "1", "c": ["1", "x"]}),
        ("set-file", "a=b.txt,c.d[0]=e\\,f", {"a": "<b.txt>", "c": {"d": ["<e,f>"]}}),
        ("set-file", "a={b,c}", {"a": ["<b>", "<c>"]}),
        ("set-json", 'a=[1, {"b": null}],c="x,y"', {"a": [1, {"b": None}], "c": "x,y"}),
        ("set-json", "a=,b= ", {"a": None, "b": None}),
    ],
)
def test_unusual_flags_are_accepted(kind: str, expression: str, values: dict[str, Any]) -> None:
    assert apply(expression, kind) == values


def test_assigned_paths_are_returned() -> None:
    values: dict[str, Any] = {"a": {"b": {"c": 1}}}
    assert setflags.apply(values, "a.b.c=1,a.d[1].e=2,f={x}", "set", files) == [
        ("a", "b", "c"),
        ("a", "d", 1, "e"),
        ("f",),
    ]
    assert setflags.apply(values, '{"a": {"b": {"c": 2}}, "g": {"h": 1}}', "set-json", files) == [
        ("a", "b", "c"),
        ("g",),
    ]
