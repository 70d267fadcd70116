"""The one door to a cluster: kubectl, as the user has it.

Text in, text out; what is passed and printed here holds no private key. $KUBECTL names another
program than the one on PATH.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess

from generator.errors import ClusterError


class Kubectl:
    """Runs kubectl against one cluster; every failure is a ClusterError."""

    def __init__(
        self, *, context: str | None = None, kubeconfig: str | None = None, timeout: float = 60
    ) -> None:
        """Find kubectl; `timeout` is that of one call, in seconds."""
        wanted = os.environ.get("KUBECTL") or "kubectl"
        found = shutil.which(wanted)
        if found is None:
            raise ClusterError(f"no kubectl: {wanted} is not to be found", "install it, or set KUBECTL")
        chosen = {"--context": context, "--kubeconfig": kubeconfig}
        self._command = [found, *(f"{flag}={value}" for flag, value in chosen.items() if value)]
        self._timeout = timeout

    def run(self, *arguments: str, text: str | None = None) -> str:
        """Run one kubectl command with `text` on its input and return what it prints."""
        try:
            done = subprocess.run(
                [*self._command, *arguments],
                input=text,
                stdin=subprocess.DEVNULL if text is None else None,
                capture_output=True,
                text=True,
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ClusterError(f"kubectl {arguments[0]}: no answer after {self._timeout:.0f} s") from None
        except OSError as error:
            raise ClusterError(f"{self._command[0]}: {error.strerror}") from None
        if done.returncode:
            raise ClusterError(f"kubectl {arguments[0]}: {done.stderr.strip() or 'failed'}")
        return done.stdout


def issuer_of(kubeconfig: str) -> str:
    """Return the service-account issuer that a cluster's discovery document names; raise ClusterError."""
    path = "/.well-known/openid-configuration"
    answer = Kubectl(kubeconfig=kubeconfig, timeout=20).run("get", "--raw", path)
    try:
        issuer: str = json.loads(answer)["issuer"]
    except (ValueError, KeyError, TypeError):
        raise ClusterError(f"{kubeconfig}: {path} names no issuer") from None
    return issuer
