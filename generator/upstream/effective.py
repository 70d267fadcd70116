"""The config that a program uses: its defaults, its file, and its own changes."""

from __future__ import annotations

from typing import Any

from generator import paths
from generator.merge import merge
from generator.upstream.fields import config_fields, default_config
from generator.upstream.reading import as_read
from generator.upstream.releases import Release

_LOAD, _BUFFER = "modules.edgeController.load", "modules.edgeController.buffer"
# cloudcore raises these at its start, from 1.13 on (cloud/cmd/cloudcore/app/options: AdjustCloudCoreConfig):
# the smallest value for the node limit n, as base + n // divisor.
_MINIMA = {
    f"{_LOAD}.queryNodeWorkers": (0, 1),
    f"{_LOAD}.patchNodeWorkers": (100, 50),
    f"{_LOAD}.createLeaseWorkers": (0, 1),
    f"{_BUFFER}.patchNode": (1024, 2),
    f"{_BUFFER}.queryNode": (1024, 1),
    f"{_BUFFER}.createLease": (1024, 1),
}
_QPS, _BURST = 5, 10


def effective_config(component: str, release: Release, config: dict[str, Any]) -> dict[str, Any]:
    """Return the config that a program of a release uses; without defaults that depend on the host."""
    read = as_read(config, config_fields(component, release))
    found: dict[str, Any] = merge(_defaults(component, release), read)
    if component == "cloudcore" and release.within({"from": "1.13"}):
        _adjust(found, release)
    return found


def _defaults(component: str, release: Release) -> dict[str, Any]:
    """Return the defaults, with all feature gates."""
    found = default_config(component, release)
    gates = config_fields(component, release).fields.get("featureGates")
    if gates and gates.fields:
        found["featureGates"] = {name: gate.default for name, gate in gates.fields.items()}
    return found


def _adjust(config: dict[str, Any], release: Release) -> None:
    nodes = paths.first(config, "modules.cloudHub.nodeLimit")
    api = config.get("kubeAPIConfig")
    if type(nodes) is not int or not isinstance(api, dict):
        return
    # These values replace the values in the file.
    config["kubeAPIConfig"] = {**api, "qps": _QPS * nodes, "burst": _BURST * nodes}
    for path, (base, divisor) in _MINIMA.items():
        *_, name = path.split(".")
        holder = paths.first(config, path.removesuffix(f".{name}"))
        known = config_fields("cloudcore", release).below(path) is not None
        if known and isinstance(holder, dict) and type(holder.get(name)) is int:
            holder[name] = max(holder[name], base + nodes // divisor)
