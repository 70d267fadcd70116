"""What a running cluster says of itself, through its API server."""

from __future__ import annotations

import json
import shutil
import subprocess

from generator.errors import ClusterError

_DISCOVERY = "/.well-known/openid-configuration"


def issuer_of(kubeconfig: str) -> str:
    """Return the service-account issuer that a cluster's discovery document names.

    Reads it with kubectl, which knows every way to log in. Raises ClusterError.
    """
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        raise ClusterError("no kubectl to ask the cluster with", "install kubectl, or leave --cluster out")
    command = [kubectl, "--kubeconfig", kubeconfig, "--request-timeout=10s", "get", "--raw", _DISCOVERY]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ClusterError(f"{kubeconfig}: the cluster does not say its issuer: {reason}")
    try:
        issuer: str = json.loads(done.stdout)["issuer"]
    except (ValueError, KeyError, TypeError):
        raise ClusterError(f"{kubeconfig}: {_DISCOVERY} names no issuer") from None
    return issuer
