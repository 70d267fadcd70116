"""Every command that writes files: stopped at each file operation, then run again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.certs.material import collect
from generator.certs.states import states
from generator.certs.verify import verify
from generator.cli.certs import now
from generator.render.site import Rendering
from tests.certs.sites import planned
from tests.cli.conftest import ADDRESS, Run, run  # noqa: F401 (a fixture)
from tests.stops import FAIL, INTERRUPT, KILL, Tree, stops, tree

pytestmark = pytest.mark.long

SITE = ("--profile", "mtls", "--set-string", "kubeedgeVersion=1.16", "-o", "certs")
PLAN = planned("mtls", "1.16")


def visible(files: Tree) -> Tree:
    """Return the files except hidden ones, which belong to the writing process."""
    return {name: what for name, what in files.items() if not Path(name).name.startswith(".generator")}


def keys_are_private(files: Tree) -> bool:
    """Return whether only the owner can read each file with a private key."""
    return all(not mode & 0o077 for text, mode in files.values() if b"PRIVATE KEY" in text)


# --- certs ----------------------------------------------------------------------------------


CERTS = {
    "issue": ((), ("issue",), "settled"),
    "issue --force": (("issue",), ("issue", "--force"), "settled"),
    "trust": (("issue",), ("rotate", "trust"), "trusted"),
    "leaves": (("issue", "trust"), ("rotate", "leaves"), "renewed"),
    "drop": (("issue", "trust", "leaves"), ("rotate", "drop"), "settled"),
    "abandon leaves": (("issue", "trust", "leaves"), ("rotate", "abandon"), "trusted"),
    "abandon trust": (("issue", "trust"), ("rotate", "abandon"), "settled"),
}


@pytest.mark.parametrize(
    ("verb", "how"), [*((verb, KILL) for verb in CERTS), ("leaves", INTERRUPT), ("leaves", FAIL)]
)
def test_certs_stopped_and_run_again_completes_the_stage(
    verb: str,
    how: str,
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    before, words, state = CERTS[verb]
    (tmp_path / "before").mkdir()
    for stage in before:
        run("certs", *(["rotate"] if stage != "issue" else []), stage, *SITE[:-1], "before/certs")
    old = tree(tmp_path / "before")
    shutil.copytree(tmp_path / "before", tmp_path / "through")
    assert run("certs", *words, *SITE[:-1], "through/certs").exit_code == 0
    expected = {name: mode for name, (_, mode) in tree(tmp_path / "through").items()}
    for stop in stops(tmp_path / "before", tmp_path / "work", ["certs", *words, *SITE], how):
        assert keys_are_private(stop.left), stop.operation
        if how != KILL:
            # An interrupted or failed run restores all files, or has only the cleanup left.
            files = visible(stop.left)
            assert files == old or {n: m for n, (_, m) in files.items()} == expected, stop.operation
            # On file systems without links, the command copies.
            assert stop.first == (0 if "os.link" in stop.operation and how == FAIL else 3)
        assert stop.again == 0, (stop.operation, stop.output)
        after = tree(stop.folder)
        assert {name: mode for name, (_, mode) in after.items()} == expected, stop.operation
        assert [one.name for one in states(PLAN, stop.folder / "certs")] == [state], stop.operation
        material = collect([str(stop.folder / "certs")], PLAN.secrets)
        assert verify(PLAN, material, now()).accepted, stop.operation
        shutil.rmtree(stop.folder)


# --- the others -----------------------------------------------------------------------------


def render_once(_: Path) -> None:
    """Render once before the forks, because Helm is slow; the forks use this rendering."""
    import generator.render.site

    real = generator.render.site.render_site
    if real.__name__ == "render_site":
        made: list[Rendering] = []

        def once(*arguments: Any, **more: Any) -> Rendering:
            made.extend([] if made else [real(*arguments, **more)])
            return made[0]

        generator.render.site.render_site = once


def test_render_stopped_and_run_again_writes_all_files(
    run: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "site.yaml").write_text(
        "edgeCore: {nodeGroups: {a: {}, b: {modules: {edgeHub: {token: t}}}}}\n", "utf-8"
    )
    command = ["render", "--chart", "edgecore", "--profile", "plain", "-f", str(tmp_path / "site.yaml")]
    command += ["--set", ADDRESS]
    assert run(*command, "-o", str(tmp_path / "before/build")).exit_code == 0
    # One node group is removed and one is new; other files stay.
    (tmp_path / "site.yaml").write_text("edgeCore: {nodeGroups: {a: {}, c: {}}}\n", "utf-8")
    shutil.copytree(tmp_path / "before", tmp_path / "through")
    assert run(*command, "-o", str(tmp_path / "through/build")).exit_code == 0
    expected = tree(tmp_path / "through")
    work = [*command, "-o", "build"]
    for stop in stops(tmp_path / "before", tmp_path / "work", work, setup="tests.test_stops:render_once"):
        assert stop.again == 0, (stop.operation, stop.output)
        assert tree(stop.folder) == expected, stop.operation


def few_charts(folder: Path) -> None:
    """Let `generator charts` write two small files and remove one, below `folder`."""
    from generator import locations
    from generator.chart_files import generate

    locations.ROOT, locations.CHARTS = folder, folder / "charts"
    generate.generated = lambda: {
        "charts/edgecore/README.md": "new\n",
        "charts/cloudcore/values.yaml": "new\n",
    }


def test_charts_stopped_and_run_again_are_up_to_date(tmp_path: Path) -> None:
    before = tmp_path / "before"
    (before / "charts/edgecore/files").mkdir(parents=True)
    (before / "pyproject.toml").touch()
    for name in ("edgecore/README.md", "edgecore/files/stale.json"):
        (before / "charts" / name).write_text("old\n")
    for stop in stops(before, tmp_path / "work", ["charts"], setup="tests.test_stops:few_charts"):
        assert stop.again == 0, (stop.operation, stop.output)
        assert {name: text for name, (text, _) in tree(stop.folder).items()} == {
            "pyproject.toml": b"",
            "charts/edgecore/README.md": b"new\n",
            "charts/cloudcore/values.yaml": b"new\n",
        }, stop.operation


MISSPELT = """\
apiVersion: edgecore.config.kubeedge.io/v1alpha2
kind: EdgeCore
modules:
  edgeHub:
    httpServer: https://192.0.2.10:10002
    websocket: {server: "192.0.2.10:10000"}
  metaManager: {metaServer: {enabel: true}}
"""


def without_helm(_: Path) -> None:
    """Skip the comparison of renderings: it writes no files and is slow."""
    import generator.importer

    generator.importer.differences = lambda imported: []


def test_import_stopped_and_run_again_writes_the_whole_site(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    (before / "edgecore.yaml").write_text(MISSPELT.replace("enabel", "enable"))
    (before / "site.yaml").write_text("old\n")
    work = ["import", "edgecore.yaml", "-o", "site.yaml", "--force"]
    sites: set[bytes] = set()
    helm = "tests.test_stops:without_helm"
    for stop in stops(before, tmp_path / "work", work, setup=helm, warm=False):
        assert stop.left["site.yaml"][0].startswith((b"old\n", b"# "))
        assert stop.again == 0, (stop.operation, stop.output)
        after = tree(stop.folder)
        assert after.keys() == {"edgecore.yaml", "site.yaml"}
        sites.add(after["site.yaml"][0])
    assert len(sites) == 1
    assert b"metaServer" in sites.pop()


def test_check_fix_stopped_and_run_again_keeps_the_original(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    # The endpoint stays off, because `check --fix` offers no fix that opens it.
    text = MISSPELT.replace("true", "false")
    (before / "edgecore.yaml").write_text(text)
    fixed = text.replace("enabel", "enable").encode()
    for stop in stops(before, tmp_path / "work", ["check", "--fix", "edgecore.yaml"]):
        assert text.encode() in {text for text, _ in stop.left.values()}, stop.operation
        after = {name: text for name, (text, _) in tree(stop.folder).items()}
        assert after.pop("edgecore.yaml") == fixed, (stop.operation, stop.output)
        assert after == {"edgecore.yaml.orig": text.encode()}, stop.operation
