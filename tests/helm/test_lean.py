"""A chart without its checks renders the same documents for values that have passed them."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path, PurePath

import pytest

from generator import load_site, locations
from generator.helm import embedded
from generator.helm.embedded import Embedded
from generator.helm.lean import decides, lean_chart
from generator.model.profiles import PROFILES
from generator.render.site import render_charts
from tests.bench.manifests import fleet

pytestmark = pytest.mark.long

EXAMPLES = sorted((locations.CHARTS.parent / "values/examples").glob("*.yaml"))
RELEASES = ("v1.12.0", "v1.16.0", "v1.23.1")


def renderings(
    sites: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    *,
    profile: str | None = None,
    flags: tuple[str, ...] = (),
) -> list[list[str]]:
    """Return the texts of all documents of a site, with the checks of the charts and without."""
    site = load_site([str(path) for path in sites], profile=profile, set=flags)
    monkeypatch.setattr(embedded, "MANY_GROUPS", 0)
    names = {chart: chart for chart in site.charts}
    texts = []
    for checked in (False, True):
        documents = render_charts(Embedded(), names, site.user, "kubeedge", checked=checked)
        texts.append([document.text for document in documents])
    return texts


@pytest.mark.parametrize("profile", [None, *PROFILES])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples(example: Path, profile: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, lean = renderings([example], monkeypatch, profile=profile)
    assert lean == whole
    assert len(whole) > 20


@pytest.mark.parametrize("release", RELEASES)
def test_releases(release: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, lean = renderings([], monkeypatch, flags=(f"kubeedgeVersion={release}",))
    assert lean == whole


def test_node_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site.yaml"
    site.write_text(fleet(12), "utf-8")
    whole, lean = renderings([site], monkeypatch)
    assert lean == whole
    assert sum("edgecore.yaml" in text for text in whole) >= 12


def archived(folder: Path) -> dict[str, bytes]:
    """Return the files of a chart without checks, by their path."""
    with tarfile.open(fileobj=BytesIO(lean_chart(folder))) as archive:
        members = {member.name.partition("/")[2]: archive.extractfile(member) for member in archive}
        return {name: file.read() for name, file in members.items() if file}


@pytest.mark.parametrize("chart", ["cloudcore", "edgecore", "edgemesh"])
def test_only_checks_are_left_out(chart: str) -> None:
    folder = locations.CHARTS / chart
    texts = archived(folder)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    changed = {name for name, text in texts.items() if text != files[name]}
    assert changed == {"templates/NOTES.txt", "templates/_rules.tpl", "charts/common/templates/_check.tpl"}
    unused = ("ci/", "templates/tests/")
    left_out = {name for name in files.keys() - texts.keys() if not name.startswith(unused)}
    assert left_out == {"README.md", "values.schema.json"}
    assert f'define "{chart}.rules"'.encode() in texts["templates/_rules.tpl"]


@pytest.mark.parametrize(
    ("name", "decisive"),
    [
        ("templates/edgecore/configmap.yaml", False),
        ("templates/new/job.yaml", False),
        ("README.md", False),
        ("Chart.yaml", False),
        ("templates/NOTES.txt", True),
        ("templates/tests/new-pod.yaml", True),
        ("templates/_config.tpl", True),
        ("templates/new/_rules.tpl", True),
        ("values.yaml", True),
        ("values.schema.json", True),
        ("files/releases.json", True),
        ("charts/common/templates/_check.tpl", True),
        ("charts/new/templates/job.yaml", True),
    ],
)
def test_files_that_decide_what_a_chart_accepts(name: str, decisive: bool) -> None:
    assert decides(PurePath(name)) == decisive


@pytest.mark.parametrize("chart", ["cloudcore", "edgecore", "edgemesh"])
def test_what_is_left_out_decides(chart: str) -> None:
    folder = locations.CHARTS / chart
    texts = archived(folder)
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    other = [name for name in names if texts.get(name.as_posix()) != (folder / name).read_bytes()]
    assert {name.as_posix() for name in other if not decides(name)} == {
        "README.md",
        *(name.as_posix() for name in names if name.parts[0] == "ci"),
    }
