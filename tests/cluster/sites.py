"""The sites that the cluster tests install."""

from __future__ import annotations

from typing import Any

CHARTS = ("cloudcore", "edgecore", "edgemesh")
PROFILES = ("unset", "plain", "one-way", "one-way-verified", "mtls")


def site(profile: str = "unset", **more: Any) -> dict[str, Any]:
    """Return the values of a site with every component that has no external prerequisite."""
    values: dict[str, Any] = {
        "cloudCore": {"modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}},
        "controllerManager": {"enable": True},
        "admission": {"enable": True, "certsSecretName": "admission-certs"},
        "agent": {"relayNodes": [{"nodeName": "cloud-1", "advertiseAddress": ["192.0.2.20"]}]},
        "gateway": {"enable": True},
        "edgeAPIs": [{"group": "apps", "resources": ["deployments"]}],
        **more,
    }
    return values if profile == "unset" else {"profile": profile, **values}
