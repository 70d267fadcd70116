"""`generator` as a user runs it against the cluster under test: in a process with its own environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.cluster.control_plane import binary
from tests.cluster.helm import Done, Helm

GENERATOR = Path(sys.executable).parent / "generator"
SECONDS = 300


@dataclass
class Generator:
    """The command with one Helm and one cluster."""

    helm: Helm
    folder: Path
    _started: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment: this Helm, this cluster, kubectl of the control plane."""
        own = {"HELM_BIN": str(self.helm.path), "KUBECTL": str(binary("kubectl"))}
        return {**self.helm.environment, **own, "PATH": os.environ["PATH"]}

    def __call__(self, *arguments: str, code: int = 0) -> Done:
        """Run a command that must exit with `code`; return its output."""
        running = self.start(*arguments)
        out, err = running.communicate(timeout=SECONDS)
        assert running.returncode == code, f"{arguments}: {running.returncode}\n{out}\n{err}"
        return Done(running.returncode, out, err)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command without a terminal or input."""
        running = subprocess.Popen(
            [str(GENERATOR), *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # Its own process group, as a shell creates one for each command.
            start_new_session=True,
        )
        self._started.append(running)
        return running

    def stop(self) -> None:
        """Kill commands that a failed test left running, and their helm."""
        for running in self._started:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
                running.communicate()

    def site(self, text: str, name: str = "site.yaml") -> str:
        """Write a values file and return its name."""
        (self.folder / name).write_text(text, "utf-8")
        return name
