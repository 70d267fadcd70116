"""The commands of docs/upgrade.md run in order, with stand-ins for helm and kubectl."""

from __future__ import annotations

import copy
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.catalogue import catalogue
from generator.cli import install as install_module
from generator.cli import status as status_module
from generator.components import CHARTS, DEFAULT_RELEASES, KUBEEDGE
from generator.helm.releases import LiveRelease
from generator.install import access as access_module
from generator.install import apply as apply_module
from generator.install import nodes as nodes_module
from generator.install import status as reading
from generator.install.plan import InstallPlan
from generator.load import load_site
from generator.render.site import Rendering, render_site
from tests.charts.conftest import ROOT
from tests.cli.conftest import Run, run
from tests.install.kubernetes import NODES, PODS, cloudcore, node
from tests.install.test_commands import Installed, Objects

__all__ = ["run"]

PAGE = (ROOT / "docs" / "upgrade.md").read_text("utf-8")
SITE = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
STEPS = re.findall(r"^\| .* \| \[(step-[a-z-]+)\]", PAGE, re.MULTILINE)
START, AFTER = "2026-11-28T10:05:00Z", "2026-11-28T10:06:00Z"


# The sides of a diff differ; the pods of the stand-in do not become ready.
EXIT_CODES = {"diff": 1, "status": 1}


def named(found: dict[str, Any]) -> tuple[str, str]:
    return found["kind"], found["metadata"]["name"]


class Upgraded(Installed):
    """Releases that are upgraded without Helm; tests/cluster/ and tests/edge/ upgrade real ones."""

    def __init__(self, rendering: Rendering, cluster: Objects) -> None:
        super().__init__(rendering)
        self.cluster = cluster
        self.of_chart = dict.fromkeys(CHARTS, Installed(rendering))

    def find(self, name: str) -> LiveRelease | None:
        """Return a release."""
        return self.of_chart[name].find(name)

    def apply(self, plan: InstallPlan, *_: object, **__: object) -> None:
        """Carry out the steps of this run."""
        for step in plan.now:
            self.of_chart[step.chart] = Installed(plan.rendering)
            fresh = {named(one.data): one.data for one in plan.rendering.documents if one.chart == step.chart}
            kept = [one for one in self.cluster.objects_there if named(one) not in fresh]
            self.cluster.objects_there = [*kept, *copy.deepcopy([*fresh.values()])]
            plan.done.append(step)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the files of the page, and install the site in a cluster with one connected node."""
    file = tmp_path / "site.yaml"
    file.write_text(SITE[0], "utf-8")
    shutil.copy(ROOT / "tests/check/corpus/mtls-1.16/edgecore.yaml", tmp_path)
    rendering = render_site(load_site([str(file)]))
    cluster = Objects(rendering)
    releases = Upgraded(rendering, cluster)
    cluster.lists = {NODES: [node("edge-1", heartbeat=AFTER)], PODS: [cloudcore(START)]}
    for module in (install_module, status_module):
        monkeypatch.setattr(module, "open_cluster", lambda *_: (releases, cluster))
    monkeypatch.setattr(apply_module, "apply", releases.apply)
    for waiting in (access_module, nodes_module):
        monkeypatch.setattr(waiting, "_POLL_SECONDS", 0.0)
    monkeypatch.setattr(reading, "SETTLE_SECONDS", 0.0)
    return file


def test_commands_of_the_page(run: Run, site: Path) -> None:
    newest, said = DEFAULT_RELEASES[KUBEEDGE], {}
    for line in COMMANDS:
        program, *arguments = shlex.split(line)
        if program == "cp":
            shutil.copy(*arguments)
            continue
        # Before this command, the page says to set the new release.
        if line == "generator check site.yaml":
            site.write_text(site.read_text("utf-8").replace("v1.16.6", newest), "utf-8")
        asks = arguments[0] == "install" and "--dry-run" not in arguments
        done = run(*arguments, *(["--yes"] if asks else []))
        assert done.exit_code == EXIT_CODES.get(arguments[0], 0), done.output
        said[line] = done.stdout
    assert len(said) == len(COMMANDS) - 1 == 8
    assert "[endpoint-ca-of-cluster]" in said[f"generator check --target-version {newest} site.yaml"]
    assert "[rbac-widened]" in said["generator diff values:old.yaml values:site.yaml"]
    found = re.findall(r"\[(step-[a-z-]+)\]", said["generator install -f site.yaml"])
    assert found[: len(STEPS)] == STEPS
    assert "step-nodes-done" in found
    last = said["generator install -f site.yaml --nodes-done"]
    assert "edgemesh: upgrade of revision 1\n" in last
    assert "step-" not in last


def test_page_names_only_known_codes() -> None:
    assert len(STEPS) == 4
    assert set(re.findall(r"\[([a-z0-9.-]+)\]\(codes\.md#", PAGE)) <= catalogue().keys()


def test_links_of_the_page_lead_to_headings() -> None:
    for file, anchor in re.findall(r"\]\(([a-z-]*(?:\.md)?)#([a-z0-9-]+)\)", PAGE):
        text = (ROOT / "docs" / (file or "upgrade.md")).read_text("utf-8")
        headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in anchors, f"{file}#{anchor}"
