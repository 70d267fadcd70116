"""The machine of a run: private folders where nodes keep their files, and the networks of cloud and edge.

cloud and edge share a mount namespace and a host name; each has its own network. Nothing leaves the machine:
the addresses are those reserved for documentation, on a virtual cable between two network namespaces.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.edge import cgroups

CLOUD_ADDRESS, EDGE_ADDRESS = "192.0.2.10", "192.0.2.101"
EDGE_NODE = "edge-1"
# The address of metaServer.dummyServer, which edgecore puts on a device of this name.
DUMMY_DEVICE, DUMMY_ADDRESS = "edge-dummy0", "169.254.30.10"
# The device and address at which EdgeMesh answers DNS; the real agent makes the device.
BRIDGE_DEVICE, BRIDGE_ADDRESS = "edgemesh0", "169.254.96.16"
# Prefix of a command that runs in the network of the edge node.
ON_EDGE = ("nsenter", "--net=/run/netns/edge", "--")

# Changes of these folders are lost: KubeEdge's programs and keadm write there.
LAYERED = ("/etc", "/usr/local", "/var", "/opt")
# The node's data. overlayfs cannot lie on overlayfs, and containerd needs it.
OWN = ("/var/lib/containerd", "/var/lib/kubelet", "/var/lib/kubeedge", "/var/log", "/etc/kubeedge")


def prepare(folder: Path) -> None:
    """Make the private folders and the networks; `folder` is emptied and keeps logs and data.

    Run this once, as the first process in new namespaces.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    cgroups.mount()
    _mount_folders(folder / "machine")
    socket.sethostname(EDGE_NODE)
    Path("/etc/hosts").write_text(f"127.0.0.1 localhost\n{EDGE_ADDRESS} {EDGE_NODE}\n", "utf-8")
    _make_networks()


def run(*command: str | Path, edge: bool = False, seconds: float = 60, check: bool = True) -> str:
    """Run a command, on the edge node's network if asked, and return its output; fail with all of it."""
    whole: Sequence[str | Path] = (*ON_EDGE, *command) if edge else command
    done = subprocess.run(
        whole,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert not check or done.returncode == 0, f"{' '.join(map(str, command))}: {done.stdout}"
    return done.stdout


def _mount_folders(kept: Path) -> None:
    for place in LAYERED:
        upper, work = kept / "upper" / place[1:], kept / "work" / place[1:]
        upper.mkdir(parents=True)
        work.mkdir(parents=True)
        options = f"lowerdir={place},upperdir={upper},workdir={work}"
        run("mount", "-t", "overlay", "overlay", "-o", options, place)
    for place in OWN:
        own = kept / "own" / place[1:]
        own.mkdir(parents=True)
        Path(place).mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", own, place)
    run("mount", "-t", "tmpfs", "tmpfs", "/run")


def _make_networks() -> None:
    run("ip", "link", "set", "lo", "up")
    run("ip", "netns", "add", "edge")
    run("ip", "link", "add", "to-edge", "type", "veth", "peer", "name", "eth0", "netns", "edge")
    run("ip", "address", "add", f"{CLOUD_ADDRESS}/24", "dev", "to-edge")
    run("ip", "link", "set", "to-edge", "up")
    # The programs take the address of the interface with the default route for that of their machine.
    run("ip", "route", "add", "default", "dev", "to-edge")
    run("ip", "link", "set", "lo", "up", edge=True)
    run("ip", "address", "add", f"{EDGE_ADDRESS}/24", "dev", "eth0", edge=True)
    run("ip", "link", "set", "eth0", "up", edge=True)
    run("ip", "route", "add", "default", "dev", "eth0", edge=True)
    run("ip", "link", "add", BRIDGE_DEVICE, "type", "bridge", edge=True)
    run("ip", "address", "add", f"{BRIDGE_ADDRESS}/32", "dev", BRIDGE_DEVICE, edge=True)
    run("ip", "link", "set", BRIDGE_DEVICE, "up", edge=True)
    # A kernel without the driver `dummy`: edgecore accepts any device of this name.
    dummy = run("ip", "link", "add", DUMMY_DEVICE, "type", "dummy", edge=True, check=False)
    if dummy:
        run("ip", "link", "add", DUMMY_DEVICE, "type", "bridge", edge=True)
        sys.stdout.write(f"{DUMMY_DEVICE} is a bridge: this kernel has no device of type dummy\n")
