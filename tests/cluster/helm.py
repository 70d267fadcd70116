"""Helm as a user runs it: a binary with flags, against the cluster under test."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator import locations
from tests.levels import TOOLS

Values = dict[str, Any]
# Both run every test in which Helm 3 and 4 may differ: they merge, wait, adopt or roll back.
HELMS = ("helm-3.22", "helm-4.3")
# For a test of which Helm is no part: the newest one runs it.
newest_helm = pytest.mark.parametrize("helm", HELMS[-1:], indirect=True)


@dataclass(frozen=True)
class Done:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


class Failed(Exception):
    """A command that had to succeed did not."""


class Helm:
    """One release of Helm; its caches and settings lie in a folder of the test run."""

    def __init__(self, name: str, kubeconfig: str, home: Path) -> None:
        self.path = TOOLS / name
        assert os.access(self.path, os.X_OK), f"{self.path} is missing; run `make tools`"
        self.name, self.kubeconfig = name, kubeconfig
        self.major = int(name.split("-")[1].split(".")[0])
        self.environment = {"HOME": str(home), "KUBECONFIG": kubeconfig, "PATH": os.environ["PATH"]}

    def __call__(self, *arguments: str, values: Values | None = None) -> str:
        """Run a command and return what it prints; raise Failed."""
        done = self.attempt(*arguments, values=values)
        if done.code:
            raise Failed(f"{self.name} {' '.join(arguments)}: {done.err or done.out}")
        return done.out

    def attempt(self, *arguments: str, values: Values | None = None) -> Done:
        """Run a command, which may fail; `values` go in on its standard input."""
        given = [] if values is None else ["--values", "-"]
        done = subprocess.run(
            [str(self.path), *arguments, *given],
            input=json.dumps(values or {}),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def install(
        self,
        chart: str,
        *flags: str,
        release: str = "",
        namespace: str = "kubeedge",
        values: Values | None = None,
    ) -> str:
        """Install a chart of this tree under its own name, or upgrade it."""
        return self(*self.command(chart, *flags, release=release, namespace=namespace), values=values or {})

    def command(self, chart: str, *flags: str, release: str = "", namespace: str = "kubeedge") -> list[str]:
        """Return what installs or upgrades a chart, for `attempt`."""
        place = chart if "/" in chart else str(locations.CHARTS / chart)
        name = release or Path(chart).name
        common = ["--namespace", namespace, "--create-namespace"]
        return ["upgrade", "--install", name, place, *common, *flags]

    def uninstall(self, release: str, namespace: str = "kubeedge") -> str:
        """Remove a release."""
        return self("uninstall", release, "--namespace", namespace)

    def releases(self) -> list[tuple[str, str, str]]:
        """Return (namespace, name, status) of every release, failed ones too."""
        # Helm 4 lists all of them by itself and has no such flag.
        every = ["--all"] if self.major == 3 else []
        listed = json.loads(self("list", "--all-namespaces", *every, "--output", "json"))
        return sorted((one["namespace"], one["name"], one["status"]) for one in listed)
