"""The catalogue of codes: its entries, their sentences, and that no other module reads a sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import generator
from generator.catalogue import AREAS, area, catalogue, find
from generator.catalogue.entries import error, table
from generator.catalogue.message import Message, fields_of, say
from generator.catalogue.page import sentences, terminal
from generator.cli.main import cli


def test_every_entry_is_well_formed() -> None:
    for entry in catalogue().values():
        assert re.fullmatch(r"[a-z][a-z0-9.]*(-[a-z0-9.]+)*", entry.code)
        assert entry.means, entry.code
        assert not {"\n", "{"} & set(entry.means), entry.code
        assert sentences(entry.what), entry.code
        for text in (entry.means, *sentences(entry.what), *sentences(entry.fix)):
            assert text == text.strip().removesuffix("."), text


def test_every_area_has_entries() -> None:
    assert [name for name in AREAS if not area(name)] == []


def test_a_code_that_is_given_twice_is_rejected() -> None:
    one = error("some-code", means="", what="")
    with pytest.raises(ValueError, match="twice"):
        table(one, one)


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(LookupError, match="no code"):
        find("no-such-code")


# --- sentences ------------------------------------------------------------------------------


@pytest.fixture
def entries(monkeypatch: pytest.MonkeyPatch) -> None:
    made = table(
        error("one", means="", what=("is {value}, not {wanted}", "is {value}"), fix="use {wanted}"),
        error("many", means="", what={"": "is wrong", "files": "is wrong in {key:edgeCore.a}"}),
    )
    monkeypatch.setattr("generator.catalogue.message.find", made.__getitem__)


@pytest.mark.usefixtures("entries")
def test_the_first_sentence_whose_fields_are_given_is_used() -> None:
    assert (say("one", value=1).what, say("one", value=1).fix) == ("is 1", "")
    assert (say("one", value=1, wanted="2").what, say("one", value=1, wanted="2").fix) == (
        "is 1, not 2",
        "use 2",
    )


@pytest.mark.usefixtures("entries")
def test_a_message_without_the_fields_of_its_sentence_is_an_error() -> None:
    with pytest.raises(LookupError, match="one"):
        assert say("one").what


@pytest.mark.usefixtures("entries")
def test_a_variant_has_its_own_sentence_and_key_names() -> None:
    assert say("many").what == "is wrong"
    assert say("many", "files").what == "is wrong in edgeCore.a"
    assert say("many", "files").with_key_names(str.upper).what == "is wrong in EDGECORE.A"


def test_messages_with_equal_fields_are_equal() -> None:
    assert say("one", names=["a", "b"]) == Message("one", (("names", ("a", "b")),))
    assert len({say("one", a=1, b=2), say("one", b=2, a=1)}) == 1


def test_texts_of_fields_can_be_masked() -> None:
    assert say("one", value="secret", number=3).map_texts(lambda _: "***").get("value") == "***"


def test_fields_are_found_in_every_form_of_a_text() -> None:
    assert fields_of({"": "{a} {name: x}", "b": ("{b}", "{key:edgeCore.x[0]}")}) == [
        "a",
        "b",
        "key:edgeCore.x[0]",
    ]


# --- the command ----------------------------------------------------------------------------


def test_explain_prints_each_code() -> None:
    for entry in catalogue().values():
        done = CliRunner().invoke(cli, ["explain", entry.code])
        assert done.exit_code == 0, entry.code
        assert done.stdout.startswith(f"{entry.code} ({entry.severity}): {entry.means}\n")
        assert terminal(entry).splitlines()[0] in done.stdout


def test_explain_takes_a_code_in_the_brackets_of_a_message() -> None:
    assert CliRunner().invoke(cli, ["explain", "[tls-needs-1.12]"]).exit_code == 0


def test_explain_names_codes_that_look_alike() -> None:
    done = CliRunner().invoke(cli, ["explain", "tls-needs-1.13"])
    assert done.exit_code == 2
    assert "did you mean tls-needs-1.12" in done.stderr


def test_explain_lists_every_code() -> None:
    lines = CliRunner().invoke(cli, ["explain"]).stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == list(catalogue())


# --- nobody reads a sentence ----------------------------------------------------------------

# Attributes that hold a sentence.
SENTENCES = {"what", "fix", "says", "told", "problem"}
METHODS = {
    "startswith",
    "endswith",
    "find",
    "index",
    "replace",
    "removeprefix",
    "removesuffix",
    "split",
    "partition",
}
REGEX = {"search", "match", "fullmatch", "sub", "findall"}


def reads_sentences(source: str) -> list[str]:
    """Return the places where code compares, searches or edits a sentence."""
    found = []
    for node in ast.walk(ast.parse(source)):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in METHODS:
                parts = [node.func.value]
            elif node.func.attr in REGEX:
                parts = list(node.args)
        if any(isinstance(part, ast.Attribute) and part.attr in SENTENCES for part in parts):
            found.append(ast.unparse(node))
    return found


def test_no_module_compares_searches_or_edits_a_sentence() -> None:
    modules = sorted(Path(generator.__file__).parent.rglob("*.py"))
    found = {str(path): reads_sentences(path.read_text("utf-8")) for path in modules}
    assert len(found) > 300
    assert {path: places for path, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "source",
    ['x.what == "gone"', '"gone" in x.says', 'x.fix.startswith("add")', 're.sub("a", "b", x.what)'],
)
def test_reading_a_sentence_is_found(source: str) -> None:
    assert reads_sentences(source)
