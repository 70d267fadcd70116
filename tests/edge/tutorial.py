"""docs/tutorial.md as its reader works through it: a terminal with the cluster, and SSH to the node."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.control_plane import binary
from tests.edge import machine
from tests.edge.world import World

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
# Stands for any text in a line, or in a line of its own for any lines.
LEFT_OUT = "…"
# The disk is that of the machine: a node that finds it nearly full runs no pods. The rest saves time.
OF_THIS_MACHINE = """\
edgeCore:
  modules:
    edgeHub: {heartbeat: 5}
    edged:
      tailoredKubeletConfig:
        evictionHard:
          imagefs.available: 1Mi
          imagefs.inodesFree: 1%
          memory.available: 10Mi
          nodefs.available: 1Mi
          nodefs.inodesFree: 1%
"""
# `generator` reads the values of this machine before the site file. The node is this machine too: `scp`
# copies a folder, and `ssh` runs a command in the network of the node.
COMMANDS = {
    "generator": """\
for word; do
    shift
    case $word in site.yaml) set -- "$@" machine.yaml -f site.yaml ;; *) set -- "$@" "$word" ;; esac
done
exec {generator} "$@"
""",
    "scp": 'exec cp -r "$2" "${{3#*:}}"\n',
    "ssh": 'shift\nexec {on_edge} sh -c "$*"\n',
}
SECONDS = 700


@dataclass(frozen=True)
class Example:
    """A command of the page, and the output that the page shows; "" if it shows none."""

    command: str
    output: str


def files() -> dict[str, str]:
    """Return the files that the page has the reader write, by name."""
    return dict(
        re.findall(r"^```yaml\n# (\S+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    )


def examples() -> Iterator[Example]:
    """Yield the commands of the page in their order."""
    for block in _found(r"^```console\n(.*?)^```$"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, output = part.split("\n", 1)
            yield Example(command, output)


def _found(pattern: str) -> list[Any]:
    return re.findall(pattern, PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def matches(output: str, shown: str) -> bool:
    """Return whether the page shows an output; a page that shows none says nothing about it."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == LEFT_OUT else ".*".join(map(re.escape, line.split(LEFT_OUT))) + r"\n"
        for line in shown.splitlines()
    )
    return not shown or re.fullmatch(pattern, output) is not None


class Terminal:
    """The terminal of the reader."""

    def __init__(self, world: World) -> None:
        """Put the commands of the tutorial on PATH."""
        self._folder = world.generator.folder
        programs = self._folder / "bin"
        programs.mkdir()
        values = {
            "generator": shlex.quote(str(Path(sys.executable).parent / "generator")),
            "on_edge": shlex.join(machine.ON_EDGE),
        }
        for name, text in COMMANDS.items():
            (programs / name).write_text("#!/bin/sh\n" + text.format(**values), "utf-8")
            (programs / name).chmod(0o755)
        (programs / "kubectl").symlink_to(binary("kubectl"))
        (programs / "helm").symlink_to(world.helm.path)
        (self._folder / "machine.yaml").write_text(OF_THIS_MACHINE, "utf-8")
        for name, text in files().items():
            (self._folder / name).write_text(text, "utf-8")
        self._environment = {
            "HOME": str(self._folder),
            "KUBECONFIG": str(world.plane.kubeconfig),
            "PATH": f"{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        }
        assert shutil.which("openssl"), "openssl is missing"

    def run(self, command: str) -> tuple[int, str]:
        """Run a command; return its exit code and what a terminal would show."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return done.returncode, done.stdout
