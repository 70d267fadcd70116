"""A fake edge node for update.sh: files, /proc, clock, edgecore and its endpoint below one folder."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from generator import locations

SCRIPTS = locations.CHARTS / "edgecore" / "node"
PROGRAMS = Path(__file__).parent / "programs"
FAKES = ("sleep", "sync", "hostname", "restart-edgecore", "curl")
# The programs that the scripts and the fake programs need. A node has these, or busybox.
TOOLS = (
    "awk", "cat", "chmod", "cmp", "cp", "cut", "date", "dirname", "env", "grep", "head", "ln", "ls",
    "mkdir", "mv", "readlink", "rm", "sed", "setsid", "sha256sum", "sort", "tail", "tee", "timeout", "touch",
    "tr",
)  # fmt: skip
SHELLS = ("sh", "busybox")
SERVER = "192.0.2.10:10000"


def which(name: str) -> str:
    """Return the path of a program, which must exist."""
    path = shutil.which(name)
    assert path, f"these tests need {name} (Debian: apt-get install busybox-static curl wget)"
    return path


def tools(shell: str, folder: Path) -> None:
    """Fill a folder with links to the programs of a node."""
    folder.mkdir()
    busybox = shell == "busybox"
    for name in TOOLS:
        (folder / name).symlink_to(which("busybox" if busybox else name))
    (folder / "sh").symlink_to(which("busybox") if busybox else "/bin/sh")


def config(**changes: Any) -> dict[str, Any]:
    """Return an edgecore.yaml; `changes` maps dotted paths, with __ for the dot, to values."""
    data: dict[str, Any] = {
        "apiVersion": "edgecore.config.kubeedge.io/v1alpha2",
        "kind": "EdgeCore",
        "modules": {
            "edgeHub": {"heartbeat": 15, "token": "secret", "websocket": {"enable": True, "server": SERVER}},
            "edged": {"hostnameOverride": "edge-1"},
            "metaManager": {"metaServer": {"enable": True, "server": "127.0.0.1:10550"}},
        },
    }
    for key, value in changes.items():
        *parents, last = key.split("__")
        target = data
        for parent in parents:
            target = target.setdefault(parent, {})
        target[last] = value
    return data


@dataclass(frozen=True)
class Edgecore:
    """How edgecore behaves with a file. `answers` are HTTP statuses, `ready` is the condition of the Node."""

    runs: bool = True
    state: str = "S (sleeping)"
    loops: bool = False
    peer: str = "0A0200C0:2710"
    connection: str = "01"
    inode: int = 7
    table: str = "tcp"
    services: int | None = 200
    node: int | None = 200
    events: int | None = 201
    ready: str = "True"
    stored: bool = False

    def write(self, folder: Path) -> None:
        """Write the folder of this edgecore in /proc; an edgecore that does not run has no folder there."""
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("fd", "net", "http"):
            (folder / name).mkdir(parents=True)
        if self.runs:
            (folder / "comm").write_text("edgecore\n")
        (folder / "status").write_text(f"Name:\tedgecore\nState:\t{self.state}\nPPid:\t1\n")
        (folder / "fd" / "3").symlink_to("socket:[7]")
        (folder / "fd" / "4").symlink_to("/var/log/edgecore.log")
        (folder / "net" / self.table).write_text(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt uid timeout inode\n"
            f"   0: 0B0200C0:A001 {self.peer} {self.connection} 00000000:00000000 00:00000000 00000000"
            f"     0        0 {self.inode} 1 0000000000000000 20 4 30 10 -1\n"
        )
        if self.loops:
            (folder / "loops").touch()
        for name in ("services", "node", "events"):
            status = getattr(self, name)
            if status is not None:
                (folder / "http" / name).write_text(str(status))
        (folder / "http" / "body").write_text(self._body())

    def _body(self) -> str:
        conditions = [
            {"type": "MemoryPressure", "status": "False", "message": "enough memory"},
            {"type": "Ready", "status": self.ready, "message": "the runtime is down"},
            {"type": "DiskPressure", "status": "True", "message": "the disk is full"},
        ]
        metadata = {"name": "edge-1", **({"selfLink": "/x"} if self.stored else {})}
        body = {"kind": "Node", "metadata": metadata, "status": {"conditions": conditions}}
        return json.dumps(body, separators=(",", ":"))


@dataclass(frozen=True)
class Run:
    """The end of one run: exit code, standard output and error, and the two parts of the result file."""

    code: int
    out: str
    err: str
    state: str
    message: str


@dataclass
class Node:
    """A fake node below `root`, whose programs are those of `shell`."""

    root: Path
    shell: str
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.tools, self.fakes = self.root / "tools", self.root / "fakes"
        tools(self.shell, self.tools)
        self.kubeedge, self.proc = self.root / "kubeedge", self.root / "proc"
        self.stage, self.state = self.kubeedge / "update" / "stage", self.kubeedge / "update"
        self.config = self.kubeedge / "config" / "edgecore.yaml"
        for folder in (self.fakes, self.stage, self.config.parent, self.proc / "1"):
            folder.mkdir(parents=True)
        for name in FAKES:
            self.fake(name)
        (self.proc / "uptime").write_text("1000.50 900.00\n")
        (self.proc / "1" / "mountinfo").touch()
        (self.root / "calls").touch()
        shutil.copy(SCRIPTS / "update.sh", self.stage)
        self.environment = {
            "PATH": f"{self.fakes}:{self.tools}",
            "ROOT": str(self.root),
            "CONFIG": str(self.config),
            "STATE": str(self.state),
            "PROC": str(self.proc),
            "HEALTH_TIMEOUT": "10",
            "STEADY": "2",
            "RESTART_COMMAND": "restart-edgecore",
            "ATTEMPT": "try-1",
        }
        self.has(config())
        self.wants(config(modules__edgeHub__heartbeat=20))
        self.behaves()

    # --- before a run ------------------------------------------------------------------------

    def fake(self, *names: str) -> None:
        """Put fake programs on PATH."""
        for name in names:
            (self.fakes / name).symlink_to(PROGRAMS / name)

    def has(self, data: dict[str, Any] | str) -> None:
        """Write the edgecore.yaml on the node."""
        for path in (self.config, self.root / "old.yaml"):
            path.write_text(text_of(data))

    def wants(self, data: dict[str, Any] | str) -> None:
        """Write the wanted edgecore.yaml."""
        (self.stage / "edgecore.yaml").write_text(text_of(data))

    def defaults(self, data: dict[str, Any] | str) -> None:
        """Write the defaults of the release."""
        (self.stage / "defaults").write_text(text_of(data))

    def behaves(self, new: Edgecore | None = None, old: Edgecore | None = None) -> None:
        """Set how edgecore behaves with the new and with the old file."""
        (new or Edgecore()).write(self.root / "edgecores" / "new")
        (old or Edgecore()).write(self.root / "edgecores" / "old")

    def process(self, pid: int, **files: str) -> Path:
        """Write the folder of a process in /proc."""
        folder = self.proc / str(pid)
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
        return folder

    # --- a run and after it ------------------------------------------------------------------

    def run(self, *, kill_at: int = 0, **more: str) -> Run:
        """Run update.sh, killed in place of a step; `more` is added to its environment."""
        old = self.root / "edgecores" / "old"
        if (old / "comm").exists() and not any(self.proc.glob("4*")):
            (self.proc / "4000").symlink_to(old)
        return self.start([str(self.stage / "update.sh")], {"KILL_AT": str(kill_at), **more})

    def start(self, command: Sequence[str], more: Mapping[str, str]) -> Run:
        """Run a script with its arguments; `more` is added to its environment."""
        (self.root / "count").write_text("0\n")
        # The fake programs kill the script by this number.
        start = f'SCRIPT=$$; export SCRIPT\n{self._functions()}. "$0"'
        done = subprocess.run(
            [str(self.tools / "sh"), "-c", start, *command],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        result = self.state / "result"
        state, _, message = (result.read_text() if result.exists() else "").partition("\n")
        return Run(done.returncode, done.stdout, done.stderr, state, message.strip())

    def _functions(self) -> str:
        """Return shell functions that call the fake programs.

        The shell of Debian's busybox ignores PATH for the programs that busybox has.
        """
        names = self.environment["PATH"].split(":")[:-1] if self.shell == "busybox" else []
        found = {path.name: path for folder in reversed(names) for path in Path(folder).iterdir()}
        return "".join(f'{name}() {{ "{path}" "$@"; }}\n' for name, path in found.items() if "-" not in name)

    def steps(self, *names: str) -> None:
        """Count the calls of programs, so that `run(kill_at=N)` kills the script at each."""
        folder = self.root / "steps"
        folder.mkdir()
        for name in names:
            (folder / name).symlink_to(PROGRAMS / "step")
        self.environment["PATH"] = f"{folder}:{self.environment['PATH']}"

    def calls(self, name: str) -> list[str]:
        """Return the calls of a fake program."""
        lines = (self.root / "calls").read_text().splitlines()
        return [line for line in lines if line.split()[0] == name]

    @property
    def data(self) -> dict[str, Any]:
        """Return the settings on the node."""
        found: dict[str, Any] = yaml.safe_load(self.config.read_text())
        return found

    @property
    def backups(self) -> list[Path]:
        """Return the old files, the newest first."""
        found = self.config.parent.glob("edgecore.yaml.*")
        return sorted(found, key=lambda path: -path.stat().st_mtime)


def text_of(data: dict[str, Any] | str) -> str:
    """Return a config as the charts write it: block style, sorted."""
    return data if isinstance(data, str) else yaml.safe_dump(data)
