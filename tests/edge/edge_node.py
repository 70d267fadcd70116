"""The edge node: containerd, and edgecore as join.sh and keadm start it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from tests.cluster.control_plane import binary
from tests.cluster.process import Program
from tests.edge import images
from tests.edge.machine import ON_EDGE, run
from tests.edge.waiting import until

HERE = Path(__file__).parent
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LOG = Path("/var/log/kubeedge/edgecore.log")
CONFIG = Path("/etc/kubeedge/config/edgecore.yaml")
SOCKET = Path("/run/containerd/containerd.sock")
READY_SECONDS = 60
# What edgecore and its pods write.
WRITTEN = ("/etc/kubeedge", "/var/lib/kubeedge", "/var/lib/kubelet", "/var/log/kubeedge", "/var/log/pods")

CONTAINERD = f"""\
version = 2
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{images.PAUSE}"
# This machine may forbid a score below that of containerd.
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
"""
NETWORK = {
    "cniVersion": "0.4.0",
    "name": "pods",
    "plugins": [
        {
            "type": "bridge",
            "bridge": "cni0",
            "ipam": {"type": "host-local", "ranges": [[{"subnet": "10.244.1.0/24"}]]},
        }
    ],
}


class EdgeNode:
    """The edge node of a run. There is one, since its files are the machine's."""

    def __init__(self, folder: Path, period: str) -> None:
        """Start containerd, with the tools that join.sh needs on PATH; the agents ask once in a `period`."""
        self._folder, self._period, self._loaded = folder, period, set[str]()
        self.release = ""
        self._tools()
        Path("/etc/containerd").mkdir(exist_ok=True)
        Path("/etc/containerd/config.toml").write_text(CONTAINERD, "utf-8")
        networks = Path("/etc/cni/net.d")
        networks.mkdir(parents=True, exist_ok=True)
        (networks / "10-pods.conflist").write_text(json.dumps(NETWORK), "utf-8")
        self._containerd = self._start()

    def _start(self) -> Program:
        started = Program(Path(ON_EDGE[0]), [*ON_EDGE[1:], "containerd"], self._folder / "containerd.log")
        started.wait(self._answers, READY_SECONDS)
        return started

    def power_off(self) -> None:
        """Kill every program of the node at once, as a power failure does."""
        own = Path("/proc/1/ns/net").readlink()
        for _ in range(3):
            for process in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    if (process / "ns/net").readlink() != own:
                        os.kill(int(process.name), signal.SIGKILL)
            time.sleep(0.1)
        self._containerd.stop()

    def power_on(self) -> None:
        """Start the node: without its mounts and its files in memory, with all enabled units."""
        for folder in (Path("/var/lib/kubelet"), Path("/run/containerd")):
            _empty(folder)
        shutil.rmtree("/run/units", ignore_errors=True)
        self._containerd = self._start()
        for unit in sorted(Path("/etc/systemd/system/multi-user.target.wants").glob("edgecore*")):
            run("systemctl", "start", unit.name, edge=True)

    def load(self, names: Iterable[str]) -> None:
        """Make images available."""
        images.load({*names} - self._loaded, self._period, self._folder)
        self._loaded |= {*names}

    def join(self, rendered: Path, token: str) -> str:
        """Run join.sh of a folder that `generator render` wrote; return its output."""
        return run(
            "env", f"PATH={PATH}", f"TOKEN={token}", "sh", rendered / "join.sh", edge=True, seconds=700
        )

    def execute(self, uid: str, *command: str) -> str:
        """Run a command in the container of a pod and return its output, whatever its exit code."""
        until(lambda: len(self._containers(uid)) == 1, f"the container of pod {uid} runs")
        (container,) = self._containers(uid)
        execute = ("ctr", "--namespace", "k8s.io", "tasks", "exec", "--exec-id", "test", container)
        return run(*execute, *command, edge=True, seconds=120, check=False)

    def _containers(self, uid: str) -> list[str]:
        """Return the containers of a pod that run; one that ended may still be listed."""
        labels = f'labels."io.kubernetes.pod.uid"=={uid},labels."io.cri-containerd.kind"==container'
        listed = run("ctr", "--namespace", "k8s.io", "containers", "list", "--quiet", labels, edge=True)
        running = run("ctr", "--namespace", "k8s.io", "tasks", "list", "--quiet", edge=True).split()
        return [one for one in listed.split() if one in running]

    def replace_program(self, release: str) -> None:
        """Put edgecore of another release in the place of the present one; it runs from the next start on."""
        new = Path("/usr/local/bin/edgecore.new")
        shutil.copy(binary(f"edgecore-{release}"), new)
        new.rename("/usr/local/bin/edgecore")

    def systemctl(self, verb: str) -> None:
        """Start, stop or restart edgecore."""
        run("systemctl", verb, "edgecore", edge=True)

    def reset(self, release: str) -> None:
        """Make it a new machine with the keadm of a release: without edgecore, its pods and its files."""
        self.systemctl("stop")
        self.release = release
        shutil.copy(binary(f"keadm-{release}"), "/usr/local/bin/keadm")
        listed = run("ctr", "--namespace", "k8s.io", "tasks", "list", "--quiet", edge=True)
        for task in listed.split():
            run("ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "KILL", task, edge=True)
        for folder in WRITTEN:
            _empty(Path(folder))

    def keep_log(self, folder: Path) -> None:
        """Copy the log of edgecore to a folder."""
        if LOG.exists():
            shutil.copy(LOG, folder)

    def log(self) -> str:
        """Return everything that edgecore wrote."""
        return LOG.read_text("utf-8", "replace") if LOG.exists() else ""

    def exits(self) -> int:
        """Return how often edgecore ended by itself, as systemctl.sh reports it."""
        return self.log().count("edgecore ended\n")

    def stop(self) -> None:
        """Stop edgecore and containerd; what else runs ends with the first process of the run."""
        self.systemctl("stop")
        self._containerd.stop()

    def _tools(self) -> None:
        """Put stand-ins for systemctl, sudo and pkill on PATH; say that systemd is there.

        keadm asks systemd itself whether edgecore runs. Without an answer it calls pkill, but the unit stays.
        """
        tools = Path("/usr/local/bin")
        shutil.copy(HERE / "systemctl.sh", tools / "systemctl")
        (tools / "sudo").write_text('#!/bin/sh\nexec "$@"\n', "utf-8")
        (tools / "pkill").write_text('#!/bin/sh\nexec systemctl stop "$1"\n', "utf-8")
        for name in ("systemctl", "sudo", "pkill"):
            (tools / name).chmod(0o755)
        Path("/run/systemd/system").mkdir(parents=True)

    def _answers(self) -> bool:
        done = subprocess.run(
            [*ON_EDGE, "ctr", "--namespace", "k8s.io", "images", "list"], check=False, capture_output=True
        )
        return done.returncode == 0


def _empty(folder: Path) -> None:
    """Remove what is in a folder, which may be a mount point; make it if there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    for mounted in sorted(_mounts(folder), reverse=True):
        run("umount", "--lazy", mounted)
    for one in folder.iterdir():
        shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()


def _mounts(folder: Path) -> list[str]:
    listed = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
    return [place for line in listed if (place := line.split(" ")[4]).startswith(f"{folder}/")]
