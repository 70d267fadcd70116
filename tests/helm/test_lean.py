"""A lean chart renders the same documents from complete values as the whole chart from those of the user."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path, PurePath
from typing import Any

import pytest

from generator import load_site, locations, paths
from generator.components import CHARTS, KUBEEDGE
from generator.errors import InvalidInput
from generator.helm import embedded
from generator.helm.embedded import Embedded
from generator.helm.lean import decides, lean_chart
from generator.load import LoadedSite
from generator.load.layers import Layers
from generator.load.site import validate
from generator.model.chart_values import values_of_chart
from generator.model.profiles import PROFILES
from generator.model.site import Site
from generator.model.tree import walk
from generator.render.site import render_charts
from generator.upstream.releases import minors
from tests.bench.manifests import fleet

pytestmark = pytest.mark.long

SECTIONS = sorted({key.path.split(".")[0] for key in walk(Site)})
EXAMPLES = sorted((locations.CHARTS.parent / "values/examples").glob("*.yaml"))
# Other values than null, of each type. Texts are accepted where upstream writes one for a boolean or number.
OTHER: tuple[Any, ...] = (True, False, 0, 7, "", "true", "5", {}, [])
# Sections that accept none of them, nor null.
REFUSED = ("appVersion", "edgemeshVersion", "kubeedgeVersion", "profile", "spiderpool")


@pytest.fixture(autouse=True)
def _always_lean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MANY_GROUPS", 0)


def renderings(site: LoadedSite, charts: Iterable[str] = CHARTS) -> tuple[list[str], list[str]]:
    """Return the texts of all documents of a site: with the whole charts and the lean ones."""
    names = {chart: chart for chart in charts}
    whole = render_charts(Embedded(), names, site.user, "kubeedge")
    lean = render_charts(Embedded(), names, site.user, "kubeedge", complete=site.values)
    return [document.text for document in whole], [document.text for document in lean]


@pytest.mark.parametrize("profile", [None, *PROFILES])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples(example: Path, profile: str | None) -> None:
    whole, lean = renderings(load_site([str(example)], profile=profile))
    assert lean == whole
    assert len(whole) > 20


@pytest.mark.parametrize("profile", [None, *PROFILES])
def test_releases(profile: str | None) -> None:
    compared = 0
    for minor in minors(KUBEEDGE):
        values = {"kubeedgeVersion": f"v{minor}.0", **({"profile": profile} if profile else {})}
        try:
            site = validate(Layers(values), CHARTS)
        except InvalidInput:
            continue
        whole, lean = renderings(site)
        assert lean == whole, minor
        compared += 1
    assert compared > 5


def test_node_groups(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(fleet(12), "utf-8")
    whole, lean = renderings(load_site([str(path)]))
    assert lean == whole
    assert sum("edgecore.yaml" in text for text in whole) >= 12


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_that_can_be_null_or_another_value(section: str) -> None:
    compared = 0
    keys = [key.path for key in walk(Site) if key.path.split(".")[0] == section]
    for number, key in enumerate(keys):
        profile = (None, *PROFILES)[number % 5]
        for value in (None, OTHER[number % len(OTHER)]):
            values: dict[str, Any] = {"profile": profile} if profile else {}
            paths.put(values, key, value)
            try:
                site = validate(Layers(values), CHARTS)
            except InvalidInput:
                continue
            charts = [chart for chart in CHARTS if section in values_of_chart(site.values, chart)]
            whole, lean = renderings(site, charts)
            assert lean == whole, (key, value, profile)
            compared += 1
    assert bool(compared) is (section not in REFUSED)


def archived(folder: Path) -> dict[str, bytes]:
    """Return the files of a chart without checks, by their path."""
    with tarfile.open(fileobj=BytesIO(lean_chart(folder))) as archive:
        members = {member.name.partition("/")[2]: archive.extractfile(member) for member in archive}
        return {name: file.read() for name, file in members.items() if file}


@pytest.mark.parametrize("chart", ["cloudcore", "edgecore", "edgemesh"])
def test_only_checks_and_profiles_are_left_out(chart: str) -> None:
    folder = locations.CHARTS / chart
    texts = archived(folder)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    changed = {name for name, text in texts.items() if text != files[name]}
    without_body = ("/_check.tpl", "/_problems.tpl", "/_profile.tpl", "/_rules.tpl")
    emptied = {name for name in files if name.endswith(without_body)}
    assert changed == {"templates/NOTES.txt", *emptied}
    unused = ("ci/", "templates/tests/")
    left_out = {name for name in files.keys() - texts.keys() if not name.startswith(unused)}
    assert left_out == {"README.md", "values.schema.json", "values.yaml"}
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
        ("files/releases/kubeedge-1.23.json", True),
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
