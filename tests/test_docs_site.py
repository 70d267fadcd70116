"""The site of the docs: it has every page, no dead link, and needs no other host."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import pytest
from markdown import Markdown
from markdown_it import MarkdownIt
from mkdocs.config import load_config

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]
PAGES = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md")]
OTHERS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "ci/README.md", "ci/gitops/README.md"]
OTHERS += ["tests/README.md"]
OTHERS += [path.relative_to(ROOT).as_posix() for path in ROOT.glob("charts/*/README.md")]
# What a forge makes of a page.
FORGE = MarkdownIt("gfm-like", {"linkify": False})
# The attributes whose addresses a browser loads at once. A link of these kinds names a page instead.
LOADING = {"src", "srcset", "poster", "data"}
NAMING = {"canonical", "next", "prev", "alternate"}
# Elements that Python-Markdown and a forge may find in different places.
BLOCKS = ("h1", "h2", "h3", "h4", "li", "p", "pre", "td", "th", "details", "summary", "blockquote")
COUNTED = {*BLOCKS, "img"} - {"p"}


@dataclass
class Page(HTMLParser):
    """What the tests read in a built page."""

    text: str
    anchors: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    loaded: set[str] = field(default_factory=set)
    elements: Counter[str] = field(default_factory=Counter)
    words: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._lists = self._article = 0
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember anchors and links, and count the elements of the article."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        self.loaded |= {given[name] for name in LOADING & {*given}}
        if "href" in given:
            to_load = tag == "link" and given.get("rel") not in NAMING
            (self.loaded if to_load else self.links).add(given["href"])
        self._article += tag == "article"
        self._lists += tag in ("ul", "ol")
        # Blocks end words, also without white space between them.
        self.words += " " if tag in BLOCKS else ""
        if self._article:
            # A list item counts with the depth of its list.
            self.elements[f"{tag} {self._lists}" if tag == "li" else tag] += 1

    def handle_data(self, data: str) -> None:
        """Collect the text of the article."""
        self.words += data if self._article else ""

    def handle_endtag(self, tag: str) -> None:
        """Leave a list or the article."""
        self._article -= tag == "article"
        self._lists -= tag in ("ul", "ol")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does, and return its folder."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, Page]:
    """Return every built page by its path in the site; 404.html is for web servers only."""
    found = {
        path.relative_to(built).as_posix(): Page(path.read_text("utf-8")) for path in built.rglob("*.html")
    }
    del found["404.html"]
    return found


@pytest.fixture(scope="module")
def markdown() -> Callable[[str], str]:
    """Return the function that makes HTML of a text as the site does."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    (hooks,) = cast("dict[str, Any]", config.hooks).values()
    reader = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
    return lambda text: reader.reset().convert(hooks.on_page_markdown(text))


def assert_same_elements(page: Page, forge: Page) -> None:
    """Compare how often each element of interest occurs."""
    kinds = [kind for kind in page.elements | forge.elements if kind.split()[0] in COUNTED]
    assert {kind: page.elements[kind] for kind in kinds} == {kind: forge.elements[kind] for kind in kinds}


def address(source: str) -> str:
    """Return the path in the site of a page of the repository."""
    return re.sub(r"README\.html$", "index.html", source.removesuffix(".md") + ".html")


def test_every_page_is_in_the_navigation(pages: dict[str, Page]) -> None:
    # This page has no link to another page but those of the navigation.
    links = pages["reference/commands.html"].links
    assert PAGES
    assert [page for page in PAGES if f"../{address(page)}" not in links] == []
    assert {"../index.html", "python.html", "../charts/edgemesh/index.html"} <= links


def test_pages_load_nothing_from_other_hosts(built: Path, pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.loaded
        assert [url for url in page.loaded if urlsplit(url).netloc] == [], name
    for path in built.rglob("*.css"):
        used = re.findall(r"(?:url\(|@import )[\"']?([^\"')]+)", path.read_text("utf-8"))
        assert [url for url in used if urlsplit(url).netloc] == [], path


def test_every_link_and_anchor_exists(built: Path, pages: dict[str, Page]) -> None:
    dead = []
    for name, page in pages.items():
        for url in page.links | page.loaded:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc:
                continue
            target = os.path.normpath(Path(name).parent / unquote(parts.path)) if parts.path else name
            anchors = pages[target].anchors if target in pages else set()
            if not (built / target).is_file() or (parts.fragment and unquote(parts.fragment) not in anchors):
                dead.append(f"{name}: {url}")
    assert dead == []


@pytest.mark.parametrize("source", [*PAGES, *OTHERS])
def test_a_page_is_what_a_forge_shows(source: str, pages: dict[str, Page]) -> None:
    page = pages[address(source)]
    forge = Page(f"<article>{FORGE.render((ROOT / source).read_text('utf-8'))}</article>")
    assert page.words.replace("¶", "").split() == forge.words.split()
    assert_same_elements(page, forge)


@pytest.mark.parametrize(
    "text",
    [
        "- a\n  - b\n    - c\n- d\n",
        "1. a\n   - b\n   - c\n2. d\n",
        "1. a\n\n       code\n\n   text\n2. b\n3. c\n\ntext\n",
        "- a\n\n  ```sh\n  - no item\n  ```\n\n- b\n",
        "- a\n  goes on\n- b\n\n    code\n",
        "```yaml\n- a\n  - no item\n```\n",
        "<details>\n<summary>more</summary>\n\n- a `b`\n\n```sh\nc\n```\n\n</details>\n\ntext\n",
        "a \\<b> \\| \\_c\\_ d_e_f\n",
        "| | a |\n|---|---|\n| `b` | \\| |\n",
        "> quoted\n> text\n",
    ],
)
def test_a_text_is_what_a_forge_shows(text: str, markdown: Callable[[str], str]) -> None:
    page, forge = (Page(f"<article>{html}</article>") for html in (markdown(text), FORGE.render(text)))
    assert page.words.split() == forge.words.split()
    assert_same_elements(page, forge)


def test_the_search_finds_every_page(built: Path) -> None:
    text = (built / "search/search_index.json").read_text("utf-8")
    entries = json.loads(text)["docs"]
    places = {entry["location"].split("#")[0] for entry in entries}
    assert [page for page in PAGES if address(page) not in places] == []
    assert any(entry["title"] == "server-is-url" and "IP:port" in entry["text"] for entry in entries)
    # Without a server, the script of the same content is loaded instead.
    assert (built / "search/search_index.js").read_text("utf-8") == f"var __index = {text}"


def test_the_commands_page_has_every_command(pages: dict[str, Page]) -> None:
    wanted = {"generator-init", "generator-certs-issue", "generator-charts-export", "generator-completion"}
    assert wanted <= pages["reference/commands.html"].anchors
