"""The HTML pages of `diff` and `check`: self-contained, the serious first, and nothing injected."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from generator.check import formats
from generator.cli import check as command
from generator.diff.formats import writer
from generator.diff.report import report
from generator.diff.sources import read_manifests
from tests.cli.conftest import ADDRESS, Run
from tests.cli.conftest import run as run

# Elements without an end.
VOID = ("meta", "br")
HOSTILE = "</pre></details><script>alert(1)</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """The elements of a page; fails if one is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check(text: str) -> Page:
    """Check that a page needs no network and no script."""
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "form", "a"} & {*page.tags}
    assert not [
        name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href", "style")
    ]
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'" in text
    return page


def test_the_page_has_the_picture_then_impacts_then_changes(run: Run, tmp_path: Path) -> None:
    ran = run("diff", "plain", "mtls", "--set", ADDRESS, "--output", "html=out/page.html")
    assert ran.exit_code == 1, ran.stderr
    text = (tmp_path / "out/page.html").read_text("utf-8")
    page = check(text)
    assert page.tags.count("svg") == 1
    parts = (
        "<svg ",
        "What the arrows mean",
        "What it means",
        "[tls-strengthened]",
        "Changes",
        "<details>\n<summary>*",
    )
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "before: http 127.0.0.1:10550, no TLS" in text
    # Everything but impacts is folded.
    assert "<details open" not in text


@pytest.mark.parametrize(
    "arguments",
    [["plain", "mtls", "--chart", "edgecore"], ["profile:plain", "old.yaml"]],
    ids=["chart", "file"],
)
def test_only_whole_sites_have_a_picture(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "old.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    ran = run("diff", *arguments, "--set", ADDRESS, "--format", "html")
    assert ran.exit_code == 1, ran.stderr
    assert "svg" not in check(ran.stdout).tags


def test_names_and_values_inject_nothing(tmp_path: Path) -> None:
    for name, value in (("a", HOSTILE), ("b", f"{HOSTILE}2")):
        text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: '{HOSTILE}'}}\n"
        text += f"data: {{'{HOSTILE}': '{value}'}}\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    before, after = (read_manifests(str(tmp_path / f"{name}.yaml")) for name in ("a", "b"))
    text = writer("html")(report(before, after))
    assert HOSTILE.replace("<", "&lt;").replace(">", "&gt;") in text
    check(text)


def test_a_comparison_without_difference_is_a_page(run: Run) -> None:
    ran = run("diff", "plain", "plain", "--set", ADDRESS, "--format", "html")
    assert ran.exit_code == 0
    assert "no difference" in ran.stdout
    check(ran.stdout)


def test_a_report_is_written_to_an_absolute_path(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "report.txt"
    ran = run("diff", "plain", "mtls", "--set", ADDRESS, "-o", f"text={target}", "-o", "json=here.json")
    assert ran.exit_code == 1, ran.stderr
    assert target.is_file()
    assert (tmp_path / "here.json").is_file()


# --- check ---------------------------------------------------------------------------------


def test_check_writes_a_page_with_errors_first(run: Run, tmp_path: Path) -> None:
    (tmp_path / "edgecore.yaml").write_text(
        "apiVersion: edgecore.config.kubeedge.io/v1alpha2\nkind: EdgeCore\n"
        "featureGates: {requireAuthorization: true}\n"
        f"modules: {{metaManager: {{metaServer: {{enable: true, '{HOSTILE}': 1}}}}}}\n"
    )
    ran = run("check", "edgecore.yaml", "--output", "html=out/check.html")
    assert ran.exit_code == 1, ran.stderr
    assert "[unknown-key]" in ran.stdout
    text = (tmp_path / "out/check.html").read_text("utf-8")
    check(text)
    places = [
        text.index(part) for part in ("[unknown-key]", "[offline-restart]", "matches no profile", "Files")
    ]
    assert places == sorted(places)
    assert run("check", "edgecore.yaml", "--format", "html").stdout == text


def test_check_of_a_valid_site_has_a_picture(run: Run) -> None:
    run("render", "--profile", "one-way-verified", "--set", ADDRESS, "-o", "rendered")
    Path("site.yaml").write_text(
        "profile: mtls\ncloudCore: {modules: {cloudHub: {advertiseAddress: [192.0.2.10]}}}\n"
    )
    for name in ("rendered", "site.yaml"):
        page = run("check", name, "--format", "html").stdout
        check(page)
        assert "<h2>Who talks to whom</h2>\n<figure>" in page
        assert page.count('<p class="arrow">') >= 3


def test_the_command_has_the_formats_of_the_package() -> None:
    assert command.FORMATS == formats.FORMATS == tuple(formats.WRITERS)
