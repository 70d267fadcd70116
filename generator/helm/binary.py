"""The binary engine runs the user's helm; it passes the values as one document on standard input.

It does not use pyhelm3 (process.py), whose import takes longer than to render three charts.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from generator import locations
from generator.errors import HelmError
from generator.helm.documents import Document, in_order, reason, split
from generator.io.program import run_program

OLDEST = (3, 10)


class Binary:
    """Renders with `helm template`; the binary is $HELM_BIN, else `helm` on PATH."""

    def __init__(self, executable: str | None = None, charts: Path = locations.CHARTS) -> None:
        wanted = executable or os.environ.get("HELM_BIN") or "helm"
        found = shutil.which(wanted)
        if found is None:
            fix = "install Helm 3.10 or newer, or set HELM_BIN to its path"
            raise HelmError(f"helm not found: {wanted}", fix)
        self.executable, self._charts = found, charts

    def render(
        self,
        chart: str,
        values: dict[str, Any],
        *,
        release: str,
        namespace: str,
        complete: dict[str, Any] | None = None,  # noqa: ARG002 (of the protocol)
        tests: bool = False,
    ) -> list[Document]:
        """Render one chart to its documents, without NOTES; raise HelmError.

        The chart checks and completes the values in any case. Without `tests`, test hooks are left out.
        """
        command = ["template", release, str(self._charts / chart), "--namespace", namespace, "--values", "-"]
        text = self._run(command, values, chart)
        return in_order(d for d in split(chart, text, "helm template") if tests or not d.is_test)

    def _run(self, command: list[str], values: dict[str, Any], chart: str) -> str:
        ran = run_program([self.executable, *command], json.dumps(values).encode())
        if ran.code:
            raise self._failure(ran.errors, chart)
        if not ran.output:
            # helm prints an empty line if a chart renders nothing. Without any output, this is not helm.
            raise self._not_helm()
        return ran.output.decode()

    def _not_helm(self) -> HelmError:
        return HelmError(
            f"{self.executable} is not a working helm", "install Helm 3.10 or newer, or set HELM_BIN"
        )

    def _failure(self, text: str, chart: str) -> HelmError:
        version = self.version()
        if version == (0, 0):
            return self._not_helm()
        if version < OLDEST:
            return HelmError(f"helm {'.'.join(map(str, version))} is too old", "install Helm 3.10 or newer")
        return HelmError(f"{chart}: {reason(text)}", stderr=text)

    def version(self) -> tuple[int, ...]:
        """Return the major and minor version of the binary, (0, 0) if it prints none."""
        ran = run_program([self.executable, "version", "--short"])
        match = None if ran.code else re.search(rb"v(\d+)\.(\d+)", ran.output)
        return (int(match[1]), int(match[2])) if match else (0, 0)


def engine(charts: Path) -> Binary:
    """Open the engine for a folder of charts; raise HelmError without a helm binary."""
    return Binary(charts=charts)
