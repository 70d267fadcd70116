"""A group of its own in each hierarchy of cgroup v1: what a node counts and limits stays inside it."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# The names of groups begin with this and the number of the process that made them.
PREFIX = "edge-"
END_SECONDS = 10.0


@dataclass(frozen=True)
class Hierarchy:
    """A mounted hierarchy: its folder, its mount options, and the group of this process in it."""

    folder: Path
    options: str
    group: str

    def child(self, name: str) -> Path:
        """Return the folder of a child group of this process's group."""
        return self.folder / self.group.lstrip("/") / name


def hierarchies() -> list[Hierarchy]:
    """Return the hierarchies of cgroup v1 on this machine; none with cgroup v2 alone."""
    groups = {}
    for line in Path("/proc/self/cgroup").read_text("utf-8").splitlines():
        _, controllers, group = line.split(":", 2)
        groups[controllers] = group
    found = []
    for line in Path("/proc/self/mountinfo").read_text("utf-8").splitlines():
        front, back = line.split(" - ")
        kind, _, options = back.split(" ")
        own = ",".join(one for one in options.split(",") if one not in ("rw", "ro", "clone_children"))
        if kind == "cgroup" and own in groups:
            found.append(Hierarchy(Path(front.split(" ")[4]), own, groups[own]))
    return found


def enter(name: str) -> None:
    """Create the group `name` in each hierarchy and move this process into it."""
    for hierarchy in hierarchies():
        group = hierarchy.child(name)
        group.mkdir(exist_ok=True)
        if hierarchy.options == "cpuset":
            # A new group has no processors, and then no process may enter it. Groups inside copy this one.
            for file in ("cpuset.cpus", "cpuset.mems"):
                (group / file).write_text((group.parent / file).read_text())
            (group / "cgroup.clone_children").write_text("1")
        (group / "cgroup.procs").write_text("0")


def remove(name: str) -> None:
    """Remove the groups that `enter` created, and the groups inside them, after their processes ended."""
    for hierarchy in hierarchies():
        top = hierarchy.child(name)
        inside = sorted((one for one in top.rglob("*") if one.is_dir()), reverse=True)
        for group in (*inside, top):
            _remove(group)


def remove_old() -> None:
    """Remove the groups of runs that were killed."""
    for hierarchy in hierarchies():
        for group in hierarchy.child("").glob(f"{PREFIX}*-*-*"):
            if not Path("/proc", group.name.removeprefix(PREFIX).partition("-")[0]).exists():
                remove(group.name)


def _remove(group: Path) -> None:
    end = time.monotonic() + END_SECONDS
    while group.is_dir():
        try:
            group.rmdir()
        except OSError:
            # The kernel still counts a process that has just ended.
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def mount() -> None:
    """Show this process's groups as the roots, in a mount namespace of its own and a cgroup namespace."""
    found = hierarchies()
    top = Path("/sys/fs/cgroup")
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", top], check=True)
    for hierarchy in found:
        (top / hierarchy.folder.name).mkdir()
        place = str(top / hierarchy.folder.name)
        subprocess.run(["mount", "-t", "cgroup", "-o", hierarchy.options, "cgroup", place], check=True)
