"""How much work the commands do: a change that does work twice changes a number here, on any machine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.bench.manifests import fleet, stream
from tests.counts import AGAIN, API, BYTES, CHARTS, RENDERINGS, YAML, count

ROOT = Path(__file__).resolve().parents[1]
FILES = ["tests/data/check/cloudcore.yaml", "tests/data/check/edgecore.yaml", "edgemesh-agent.yaml"]
AGENT = "modules: {edgeProxy: {enable: true}, edgeDNS: {enable: true}}\n"
ADDRESS = "cloudCore.modules.cloudHub.advertiseAddress[0]=192.0.2.10"
RENDER = {YAML: 51, CHARTS: 3, RENDERINGS: 3, BYTES: 57}
# Commands that run one after the other in one process, and the counts of each.
WORK = {
    "render": [(["render", "--profile", "mtls"], RENDER)],
    "render 10 node groups into files": [
        (
            ["render", "-f", "site.yaml", "-o", "out"],
            {YAML: 73, CHARTS: 3, RENDERINGS: 3, BYTES: 4429},
        )
    ],
    # Another address is read by two charts, which are loaded as lean charts and get complete values. Most
    # objects are known.
    "render several sites": [
        ([API], RENDER),
        ([API], {YAML: 3, AGAIN: 3}),
        ([API, ADDRESS], {YAML: 6, AGAIN: 1, CHARTS: 2, RENDERINGS: 2, BYTES: 10920}),
    ],
    "check": [(["check", *FILES], {YAML: 15, AGAIN: 5})],
    "diff": [(["diff", "v1.yaml", "v2.yaml"], {YAML: 21})],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the files that the commands read."""
    (tmp_path / "site.yaml").write_text(fleet(10), "utf-8")
    (tmp_path / "edgemesh-agent.yaml").write_text(AGENT, "utf-8")
    shutil.copytree(ROOT / "tests/data/check", tmp_path / "tests/data/check")
    for side in ("v1", "v2"):
        (tmp_path / f"{side}.yaml").write_text(stream(20, side), "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", WORK)
def test_a_command_does_its_work_once(name: str, folder: Path) -> None:
    commands = [command for command, _ in WORK[name]]
    found = count(folder, commands)
    for command, expected, counted in zip(commands, (counts for _, counts in WORK[name]), found, strict=True):
        changed = [
            f"{what}: {counted.get(what, 0)}, before {expected.get(what, 0)}"
            for what in sorted({*expected, *counted})
            if counted.get(what, 0) != expected.get(what, 0)
        ]
        assert not changed, (
            f"generator {' '.join(command)} does more or less work than before:\n"
            + "\n".join(changed)
            + "\nIf this is necessary, change the numbers in tests/test_counts.py."
        )
