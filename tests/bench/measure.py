"""Measure processes and calls: wall time, peak memory, paired runs. Independent of the generator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Run:
    """One process from start to exit: wall time in milliseconds, peak resident memory in MB."""

    ms: float
    mb: float


def process(
    command: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None
) -> Run:
    """Run `command` once in `folder` and discard its output; raise CalledProcessError if it fails.

    The memory includes its child processes. It is never below the memory of the measuring process, because
    Linux keeps the peak over an exec, so do not import anything large before.
    """
    begin = perf_counter()
    child = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    # Linux counts in KiB, macOS in bytes.
    return Run(seconds * 1000, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))


def paired(first: Callable[[], Run], second: Callable[[], Run], times: int) -> tuple[Run, Run, float]:
    """Run two functions in turn, so that load of the machine affects both; the first run of each is ignored.

    Returns the median of each, and the median of second / first over the pairs.
    """
    first(), second()
    pairs = [(first(), second()) for _ in range(times)]
    ratio = median(b.ms / a.ms for a, b in pairs)
    return middle([a for a, _ in pairs]), middle([b for _, b in pairs]), ratio


def middle(runs: Sequence[Run]) -> Run:
    """Return the median time and the highest memory of several runs."""
    return Run(median(run.ms for run in runs), max(run.mb for run in runs))


def call(function: Callable[[], object], seconds: float = 2.0) -> float:
    """Call `function` repeatedly for about `seconds` and return the median of one call in milliseconds."""
    function()
    times: list[float] = []
    end = perf_counter() + seconds
    while perf_counter() < end or len(times) < 5:
        begin = perf_counter()
        function()
        times.append((perf_counter() - begin) * 1000)
    return median(times)


def machine() -> str:
    """Name the machine: processor, cores, operating system, Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    python = ".".join(map(str, sys.version_info[:3]))
    system = os.uname()
    return (
        f"{names[0] if names else system.machine}, {os.cpu_count()} cores, {system.sysname}, Python {python}"
    )
