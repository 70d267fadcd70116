"""Manages the releases of a namespace with the user's helm; it passes values on standard input."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from generator.errors import HelmError
from generator.helm.binary import OLDEST, Binary
from generator.helm.documents import reason
from generator.helm.flags import UpgradeOptions, upgrade_flags, wait_flags
from generator.helm.process import Beat, HelmFailed, run_helm
from generator.io.api_server import is_away

_HISTORY = 10


@dataclass(frozen=True)
class LiveRelease:
    """A release in the cluster: its last revision, in any state."""

    name: str
    namespace: str
    chart: str
    revision: int
    status: str
    manifest: str
    version: str = ""
    app_version: str = ""
    updated: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def deployed(self) -> bool:
        """Return whether the last revision is installed."""
        return self.status == "deployed"

    @property
    def pending(self) -> bool:
        """Return whether a helm works on it or was interrupted; Helm then rejects other changes."""
        return self.status.startswith("pending-")

    @property
    def leaving(self) -> bool:
        """Return whether its removal has started; Helm then neither installs nor upgrades it."""
        return self.status.startswith("uninstall")


class HelmReleases:
    """The releases of one namespace; every failure is a HelmError."""

    def __init__(self, namespace: str, *, kubeconfig: str | None = None, context: str | None = None) -> None:
        """Find the helm binary ($HELM_BIN, else on PATH)."""
        self.namespace = namespace
        self._binary = Binary()
        self._cluster = {"kubeconfig": kubeconfig, "context": context}

    @cached_property
    def helm(self) -> tuple[int, ...]:
        """Return the version of the binary; raise HelmError if it is missing or too old."""
        found = self._binary.version()
        if found < OLDEST:
            what = "is not a working helm" if found == (0, 0) else f"is helm {'.'.join(map(str, found))}"
            raise HelmError(
                f"{self._binary.executable} {what}", "install Helm 3.10 or newer, or set HELM_BIN"
            )
        return found

    def read(self, name: str) -> LiveRelease:
        """Return the last revision of a release."""
        found = self.find(name)
        if found is None:
            fix = f"see `helm list --all --namespace {self.namespace}`"
            raise HelmError(f"release:{name}: not found in namespace {self.namespace}", fix)
        return found

    def find(self, name: str) -> LiveRelease | None:
        """Return the last revision of a release, None if there is no such release."""
        listed = self._listed(name)
        if listed is None:
            return None
        revision = int(listed.get("revision", 0))
        # Not `helm status`: that of Helm 4 reads every pod of the release.
        whose = [name, *self._inside, "--revision", str(revision)]
        chart, _, version = str(listed.get("chart", "")).rpartition("-")
        return LiveRelease(
            name=name,
            namespace=self.namespace,
            chart=chart,
            revision=revision,
            status=str(listed.get("status", "unknown")),
            manifest=self._run(["get", "manifest", *whose], name).decode(),
            version=version,
            app_version=str(listed.get("app_version", "")),
            updated=str(listed.get("updated", "")),
            values=json.loads(self._run(["get", "values", *whose, "--output", "json"], name)) or {},
        )

    def apply(self, name: str, chart: Path, values: dict[str, Any], wish: UpgradeOptions, beat: Beat) -> None:
        """Install or upgrade a release; `beat` is called regularly with the seconds so far."""
        command = ["upgrade", "--install", name, str(chart), *self._inside, "--create-namespace"]
        command += ["--reset-values", "--values", "-", "--history-max", str(_HISTORY)]
        flags = upgrade_flags(self.helm, wish)
        # JSON output has no NOTES.
        self._run([*command, *flags, "--output", "json"], name, json.dumps(values).encode(), beat)

    def whole(self, name: str) -> int | None:
        """Return the last revision that was installed completely, None if there is none."""
        history = json.loads(self._run(["history", name, *self._inside, "--output", "json"], name))
        found = [one["revision"] for one in history if one["status"] == "deployed"]
        return int(max(found)) if found else None

    def roll_back(self, name: str, revision: int) -> None:
        """Roll a release back to a revision, without waiting."""
        self._run(["rollback", name, str(revision), *self._inside], name)

    def uninstall(self, name: str, seconds: int, *, wait: bool = True, beat: Beat | None = None) -> None:
        """Remove a release and its history."""
        flags = wait_flags(seconds, wait=wait)
        self._run(["uninstall", name, *self._inside, *flags], name, None, beat)

    @property
    def _inside(self) -> list[str]:
        return ["--namespace", self.namespace]

    def _listed(self, name: str) -> dict[str, Any] | None:
        # Helm 4 lists releases in every state and does not have this flag.
        every = ["--all"] if self.helm < (4,) else []
        listed = json.loads(
            self._run(["list", *self._inside, *every, "--max", "0", "--output", "json"], name)
        )
        return next((one for one in listed if one["name"] == name), None)

    def _run(
        self, command: list[str], name: str, values: bytes | None = None, beat: Beat | None = None
    ) -> bytes:
        try:
            return run_helm([self._binary.executable, *command], values, beat=beat, **self._cluster)
        except HelmFailed as error:
            if error.no_release:
                raise HelmError(f"release:{name}: not found in namespace {self.namespace}") from None
            what = f"release:{name}: {reason(error.stderr) or 'helm failed'}"
            raise HelmError(what, away=is_away(error.stderr)) from None
