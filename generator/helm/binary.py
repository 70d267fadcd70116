"""The binary engine: a helm of the user's, run through pyhelm3's command layer.

pyhelm3's own `template` and value merge are not used: the merge joins lists and drops nulls, where
Helm replaces and deletes. Values go in as one document on standard input.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import shutil
from pathlib import Path
from typing import Any

from pyhelm3 import errors
from pyhelm3.command import Command

from generator import locations
from generator.errors import HelmError
from generator.helm.documents import Document, in_order, reason, split

OLDEST = (3, 10)

# pyhelm3 logs every command that fails; what went wrong is in the exception.
logging.getLogger("pyhelm3").addHandler(logging.NullHandler())


class Binary:
    """Renders with `helm template`; the binary is $HELM_BIN, else `helm` on PATH."""

    def __init__(self, executable: str | None = None, charts: Path = locations.CHARTS) -> None:
        wanted = executable or os.environ.get("HELM_BIN") or "helm"
        found = shutil.which(wanted)
        if found is None:
            fix = "install Helm 3.10 or newer, or set HELM_BIN to its path"
            raise HelmError(f"no helm binary: {wanted} is not to be found", fix)
        self.executable, self._charts = found, charts

    def render(self, chart: str, values: dict[str, Any], *, release: str, namespace: str) -> list[Document]:
        """Render one chart to its documents, without NOTES and test hooks; raise HelmError."""
        command = ["template", release, str(self._charts / chart), "--namespace", namespace, "--values", "-"]
        text = self._run(command, values, chart)
        return in_order(d for d in split(chart, text, "helm template") if not d.is_test)

    def _run(self, command: list[str], values: dict[str, Any], chart: str) -> str:
        helm = Command(executable=self.executable)
        try:
            output = asyncio.run(helm.run(command, json.dumps(values).encode()))
        except errors.Error as error:
            raise self._failure(error, chart) from None
        if not output:
            # Of a chart that renders nothing helm prints an empty line.
            raise self._no_helm()
        return output.decode()

    def _no_helm(self) -> HelmError:
        return HelmError(
            f"{self.executable} is no helm that works", "install Helm 3.10 or newer, or set HELM_BIN"
        )

    def _failure(self, error: Exception, chart: str) -> HelmError:
        text = getattr(error, "stderr", b"").decode(errors="replace").strip() or str(error)
        version = self.version()
        if version == (0, 0):
            return self._no_helm()
        if version < OLDEST:
            return HelmError(f"helm {'.'.join(map(str, version))} is too old", "use 3.10 or newer")
        return HelmError(f"{chart}: {reason(text)}")

    def version(self) -> tuple[int, ...]:
        """Return the major and minor version of the binary, (0, 0) if it does not say."""
        try:
            output = asyncio.run(Command(executable=self.executable).run(["version", "--short"]))
        except errors.Error:
            return (0, 0)
        match = re.search(rb"v(\d+)\.(\d+)", output)
        return (int(match[1]), int(match[2])) if match else (0, 0)


def engine(charts: Path) -> Binary:
    """Open the engine for the charts of a folder; raise HelmError without a helm binary."""
    return Binary(charts=charts)
