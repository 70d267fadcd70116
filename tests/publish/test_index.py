"""index.yaml of a Helm repository."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from generator import go_yaml
from generator.publish.index import index
from tests.helm.binaries import BINARIES
from tests.publish.registry import helm

CHART = {"apiVersion": "v2", "name": "c", "version": "1.0.0", "appVersion": "v1", "keywords": ["b", "a"]}


def test_an_index() -> None:
    assert index({"c-1.0.0.tgz": (CHART, b"archive")}, "", 0) == (
        "# Written by `generator charts export --format tgz`.\n"
        "apiVersion: v1\n"
        "entries:\n"
        "  c:\n"
        "  - apiVersion: v2\n"
        "    appVersion: v1\n"
        '    created: "1970-01-01T00:00:00Z"\n'
        f"    digest: {sha256(b'archive').hexdigest()}\n"
        "    keywords:\n"
        "    - b\n"
        "    - a\n"
        "    name: c\n"
        "    urls:\n"
        "    - c-1.0.0.tgz\n"
        "    version: 1.0.0\n"
        'generated: "1970-01-01T00:00:00Z"\n'
    )


@pytest.mark.parametrize("url", ["https://charts.example.com/a", "https://charts.example.com/a/"])
def test_the_url_is_before_the_name(url: str) -> None:
    found = go_yaml.load(index({"c-1.0.0.tgz": (CHART, b"")}, url, 0))
    assert found["entries"]["c"][0]["urls"] == ["https://charts.example.com/a/c-1.0.0.tgz"]


def without_times(path: Path) -> Any:
    """Return an index without its times; they must exist."""
    found = go_yaml.load(path.read_text("utf-8"))
    del found["generated"]
    for versions in found["entries"].values():
        for version in versions:
            del version["created"]
    return found


@pytest.mark.parametrize("binary", BINARIES)
@pytest.mark.parametrize("url", ["", "https://charts.example.com/a/"])
def test_helm_writes_the_same_index(exported: Path, binary: str, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    for path in (exported / "tgz").glob("*.tgz"):
        shutil.copy(path, folder)
    helm(binary, tmp_path, "repo", "index", str(folder), *(["--url", url] if url else []))
    theirs = without_times(folder / "index.yaml")
    ours = without_times(exported / "tgz/index.yaml")
    for versions in ours["entries"].values():
        versions[0]["urls"] = [f"{url}{name}" for name in versions[0]["urls"]]
    assert ours == theirs
