"""A chart without its checks renders the same documents for values that have passed them."""

from __future__ import annotations

import shutil
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from generator import load_site, locations
from generator.helm import embedded
from generator.helm.embedded import Embedded
from generator.helm.lean import checks_alike, lean_chart
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


@pytest.mark.parametrize("chart", ["cloudcore", "edgecore", "edgemesh"])
def test_only_checks_are_left_out(chart: str) -> None:
    folder = locations.CHARTS / chart
    with tarfile.open(fileobj=BytesIO(lean_chart(folder))) as archive:
        members = {member.name.partition("/")[2]: archive.extractfile(member) for member in archive}
        texts = {name: file.read() for name, file in members.items() if file}
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
    ("changed", "alike"),
    [
        ("templates/edgecore/configmap.yaml", True),
        ("templates/new/job.yaml", True),
        ("README.md", True),
        ("Chart.yaml", True),
        ("templates/NOTES.txt", False),
        ("templates/tests/new-pod.yaml", False),
        ("values.yaml", False),
        ("values.schema.json", False),
        ("templates/_config.tpl", False),
        ("templates/_rules.tpl", False),
        ("templates/new/_rules.tpl", False),
        ("files/releases.json", False),
        ("charts/common/templates/_check.tpl", False),
    ],
)
def test_charts_with_the_same_checks(changed: str, alike: bool, tmp_path: Path) -> None:
    ours, other = locations.CHARTS / "edgecore", tmp_path / "edgecore"
    shutil.copytree(ours, other)
    assert checks_alike(ours, other)
    (other / changed).parent.mkdir(parents=True, exist_ok=True)
    with (other / changed).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert checks_alike(ours, other) == alike
