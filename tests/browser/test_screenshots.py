"""The pages as a browser shows them, in light and dark colours and on a phone.

The pictures stay in build/screenshots, to be looked at.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli.main import cli
from generator.graph import writer
from tests.browser.chromium import VIEWS, View, look
from tests.graph.sites import graph
from tests.test_docs_site import built as built

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "screenshots"
# The pages of the site, with words that they must show.
SITE = {
    "index.html": "edgecore",
    "docs/tutorial.html": "keadm",
    "docs/zh/doctor.html": "端点",
}


def run(*arguments: str) -> None:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code in (0, 1), done.output


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the pages of diff and check, and one with a graph."""
    folder = tmp_path_factory.mktemp("reports")
    factory = str(ROOT / "values/examples/factory.yaml")
    run("diff", "plain", "mtls", "-f", factory, "--output", f"html={folder / 'diff.html'}")
    config = folder / "edgecore.yaml"
    server = "https://127.0.0.1:10550"
    config.write_text(
        "apiVersion: edgecore.config.kubeedge.io/v1alpha2\nkind: EdgeCore\n"
        f"modules: {{metaManager: {{metaServer: {{enable: true, servr: x, server: '{server}'}}}}}}\n"
    )
    run("check", str(config), "--output", f"html={folder / 'check.html'}")
    drawn = writer("svg")(graph("mtls", file="factory"))
    (folder / "graph.html").write_text(
        f"<!doctype html><html><head><meta charset=utf-8></head><body>{drawn}</body></html>", "utf-8"
    )
    return folder


def assert_readable(page: Path, view: View, words: str, name: str) -> None:
    """Check what the browser says of a page, and write its picture."""
    seen = look(page, view, PICTURES / f"{name}-{view.name}.png")
    assert seen.width == view.size[0]
    assert words in seen.text
    assert seen.needed <= seen.width, f"{page.name} is {seen.needed} pixels wide on {seen.width}"
    assert seen.contrast >= 4.5
    assert seen.is_dark is view.dark


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize(("name", "words"), SITE.items(), ids=[Path(name).stem for name in SITE])
def test_page_of_the_site_is_readable(built: Path, name: str, words: str, view: View) -> None:
    assert_readable(built / name, view, words, f"site-{Path(name).stem}")


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize(
    ("name", "words"), {"diff": "EdgeMesh presents a client certificate", "check": "servr"}.items()
)
def test_page_of_a_command_is_readable(reports: Path, name: str, words: str, view: View) -> None:
    assert_readable(reports / f"{name}.html", view, words, name)


@pytest.mark.parametrize("view", VIEWS[:2], ids=lambda view: view.name)
def test_graph_has_words_that_can_be_read(reports: Path, view: View) -> None:
    seen = look(reports / "graph.html", view, PICTURES / f"graph-{view.name}.png")
    assert "edgecore" in seen.text
    assert seen.small == 0
