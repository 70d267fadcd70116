"""The releases whose Go types are available, and the loaders built from them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.levels import program

FOLDER = Path(__file__).parent
GO = FOLDER / "go"


@dataclass(frozen=True)
class Available:
    """A release whose API packages the Go module proxy serves; the columns of releases.txt."""

    minor: str
    module: str
    version: str
    kubernetes: str
    types: str


@dataclass(frozen=True)
class Opinion:
    """The results of a release's own code: defaults by component, findings by file."""

    defaults: dict[str, dict[str, Any]]
    findings: dict[str, list[str]]


def rows() -> list[list[str]]:
    """Return the rows of releases.txt."""
    lines = (FOLDER / "releases.txt").read_text("utf-8").splitlines()
    return [line.split() for line in lines if not line.startswith("#")]


def available() -> list[Available]:
    """List the available releases, oldest first."""
    return [Available(*row) for row in rows() if row[1] != "-"]


def ask(minor: str, files: Iterable[Path]) -> Opinion:
    """Check files named `...cloudcore.yaml` or `...edgecore.yaml` with the loader of a release."""
    command = [program(f"opinion-{minor}"), *(str(path) for path in files)]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return Opinion(**json.loads(run.stdout))
