"""The Chinese pages: as new as their English twins, with the same examples and names."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HEAD = re.compile(r"<!-- Translation of (?P<twin>\S+), SHA-256 (?P<digest>[0-9a-f]{12})\. -->\n")
# `generator charts` writes this page.
GENERATED = ROOT / "docs" / "zh" / "keys.md"
PAGES = [ROOT / "README.zh.md", *sorted({*(ROOT / "docs" / "zh").glob("*.md")} - {GENERATED})]
TWINS = {
    "README", "tutorial", "profiles", "doctor", "install", "air-gap", "values", "certs", "streams", "rollout",
}  # fmt: skip
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^    .+$", re.MULTILINE)
CODE = re.compile(r"`[^`\n]+`")
HEADING = re.compile(r"^#+ ", re.MULTILINE)


def twin(page: Path) -> tuple[Path, str]:
    """Return the English page of a Chinese one, and the recorded digest of its text."""
    match = HEAD.match(page.read_text("utf-8"))
    assert match, f"{page.name} does not begin with `<!-- Translation of PAGE, SHA-256 DIGEST. -->`"
    return ROOT / match["twin"], match["digest"]


def without_code(text: str) -> str:
    return INDENTED.sub("", FENCED.sub("", text))


def test_these_pages_exist() -> None:
    assert {page.stem.removesuffix(".zh") for page in PAGES} == TWINS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_is_not_older_than_its_english_twin(page: Path) -> None:
    english, recorded = twin(page)
    now = hashlib.sha256(english.read_bytes()).hexdigest()[:12]
    assert recorded == now, f"translate what has changed in {english.name}, then record {now} in {page.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_has_the_examples_and_names_of_its_english_twin(page: Path) -> None:
    english, chinese = twin(page)[0].read_text("utf-8"), page.read_text("utf-8")
    for kind in (FENCED, INDENTED):
        assert kind.findall(chinese) == kind.findall(english)
    assert len(HEADING.findall(without_code(chinese))) == len(HEADING.findall(without_code(english)))
    codes = [Counter(CODE.findall(without_code(text))) for text in (english, chinese)]
    assert codes[0] - codes[1] == codes[1] - codes[0] == Counter()
