"""`python -m tests.edge`: run tests/edge for each KubeEdge release.

Each file of tests is a run of its own for each release, one also for each profile and with another file after
it. A few run at the same time, since they mostly wait.
Each run has its own namespaces: mounts, network, processes, host name, control groups. All its programs end
with its first process, and that ends with this one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.edge import cgroups, results
from tests.edge.releases import releases

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("containerd", "ctr", "runc", "busybox", "iptables", "ip", "unshare", "nsenter", "setpriv", "curl")
PACKAGES = "containerd runc busybox-static containernetworking-plugins iptables iproute2 curl"
# The longest first, so that short runs fill the gaps at the end.
FILES = ("profiles", "rollout", "upgrade", "tutorial", "switch", "rotate")
# The faults begin where everything works, so they follow in the same cluster.
THEN = {"profiles": ("faults",)}
# The tests of these files take each of these profiles by itself.
BY_PROFILE = {"profiles": results.PROFILES, "rollout": ("plain", "mtls")}
# These begin with the older release and end with the newest one.
ACROSS = ("upgrade", "tutorial")
# What the older release runs besides; `--release` runs every file with it.
OLDER = {("profiles", "mtls")}
# KubeEdge loses a message now and then, so a whole run ends at its first failure and is repeated once. Tests
# after a failure would mostly wait: they share one cluster.
TRIES = 2
AT_FIRST_FAILURE = ["--exitfirst"]
PARALLEL = 4
# CI shows only the last lines of a log.
SHOWN_LINES = 8
SHOWN_WIDTH = 300
SPACES = ("--mount", "--net", "--pid", "--fork", "--uts", "--cgroup", "--mount-proc", "--kill-child=KILL")


def missing() -> list[str]:
    """Return what this machine lacks."""
    found = []
    if os.geteuid():
        found.append("root")
    found += [program for program in PROGRAMS if not shutil.which(program)]
    if not Path("/usr/lib/cni/loopback").exists():
        found.append("the CNI plugins")
    if not any(one.options == "memory" for one in cgroups.hierarchies()):
        found.append("cgroup v1 with the memory controller")
    return found


@dataclass(frozen=True)
class Run:
    """One file of tests with one release, and with one profile if the tests take each by itself.

    Files that follow in the same cluster belong to the run.
    """

    release: str
    file: str
    profile: str = ""

    @property
    def title(self) -> str:
        """Return the name of the run, which its lines and its folder have."""
        return "-".join(filter(None, (self.file, self.profile)))

    def play(self, arguments: list[str]) -> Ended:
        """Run the tests in their own namespaces, print what they print, and return how they ended."""
        name = f"{cgroups.PREFIX}{os.getpid()}-{self.release}-{self.title}"
        files = (self.file, *THEN.get(self.file, ()))
        tests = [*(f"tests/edge/test_{file}.py" for file in files), f"--edge-release={self.release}"]
        if self.profile:
            tests.append(f"--edge-profile={self.profile}")
        folder = results.FOLDER / self.release / self.title
        inside = [sys.executable, "-m", "tests.edge.inside", str(folder), *tests, *arguments]
        errors = []
        try:
            with subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "unshare", *SPACES, *inside],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                preexec_fn=lambda: cgroups.enter(name),
            ) as started:
                assert started.stdout
                for line in started.stdout:
                    sys.stdout.write(f"[{self.release} {self.title}] {line}")
                    sys.stdout.flush()
                    if line.startswith(("E  ", "FAILED ", "ERROR ")):
                        errors.append(line)
        finally:
            cgroups.remove(name)
        if started.returncode == 0:
            # The images of a node are nearly 1 GB. The logs stay.
            shutil.rmtree(folder / "machine")
        return Ended(self, started.returncode, errors)


@dataclass(frozen=True)
class Ended:
    """A run that ended: pytest's exit code, and the lines of its output that tell what failed."""

    run: Run
    code: int
    errors: list[str]

    def summary(self) -> str:
        """Return the name of the run and its errors, short enough for the end of a CI log."""
        lines = [f"[{self.run.release} {self.run.title}] exit code {self.code}"]
        lines += [line.rstrip()[:SHOWN_WIDTH] for line in self.errors[-SHOWN_LINES:]]
        return "\n  ".join(lines)


def main() -> int:
    """Run the tests; return the highest exit code of the runs, or 3 if the machine lacks something."""
    parser = argparse.ArgumentParser(prog="python -m tests.edge", description="Other arguments go to pytest.")
    parser.add_argument("--release", action="append", choices=releases(), help="only this release")
    parser.add_argument("--file", action="append", choices=FILES, help="only this file of tests")
    parser.add_argument("-n", type=int, default=PARALLEL, help="how many runs at the same time")
    options, arguments = parser.parse_known_args()
    if lacks := missing():
        fix = f"run as root after: apt-get install {PACKAGES}"
        sys.stderr.write(f"tests.edge: this machine lacks {', '.join(lacks)} ({fix})\n")
        return 3
    runs = [
        Run(release, file, profile)
        for file in options.file or FILES
        for profile in BY_PROFILE.get(file, ("",))
        for release in options.release or releases()
        if release == releases()[-1] or (file not in ACROSS and (options.release or (file, profile) in OLDER))
    ]
    cgroups.remove_old()
    shutil.rmtree(results.FOLDER, ignore_errors=True)
    whole = not (options.file or options.release or arguments)
    failed: list[Ended] = []
    for _ in range(TRIES if whole else 1):
        failed = _play(runs, options.n, AT_FIRST_FAILURE if whole else arguments)
        for one in failed:
            sys.stderr.write(f"{one.summary()}\n")
        runs = [one.run for one in failed]
    if failed:
        return max(one.code for one in failed)
    return results.main([]) if whole else 0


def _play(runs: list[Run], number: int, arguments: list[str]) -> list[Ended]:
    """Play runs, some at the same time; return those that failed."""
    with ThreadPoolExecutor(number) as pool:
        started = [pool.submit(one.play, arguments) for one in runs]
        try:
            ended = [one.result() for one in started]
        except KeyboardInterrupt:
            # The runs got the signal too.
            pool.shutdown(cancel_futures=True)
            raise SystemExit(130) from None
    return [one for one in ended if one.code]


if __name__ == "__main__":
    sys.exit(main())
