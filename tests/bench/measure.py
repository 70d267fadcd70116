"""Measure processes and calls: time, CPU time, peak memory, paired runs. Independent of the generator."""

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
    """One process, or several one after the other: wall time, CPU time (in ms) and peak memory (in MB)."""

    ms: float
    cpu: float
    mb: float


@dataclass(frozen=True)
class Runs:
    """Several equal runs."""

    runs: tuple[Run, ...]

    @property
    def ms(self) -> float:
        """Return the median wall time."""
        return median(run.ms for run in self.runs)

    @property
    def cpu(self) -> float:
        """Return the median CPU time."""
        return median(run.cpu for run in self.runs)

    @property
    def mb(self) -> float:
        """Return the highest memory."""
        return max(run.mb for run in self.runs)

    def __str__(self) -> str:
        low, high = min(run.ms for run in self.runs), max(run.ms for run in self.runs)
        return f"{self.ms:.0f} ms ({low:.0f} to {high:.0f}), CPU {self.cpu:.0f} ms"


def process(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    codes: Sequence[int] = (0,),
) -> Run:
    """Run `command` once in `folder` and discard its output; raise CalledProcessError for other exit codes.

    Time and memory include its child processes. The memory is never below that of the measuring process,
    because Linux keeps the peak over an exec, so do not import anything large before.
    """
    # As for an operator: bytecode is cached, whatever this environment sets.
    given = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})}
    begin = perf_counter()
    child = subprocess.Popen(
        command, env=given, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(child.pid, 0)
    seconds = perf_counter() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in codes:
        raise subprocess.CalledProcessError(child.returncode, command)
    cpu = usage.ru_utime + usage.ru_stime
    # Linux counts in KiB, macOS in bytes.
    return Run(seconds * 1000, cpu * 1000, usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3))


def together(runs: Sequence[Run]) -> Run:
    """Return several processes one after the other as one run."""
    return Run(sum(run.ms for run in runs), sum(run.cpu for run in runs), max(run.mb for run in runs))


def paired(first: Callable[[], Run], second: Callable[[], Run], times: int) -> tuple[Runs, Runs, str]:
    """Run two functions in turn, so that load of the machine affects both; the first run of each is ignored.

    Returns the runs of each, and the median ratio second / first over the pairs, of time and of CPU time.
    """
    first(), second()
    pairs = [(first(), second()) for _ in range(times)]
    time, cpu = median(b.ms / a.ms for a, b in pairs), median(b.cpu / a.cpu for a, b in pairs)
    return (
        Runs(tuple(a for a, _ in pairs)),
        Runs(tuple(b for _, b in pairs)),
        f"{time:.2f} × (CPU {cpu:.2f} ×)",
    )


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
    """Name the machine: cores, operating system, Python, and how busy it is."""
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{os.cpu_count()} cores, {os.uname().sysname}, Python {python}, load {os.getloadavg()[0]:.0f}"
