"""Consistent configs of all four programs; the tests change keys in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator import go_yaml, paths
from generator.check import check_files

CLOUD: dict[str, Any] = {
    "modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}, "dynamicController": {"enable": True}}
}
EDGE: dict[str, Any] = {
    "modules": {
        "edgeHub": {"websocket": {"server": "192.0.2.10:10000"}, "httpServer": "https://192.0.2.10:10002"},
        "edged": {"tailoredKubeletConfig": {"clusterDNS": ["169.254.96.16"]}},
        "metaManager": {"metaServer": {"enable": True}},
    }
}
MESH: dict[str, Any] = {"modules": {"edgeProxy": {"enable": True}, "edgeTunnel": {"enable": True}}}
GATEWAY: dict[str, Any] = {"modules": {"edgeGateway": {"enable": True}, "edgeTunnel": {"enable": True}}}
FILES = {"cloudcore": CLOUD, "edgecore": EDGE, "edgemesh-agent": MESH, "edgemesh-gateway": GATEWAY}

SECURITY = "kubeAPIConfig.metaServer.security.requireAuthorization"
GATE = "featureGates.requireAuthorization"
TUNNEL = "modules.edgeTunnel"


def rules_of(folder: Path, changes: list[tuple[str, str, Any]], **options: Any) -> list[str]:
    """Check all four files with some keys changed, and return the codes that are found."""
    names = []
    for component, config in FILES.items():
        copied = go_yaml.load(go_yaml.dump(config))
        for changed, key, value in changes:
            if changed == component:
                paths.put(copied, key, value)
        file = folder / f"{component}.yaml"
        file.write_text(go_yaml.dump(copied), "utf-8")
        names.append(str(file))
    found = [finding.code for finding in check_files(names, **options).findings]
    # These files use profile plain, which always causes this warning.
    return [rule for rule in found if rule != "open-endpoint"]
