"""The live releases of a cluster, through pyhelm3 and the user's helm binary."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import HelmError
from generator.helm.binary import Binary
from generator.helm.documents import reason


@dataclass(frozen=True)
class LiveRelease:
    """A release as the cluster has it: its last revision, in whatever state that is."""

    name: str
    namespace: str
    chart: str
    revision: int
    status: str
    manifest: str

    @property
    def deployed(self) -> bool:
        """Say whether the last revision is what is installed."""
        return self.status == "deployed"


class Releases:
    """The releases of one namespace; every failure is a HelmError."""

    def __init__(self, namespace: str, *, kubeconfig: str | None = None, context: str | None = None) -> None:
        """Find the helm binary ($HELM_BIN, else on PATH)."""
        self._namespace = namespace
        self._executable = Binary().executable
        self._cluster: dict[str, Any] = {
            "kubeconfig": Path(kubeconfig) if kubeconfig else None,
            "kubecontext": context,
        }

    def read(self, name: str) -> LiveRelease:
        """Return the last revision of a release."""
        found = json.loads(
            self._run(["status", name, "--namespace", self._namespace, "--output", "json"], name)
        )
        listed = json.loads(
            self._run(
                [
                    "list",
                    "--namespace",
                    self._namespace,
                    "--all",
                    "--filter",
                    f"^{name}$",
                    "--output",
                    "json",
                ],
                name,
            )
        )
        chart = str(listed[0].get("chart", "")) if listed else ""
        return LiveRelease(
            name=name,
            namespace=self._namespace,
            chart=chart.rpartition("-")[0],
            revision=int(found.get("version", 0)),
            status=str((found.get("info") or {}).get("status", "unknown")),
            manifest=str(found.get("manifest") or ""),
        )

    def _run(self, command: list[str], name: str) -> bytes:
        from pyhelm3 import errors
        from pyhelm3.command import Command

        try:
            output: bytes = asyncio.run(Command(executable=self._executable, **self._cluster).run(command))
        except errors.ReleaseNotFoundError:
            fix = f"see `helm list --all --namespace {self._namespace}`"
            raise HelmError(f"release:{name}: there is no such release in {self._namespace}", fix) from None
        except errors.Error as error:
            said = getattr(error, "stderr", b"").decode(errors="replace").strip()
            raise HelmError(f"release:{name}: {reason(said) or 'helm failed'}") from None
        return output
