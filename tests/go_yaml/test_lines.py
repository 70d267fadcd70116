"""The quick reader and the quick writer of YAML do what PyYAML does, or leave the work to it."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.go_yaml import dumper, libyaml, lines, writing

ROOT = Path(__file__).parents[2]
READ = {
    "a map": ("a: 1\nb:\n  c: on\n  d: x y\ne: .5\n", {"a": 1, "b": {"c": True, "d": "x y"}, "e": 0.5}),
    "texts": ("a: \"x: #y\"\nb: 'on'\nc: http://x:80/#z\n", {"a": "x: #y", "b": "on", "c": "http://x:80/#z"}),
    "no value": ("a:\nb:\n  c:\nd: ~\n", {"a": None, "b": {"c": None}, "d": None}),
    "lists": ("a:\n- b\n- c: 1\n  d:\n    - e\nf:\n", {"a": ["b", {"c": 1, "d": ["e"]}], "f": None}),
    "a list in brackets": ("a: []\nb: [x, '*', 1, -c]\n", {"a": [], "b": ["x", "*", 1, "-c"]}),
    "a map in brackets": ('a: {}\nb: {c: x y, d: "1"}\n', {"a": {}, "b": {"c": "x y", "d": "1"}}),
    "blocks": ("a: |\n  x: |\n    y\n\n   z\n\nb:\n- |-\n  # w\n", {"a": "x: |\n  y\n\n z\n", "b": ["# w"]}),
    "comments": ("# x\na: 1\n  # y: |\nb: 2\n", {"a": 1, "b": 2}),
    "the last of equal keys": ("a: 1\na: 2\n", {"a": 2}),
    "Chinese": ("a: 节点\n", {"a": "节点"}),
}  # fmt: skip
LEFT = {
    "nothing": "# x\n",
    "a list": "- a\n",
    "text in several lines": "a: b\n  c\n",
    "text that looks like a key": "a: b\n  c: d\n",
    "a comment after a value": "a: b # c\n",
    "an escape": 'a: "\\n"\n',
    "a doubled quote": "a: 'it''s'\n",
    "an anchor": "a: &b c\n",
    "an alias": "a: *b\n",
    "a tag": "a: !!str 1\n",
    "a merge key": "<<: {a: b}\n",
    "a key that is not text": "on: 1\n",
    "such a key in brackets": "a: {on: 1}\n",
    "brackets in brackets": "a: [[b]]\n",
    "folded text": "a: >\n  b\n",
    "a block with all line ends": "a: |+\n  b\n\n",
    "a block with its indentation": "a: |2\n   b\n",
    "a block with an empty first line": "a: |\n\n  b\n",
    "a block without a line end": "a: |\n  b",
    "a block that is not deeper": "a:\n  b: |\n  c\n",
    "a block after a comment": "a:\n# b: |\n  c: d\n  e\n",
    "a block after text": "a: b - |\n  c\n",
    "a tab": "a:\tb\n",
    "a line end of Unicode": "a: b\u2028c\n",
    "a control character": "a: b\0\n",
    "several documents": "a: 1\n---\nb: 2\n",
    "the end of a document": "a: 1\n...\n",
    "a directive": "%YAML 1.1\na: 1\n",
    "a column between two others": "a:\n    b: 1\n  c: 2\n",
    "an item in a map": "a: 1\n- b\n",
    "a nested item": "a:\n- - b\n",
    "an item on the next line": "a:\n-\n  b: 1\n",
    "many levels": "".join(f"{' ' * level}a:\n" for level in range(60)),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_the_form_in_which_programs_write_is_read(name: str) -> None:
    text, value = READ[name]
    assert repr(lines.load(text)) == repr(value) == repr(libyaml.load(text))


@pytest.mark.parametrize("name", LEFT)
def test_everything_else_is_left_to_libyaml(name: str) -> None:
    with pytest.raises(lines.NotPlain):
        lines.load(LEFT[name])


def same(text: str) -> bool:
    """Assert that a text is read as libyaml reads it; return whether it is read at all."""
    try:
        found = lines.load(text)
    except lines.NotPlain:
        return False
    assert repr(found) == repr(libyaml.load(text))
    return True


KEYS = ["a: ", "b:", "- ", "- c: ", "- d:", "on: ", "k8s/x.y: ", "# ", ""]
VALUES = [
    "", "x", "x y", "1", "0x1f", "on", "~", "a:b", "a #b", "a#b", "a: b", '"q: #"', "'q'", '""', "- x", "-x",
    "--", "---", "...", "&a x", "*a", "!!str 1", "<<", "=", ".5", ",a", "a,b", "a:", "a\tb", "a\u2028b",
    "\ufeffa", "a\0", "{}", "[]", '[a, "b"]', "[a,b]", "[*]", "[a b , c]", "[a, [b]]", "[--a=b, -1]",
    '{a: b, c: "d"}', "{a:b}", "{on: 1}", "{a: }", '"a\\n"', "'it''s'", '"a" # c',
    "|", "|", "|-", "|+", "|2", ">", "a - |", "a: |",
]  # fmt: skip
SEPARATOR = re.compile(r"^---.*\n", re.MULTILINE)
INDENTS = ["", "", "  ", "    ", " ", "\t"]
LINES = st.builds("{}{}{}".format, *map(st.sampled_from, (INDENTS, KEYS, VALUES)))
ENDS = st.sampled_from(["\n", "\n", "", "\n\n", "\n \n"])


@settings(max_examples=2000)
@given(st.builds(str.__add__, st.lists(LINES, max_size=8).map("\n".join), ENDS))
def test_no_lines_are_read_in_another_way(text: str) -> None:
    same(text)


def changed(text: str, chance: random.Random) -> str:
    """Return a text with a character or two added or removed, or a line moved to the right."""
    for _ in range(chance.randint(1, 2)):
        at = chance.randrange(len(text) + 1)
        new = chance.choice([*" \t\n:-#|>\"'{}[]&*!,?0a\\", ": ", " #", "\n  ", "- ", "|\n", "\n\n", "---\n"])
        before, after = text[:at], text[at:]
        line = before.rfind("\n") + 1
        text = chance.choice([before + new + after, before + after[1:], text[:line] + "  " + text[line:]])
    return text


@pytest.mark.long
def test_no_manifest_with_a_mistake_is_read_in_another_way() -> None:
    chance = random.Random(1)
    files = [
        file for folder in ("charts", "tests", "values") for file in sorted((ROOT / folder).rglob("*.yaml"))
    ]
    texts = [part for file in files for part in SEPARATOR.split(file.read_text("utf-8", "replace"))]
    small = [text for text in texts if 0 < len(text) < 4000]
    assert sum(map(same, small)) > len(small) * 0.8
    read = sum(same(changed(chance.choice(small), chance)) for _ in range(20_000))
    assert read > 5000


WORDS = st.one_of(
    st.sampled_from(
        ["a", "on", "x:1", "x:", "/a/b", "a-", "e1", "0x1", "=", "a b", "a" * 200, 5, -1, True, None, 1.5]
    ),
    st.sampled_from(["", "0", "10Mi", "15%", "1m0s", "127.0.0.1", "169.254.30.10:10550", 0.9, 1e300, 5e-7]),
    st.text("0123456789.:_%-+eExhmsMKi", max_size=9),
    st.floats(),
)
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS.map(str), inner, max_size=3)
)


@given(TREES)
def test_the_quick_writer_writes_what_pyyaml_writes(value: Any) -> None:
    assert writing.dump(value) == dumper.dump(value)
