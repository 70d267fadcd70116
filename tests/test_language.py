"""Chinese help, messages and descriptions: complete, with the same fields and names as the English ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import language, locations, tables
from generator.catalogue import AREAS, catalogue, find
from generator.catalogue.message import say
from generator.chart_files import generate
from generator.errors import InvalidInput, Problem
from generator.wide import columns_of, fitted, is_wide
from tests.cli.conftest import ADDRESS, Run, run
from tests.cli.test_process import GENERATOR, process
from tests.translations import FOLDER, WORDS, texts, translations

__all__ = ["run"]

TEXTS = texts()
WIDTH = 80
# What a translation must keep: fields, code, options, and names that are written with inner capitals.
FIELDS = re.compile(r"\{[^{}\s]+\}")
CODE = re.compile(r"`[^`]+`")
OPTIONS = re.compile(r"(?<![\w-])--[a-z][\w-]+")
NAMES = re.compile(r"(?<![A-Za-z0-9])[a-z]+[A-Z]\w*(?:\.\w+)*")

# Several words that are no command.
SENTENCE = re.compile(r"^(?!.*\b(?:kubectl|generator|keadm|helm) ).*\b(?:[a-z]{2,} ){3}[a-z]{2,}\b")


def kept(text: str) -> set[str]:
    """Return the parts of a text that its translation must have too."""
    rest = CODE.sub(" ", FIELDS.sub(" ", text))
    return {*FIELDS.findall(text), *CODE.findall(text), *OPTIONS.findall(rest), *NAMES.findall(rest)}


@pytest.fixture
def chinese() -> Iterator[None]:
    with language.using(language.CHINESE):
        yield


def test_every_area_has_a_table() -> None:
    assert {path.stem for path in FOLDER.glob("*")} == {*TEXTS, WORDS}
    assert {*AREAS} < {*TEXTS}


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_translated_and_no_translation_is_left_over(name: str) -> None:
    found = translations(name)
    assert list(found) == TEXTS[name], "run `make translations`, and translate what is new"
    assert [en for en, zh in found.items() if not is_wide(zh) and SENTENCE.search(en)] == []


@pytest.mark.parametrize("name", [*TEXTS, WORDS])
def test_translation_keeps_fields_and_names(name: str) -> None:
    differ = {en: kept(en) ^ kept(zh) for en, zh in translations(name).items() if kept(en) ^ kept(zh)}
    assert differ == {}


@pytest.mark.parametrize("name", [*TEXTS, WORDS])
def test_translation_ends_as_the_english_text(name: str) -> None:
    ends = {en: zh for en, zh in translations(name).items() if en.endswith(".") != zh.endswith(("。", "."))}
    assert ends == {}


def test_translations_of_an_area_are_unique() -> None:
    for name in (*TEXTS, WORDS):
        found = Counter(one["en"] for one in tables.pairs(f"{language.CHINESE}/{name}.yaml"))
        assert [text for text, number in found.items() if number > 1] == []


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
    ],
)
def test_locale_decides_the_language(variables: dict[str, str], expected: str) -> None:
    assert language.of_environment(variables) == expected


@pytest.mark.parametrize(
    ("arguments", "locale", "wide"),
    [
        (("explain", "server-is-url"), "zh_CN.UTF-8", True),
        (("explain", "server-is-url"), "C.UTF-8", False),
        (("explain", "server-is-url", "--lang", "zh"), "C.UTF-8", True),
        (("explain", "server-is-url", "--lang=en"), "zh_CN.UTF-8", False),
        (("--lang", "zh", "explain", "server-is-url"), "C.UTF-8", True),
        (("render", "--help", "--lang", "zh"), "C.UTF-8", True),
        (("--help",), "zh_CN.UTF-8", True),
    ],
)
def test_option_counts_before_the_locale(arguments: tuple[str, ...], locale: str, wide: bool) -> None:
    ran = process(GENERATOR, *arguments, env={"LC_ALL": locale})
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert is_wide(ran.stdout.decode()) is wide


def test_unknown_language_is_rejected(run: Run) -> None:
    ran = run("explain", "--lang", "fr")
    assert ran.exit_code == 2
    assert "'fr' is not one of 'en', 'zh'" in ran.stderr


@pytest.mark.usefixtures("chinese")
def test_message_is_chinese(run: Run) -> None:
    ran = run("render", "--set", "agent.imagee=1", "--set", ADDRESS)
    assert ran.exit_code == 1
    line, end = ran.stderr.splitlines()[-2:]
    assert line.startswith("--set: agent.imagee: ")
    assert line.endswith(" [unknown-key]")
    assert is_wide(line)
    assert "（" in line
    assert end == "发现 1 个问题。"


@pytest.mark.usefixtures("chinese")
def test_the_end_of_an_error_is_chinese() -> None:
    error = InvalidInput([Problem("a.yaml", "a", say("unknown-key", path="a", where="b"))] * 1)
    error.end = "nothing was written"
    assert error.conclusion == "1 个问题；没有写入任何内容。"


@pytest.mark.usefixtures("chinese")
def test_no_help_has_an_english_sentence_or_a_line_that_is_too_long(run: Run) -> None:
    for name in ("render", "diff", "check", "doctor", "install", "certs issue", "images", "init", "charts"):
        shown = run(*name.split(), "--help").stdout
        assert shown.startswith("用法: ")
        assert [line for line in shown.splitlines() if is_wide(line) and columns_of(line) > WIDTH] == []
        # Examples, names and metavars are English; a sentence has several words of small letters.
        told = [line for line in shown.splitlines() if not line.startswith("    ") or is_wide(line)]
        assert [line for line in told if SENTENCE.search(line)] == []


@pytest.mark.usefixtures("chinese")
def test_every_code_has_a_page(run: Run) -> None:
    shown = run("explain").stdout.splitlines()
    assert len(shown) == len(catalogue())
    for code in catalogue():
        assert is_wide(find(code).means), code
    assert "原因:" in run("explain", "server-is-url").stdout


@pytest.mark.usefixtures("chinese")
def test_schema_and_comments_of_values_are_chinese(run: Run, tmp_path: Path) -> None:
    assert is_wide(run("schema").stdout)
    run("charts", "export", "out")
    written = (tmp_path / "out" / "edgemesh" / "values.yaml").read_text("utf-8")
    comments = [line for line in written.splitlines() if line.lstrip().startswith("# -- ")]
    assert comments
    assert [line for line in comments if SENTENCE.search(line)] == []
    assert sum(map(is_wide, comments)) > len(comments) * 9 / 10
    english = (Path(locations.CHARTS) / "edgemesh" / "values.yaml").read_text("utf-8")
    assert len(written.splitlines()) == len(english.splitlines())


@pytest.mark.usefixtures("chinese")
def test_generated_files_of_a_checkout_stay_english() -> None:
    written = generate.update_charts(dry_run=True)
    assert [str(one.path) for one in written if one.action != "identical"] == []


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("证书已过期", 6, ["证书已", "过期"]),
        ("证书（旧）", 6, ["证书", "（旧）"]),
        ("打开 requireAuthorization 后", 10, ["打开", "requireAuthorization", "后"]),
        ("无", 10, ["无"]),
        ("证书过期，重启", 8, ["证书过", "期，重启"]),
    ],
)
def test_lines_of_wide_text_end_where_they_may(text: str, columns: int, lines: list[str]) -> None:
    assert fitted(text, columns) == lines
