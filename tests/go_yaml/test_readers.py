"""YAML as Go reads it: scalars, keys, positions, rejected texts, and output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path as Path_
from typing import Any

import helm_python
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator import go_yaml
from generator.errors import UnreadableFile
from generator.go_yaml import libyaml
from generator.io import yaml_nodes, yaml_reader
from generator.io.yaml_document import YamlDocument
from generator.paths import Path

# The characters of numbers, booleans, nulls, dates, merge keys and comments in YAML.
SCALARS = st.text("0123456789_+-.exXoObBaAfFInNyYtT:~<=", min_size=1, max_size=8)
_WORDS = """
yes On n NO null ~ 1e3 0o17 017 08 0b11 0b-1 0x1F 1_000 .5_5 ._5 +.INF 2020-01-01 1:30 = << --- 1e400 -0 +1
0777777777777777777777777 0xfffffffffffffffff 18446744073709551615 18446744073709551616
"""
WORDS = st.sampled_from([*_WORDS.split(), "- a", "? a", "a: b", "a #b"])
LETTERS = "0123456789+-.exoyn:~<=#&*!|>'\"%@`{}[], \n\t\r\x85\u2028\ufeffé€😀\x07\x7f"
TEXTS = st.one_of(
    WORDS, st.text(LETTERS, max_size=12), st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
)
LONG_NUMBERS = (
    "9" * 5000,
    "0" * 5000,
    "-" + "1" * 5000,
    "0x" + "f" * 5000,
    "0o" + "7" * 5000,
    "1_" * 3000 + "1",
)
# Go turns every number into a float64 and writes whole ones without exponent up to 1e21.
FLOATS = st.floats(-(2**53), 2**53)
LEAVES = st.one_of(TEXTS, st.integers(-(2**53), 2**53), FLOATS, st.booleans(), st.none())
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def go(text: str) -> Any:
    """Read a text with Helm's own YAML."""
    return helm_python.values_from_yaml(text)


def read(text: str) -> Any:
    """Read a text with the reader under test."""
    return yaml_reader.read(text, "f.yaml").value


def outcome(reader: Callable[[str], Any], text: str) -> Any:
    """Return the value that a reader gives to a scalar, or that it rejects the scalar."""
    try:
        value = reader(text)["a"]
    except (UnreadableFile, helm_python.HelmError):
        return "refused"
    # Helm keeps every number as a float64.
    return float(value) if type(value) in (int, float) else (value, type(value))


@pytest.mark.parametrize("text", LONG_NUMBERS, ids=lambda text: text[:3])
def test_numbers_of_thousands_of_digits_are_read_as_in_go(text: str) -> None:
    assert outcome(read, f"a: {text}") == outcome(go, f"a: {text}")


@given(st.one_of(SCALARS, WORDS))
def test_plain_scalars_are_what_go_makes_of_them(text: str) -> None:
    assert outcome(read, f"a: {text}") == outcome(go, f"a: {text}")


@given(st.one_of(SCALARS, WORDS))
def test_both_readers_agree(text: str) -> None:
    if outcome(read, f"a: {text}") != "refused":
        assert go_yaml.load(f"a: {text}") == read(f"a: {text}")


@given(VALUES)
def test_what_is_written_means_the_same_to_every_reader(value: Any) -> None:
    text = go_yaml.dump({"value": value})
    for reader in (read, go_yaml.load, yaml.safe_load, go):
        assert reader(text) == {"value": value}


@pytest.mark.parametrize(
    "word", ["yes", "0123", "1e3", "0o17", "=", "<<", "1:30", "2020-01-01", "null", ".inf", "1_0"]
)
def test_words_that_some_reader_takes_for_something_else_are_quoted(word: str) -> None:
    assert go_yaml.dump({"a": word}) == f'a: "{word}"\n'


def test_multi_line_texts_are_written_as_blocks() -> None:
    assert go_yaml.dump({"a": "one\ntwo\n"}) == "a: |\n  one\n  two\n"


def test_writing_keeps_the_order_of_keys() -> None:
    assert go_yaml.dump({"b": 1, "a": [1, {"d": 1, "c": 2}]}) == "b: 1\na:\n- 1\n- d: 1\n  c: 2\n"


def test_shared_values_are_written_without_aliases() -> None:
    shared = ["x"]
    assert "&" not in go_yaml.dump({"a": shared, "b": shared})


# --- positions -----------------------------------------------------------------------------

TEXT = """\
# a comment
a: 1

b:
  c: x
  list:
  - one
  -
    d: |
      two
      lines
    e: 1
f: &f
  g: 1
h:
  <<: *f
  i: 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 2),
        (("b",), 4),
        (("b", "c"), 5),
        (("b", "list", 0), 7),
        (("b", "list", 1), 9),
        (("b", "list", 1, "d"), 9),
        (("b", "list", 1, "e"), 12),
        (("h", "i"), 17),
        (("h", "g"), 14),
        (("b", "list", 1, "unknown"), 9),
        (("unknown",), 1),
    ],
    ids=str,
)
def test_each_key_has_its_line(path: Path, line: int) -> None:
    assert yaml_reader.read(TEXT, "f.yaml").line(path) == line


# --- rejected texts -----------------------------------------------------------------------

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{below}'] * 10)}]\n"
    for below, name in zip("abcdef", "bcdefg", strict=True)
)

TAB = "not YAML: a tab cannot indent a line (indent with spaces) [tab-indentation]"
COLON = (
    "not YAML: the key has no colon (write : instead of the character ： (fullwidth colon)) "
    "[full-width-colon]"
)
MISSED = "not YAML: did not find expected ',' or ']'"
REJECTED = {
    "syntax": (
        "a: [1, 2\nb: 3\n",
        f"f.yaml:2: {MISSED}, while parsing a flow sequence that begins on line 1 [not-yaml]",
    ),
    "tab": ("a:\n\tb: 1\n", f"f.yaml:2: {TAB}"),
    "tab behind spaces": ("a:\n  b: 1\n  \tc: 2\n", f"f.yaml:3: {TAB}"),
    "tab in flow, and a comma missing": (
        '[\n\t"a"\n\t"b"\n]',
        f"f.yaml:3: {MISSED}, while parsing a flow sequence that begins on line 1 [not-yaml]",
    ),
    "full-width colon at the end": ("a:\n  b: 1\n  c： true\n", f"f.yaml:3: {COLON}"),
    "full-width colon between others": ("a:\n  b： true\n  c: 1\n", f"f.yaml:2: {COLON}"),
    "full-width colon of a section": ("a：\n\n  b:\n    c: 1\n", f"f.yaml:1: {COLON}"),
    "backtick": (
        "a: `b`\n",
        "f.yaml:1: not YAML: text cannot begin with ` (put it in quotes) [reserved-character]",
    ),
    "colon in a value": (
        "a: b: c\n",
        "f.yaml:1: not YAML: mapping values are not allowed in this context [not-yaml]",
    ),
    "unknown alias": ("a: *b\n", "f.yaml:1: not YAML: found undefined alias [not-yaml]"),
    "control character": (
        "a: \x00\n",
        "f.yaml: not YAML: unacceptable character #x0000: control characters are not allowed [not-yaml]",
    ),
    "template": ("a: {{ .Values.x }}\n", "f.yaml:1: a key must be text, not a list or a map [key-not-text]"),
    "duplicate key": (
        "a:\n  b: 1\n  c: 2\n  b: 3\n",
        "f.yaml:4: a.b is given twice (remove one) [duplicate-key]",
    ),
    "duplicate key in another spelling": (
        'a: 1\n"a": 2\n',
        "f.yaml:2: a is given twice (remove one) [duplicate-key]",
    ),
    "several documents": (
        "a: 1\n---\nb: 2\n",
        "f.yaml: has several YAML documents (write one document per values file) [several-documents]",
    ),
    "alias of itself": ("a: &a\n- *a\n", "f.yaml:1: an alias contains itself [alias-loop]"),
    "alias bomb": (
        BOMB,
        "f.yaml: its aliases expand to more than 200000 values (write the values out) [too-many-aliases]",
    ),
    "deep list": ("a: " + "[" * 100_000, "f.yaml: nested too deeply [too-deep]"),
    "deep map": ("{a: " * 100_000, "f.yaml: nested too deeply [too-deep]"),
    "deep by indentation": (
        "".join(f"{' ' * n}a:\n" for n in range(300)),
        "f.yaml: nested too deeply [too-deep]",
    ),
    "deep through aliases": (
        "a0: &a0 [x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}]\n" for n in range(300)),
        "f.yaml: nested too deeply [too-deep]",
    ),
    "boolean key": (
        "on: 1\n",
        "f.yaml:1: YAML does not read the key on as text (put it in quotes) [key-needs-quotes]",
    ),
    "null key": (
        "a: 1\n~: 1\n",
        "f.yaml:2: YAML does not read the key ~ as text (put it in quotes) [key-needs-quotes]",
    ),
    "empty key": (
        "a:\n  ? \n  : 1\n",
        "f.yaml:2: YAML does not read an empty key as text (put it in quotes) [key-needs-quotes]",
    ),
    "hexadecimal key": (
        "0x1f: 1\n",
        "f.yaml:1: YAML does not read the key 0x1f as text (put it in quotes) [key-needs-quotes]",
    ),
    "list as key": ("? [a]\n: 1\n", "f.yaml:1: a key must be text, not a list or a map [key-not-text]"),
    "merge of a number": ("a:\n  <<: 5\n", "f.yaml:2: << takes a map or a list of maps [bad-merge-key]"),
    "infinite": (
        "a: .inf\n",
        "f.yaml:1: the value cannot be .inf (put it in quotes if it is text) [not-finite]",
    ),
    "not a number": (
        "a:\n- .NaN\n",
        "f.yaml:2: the value cannot be .NaN (put it in quotes if it is text) [not-finite]",
    ),
    "tag": (
        "a: !!binary aGk=\n",
        "f.yaml:1: unsupported YAML tag !!binary (write the value without a tag) [unknown-tag]",
    ),
    "Python tag": (
        "a: !!python/object/apply:os.system [id]\n",
        (
            "f.yaml:1: unsupported YAML tag !!python/object/apply:os.system"
            " (write the value without a tag) [unknown-tag]"
        ),
    ),
    "tag of one's own": (
        "a: !vault x\n",
        "f.yaml:1: unsupported YAML tag !vault (write the value without a tag) [unknown-tag]",
    ),
}


@pytest.mark.parametrize(("text", "message"), REJECTED.values(), ids=REJECTED)
def test_invalid_yaml_is_rejected(text: str, message: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        yaml_reader.read(text, "f.yaml")
    assert str(caught.value) == f"{message}\n1 problem found."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# only a comment\n", None),
        ("---\na: 1\n---\n# nothing\n", {"a": 1}),
        ("a: 1\n...\n", {"a": 1}),
        ("'on': 1\n'': 2\n1: 3\n'<<': 4\n", {"on": 1, "": 2, "1": 3, "<<": 4}),
        ("a: !!str 5\nb: !!map {}\n", {"a": "5", "b": {}}),
        ("a: &a {c: 1, d: 1}\nb: {<<: [{c: 2}, *a], d: 3}\n", {"a": {"c": 1, "d": 1}, "b": {"c": 2, "d": 3}}),
    ],
    ids=["empty", "comment", "markers", "end marker", "odd keys", "tagged text", "merge keys"],
)
def test_unusual_yaml_is_accepted(text: str, value: Any) -> None:
    assert read(text) == value


def test_loading_rejects_text_that_is_not_yaml() -> None:
    with pytest.raises(ValueError, match="expected"):
        go_yaml.load("a: [1")


# --- the quick readers ----------------------------------------------------------------------

_ROOT = Path_(__file__).parents[2]
MANIFESTS = sorted(path for path in _ROOT.glob("*/**/*.yaml") if path.relative_to(_ROOT).parts[0] != "build")
LINES = st.sampled_from(
    [
        "a: 1", "b: &x [1, 2]", "c: *x", "<<: *x", "- a", "- - b", "  - d: {e: f}", "? g", ": h",
        "i: !!str 1", "---", "...", "on: 1", "a: .inf", "j: |", "  text", "k: 'q'", "\tl", "m: [",
        "%YAML 1.1", "n: >-", "", "#",
    ]
)  # fmt: skip


def slowly(text: str) -> Any:
    """Load a document with PyYAML's own composer and constructor."""
    return yaml.load(text, libyaml._AnyLoader)


def loaded(reader: Callable[[str], Any], text: str) -> str:
    """Return the value of a text, or the error about it."""
    try:
        return repr(reader(text))
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as error:
        return str(error)


def all_of(documents: Iterator[YamlDocument]) -> list[object]:
    """Return documents, and the error after them."""
    found: list[object] = []
    try:
        found.extend((repr(one.value), one.lines, one.begin, one.twice, one.texts) for one in documents)
    except UnreadableFile as error:
        found.append(str(error))
    return found


def same(text: str) -> None:
    """Assert that the quick readers and those that know all of YAML give the same."""
    for tolerant in (False, True):
        quick = all_of(yaml_reader.read_all(text, "f", tolerant=tolerant))
        assert quick == all_of(yaml_nodes.documents(text, "f", tolerant))
    assert loaded(go_yaml.load, text) == loaded(slowly, text)


@given(st.one_of(TEXTS, st.lists(LINES, max_size=8).map("\n".join)))
def test_quick_readers_give_the_same_for_any_text(text: str) -> None:
    same(text)


@pytest.mark.long
def test_quick_readers_give_the_same_for_files() -> None:
    assert len(MANIFESTS) > 200
    for file in MANIFESTS:
        same(file.read_text("utf-8", errors="replace"))


@pytest.mark.parametrize("depth", range(95, 105))
def test_quick_readers_have_the_same_limit_of_depth(depth: int) -> None:
    same("[" * depth + "]" * depth)
    same("\n".join(" " * n + "a:" for n in range(depth)))
