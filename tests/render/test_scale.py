"""A site with many node groups: time and memory of whole processes grow with the number of groups only."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.manifests import fleet

pytestmark = pytest.mark.long

FEW, MANY = 50, 400
# make bench measures 1 000 groups.
MOST_KILOBYTES = 500_000


def measured(folder: Path, *arguments: str, code: int = 0) -> tuple[float, int]:
    """Run the generator; return its CPU time in seconds and the peak memory of all runs in kilobytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "generator", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, after.ru_maxrss


def test_render_is_linear_in_node_groups(tmp_path: Path) -> None:
    times = []
    for number in (FEW, MANY):
        (tmp_path / f"{number}.yaml").write_text(fleet(number), "utf-8")
        seconds, kilobytes = measured(tmp_path, "render", "-f", f"{number}.yaml", "-o", f"out-{number}")
        assert kilobytes < MOST_KILOBYTES
        times.append(seconds)
    assert len([*(tmp_path / f"out-{MANY}/edgecore").glob("*/update.sh")]) == MANY
    assert times[1] < times[0] * MANY / FEW


def test_diff_is_linear_in_node_groups(tmp_path: Path) -> None:
    times = []
    for number in (FEW, MANY // 2):
        for mode in (0, 1):
            (tmp_path / f"{number}-{mode}.yaml").write_text(fleet(number, mode), "utf-8")
        sides = (f"{number}-0.yaml", f"{number}-1.yaml", "--chart", "edgecore")
        seconds, kilobytes = measured(tmp_path, "diff", *sides, code=1)
        assert kilobytes < MOST_KILOBYTES
        times.append(seconds)
    assert times[1] < times[0] * MANY / 2 / FEW
