"""`python -m tests.edge`: run tests/edge once for each KubeEdge release, all releases at the same time.

Each run has its own namespaces: mounts, network, processes, host name, control groups. All its programs end
with its first process, and that ends with this one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from tests.edge import cgroups
from tests.edge.releases import releases

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("containerd", "ctr", "runc", "busybox", "iptables", "ip", "unshare", "nsenter", "setpriv", "curl")
PACKAGES = (
    "containerd runc busybox-static iptables iproute2 util-linux curl sysvinit-utils containernetworking-plugins"
)
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


def run(release: str, name: str, arguments: list[str]) -> subprocess.Popen[str]:
    """Start the tests of a release in their own namespaces."""
    inside = [sys.executable, "-m", "tests.edge.inside", release, name, *arguments]
    return subprocess.Popen(
        ["setpriv", "--pdeathsig=KILL", "unshare", *SPACES, *inside],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: cgroups.enter(name),
    )


def copy(lines: IO[str], prefix: str) -> None:
    """Print the lines of a run, each after its release."""
    for line in lines:
        sys.stdout.write(f"{prefix} {line}")
        sys.stdout.flush()


def main() -> int:
    """Run the tests; exit with the highest exit code of the runs, or with 3 if the machine lacks something."""
    parser = argparse.ArgumentParser(prog="python -m tests.edge", description="Other arguments go to pytest.")
    parser.add_argument("--release", action="append", choices=releases(), help="only this release")
    options, arguments = parser.parse_known_args()
    if lacks := missing():
        print(
            f"tests.edge: this machine lacks {', '.join(lacks)} "
            f"(run as root after: apt-get install {PACKAGES})",
            file=sys.stderr,
        )
        return 3
    runs, threads = {}, []
    for release in options.release or releases():
        name = f"edge-{os.getpid()}-{release}"
        runs[name] = started = run(release, name, arguments)
        assert started.stdout
        threads.append(threading.Thread(target=copy, args=(started.stdout, f"[{release}]")))
        threads[-1].start()
    try:
        return max(started.wait() for started in runs.values())
    finally:
        for name, started in runs.items():
            started.kill()
            started.wait()
            cgroups.remove(name)
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    sys.exit(main())
