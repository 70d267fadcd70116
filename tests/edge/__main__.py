"""`python -m tests.edge`: run tests/edge for each KubeEdge release.

Each file of tests is a run of its own for each release. Some run at the same time, since they mostly wait.
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
# The longest first.
FILES = ("faults", "profiles", "switch", "rotate", "upgrade")
PARALLEL = 4
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
    """One file of tests with one release."""

    release: str
    file: str

    @property
    def name(self) -> str:
        """Return the name of its control groups."""
        return f"edge-{os.getpid()}-{self.release}-{self.file}"

    def play(self, arguments: list[str]) -> int:
        """Run the tests in their own namespaces, print what they print, and return pytest's exit code."""
        inside = [sys.executable, "-m", "tests.edge.inside", self.release, self.file, *arguments]
        try:
            with subprocess.Popen(
                ["setpriv", "--pdeathsig=KILL", "unshare", *SPACES, *inside],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                preexec_fn=lambda: cgroups.enter(self.name),
            ) as started:
                assert started.stdout
                for line in started.stdout:
                    sys.stdout.write(f"[{self.release} {self.file}] {line}")
                    sys.stdout.flush()
            return started.returncode
        finally:
            cgroups.remove(self.name)


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
        Run(release, file)
        for file in options.file or FILES
        for release in options.release or releases()
        # An upgrade ends at the newest release.
        if file != "upgrade" or release == releases()[-1]
    ]
    shutil.rmtree(ROOT / "build" / "edge", ignore_errors=True)
    with ThreadPoolExecutor(options.n) as pool:
        code: int = max(pool.map(lambda one: one.play(arguments), runs))
    whole = not (options.file or options.release or arguments)
    return code or (results.main([]) if whole else 0)


if __name__ == "__main__":
    sys.exit(main())
