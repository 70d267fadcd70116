"""The node ports of a Service in front of cloudcore, which edge nodes connect to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from generator import paths
from generator.check.sources import ObjectInFile, Source

# Keys of `cloudCore.service`, and the ports of cloudcore behind them.
_OF_VALUES = {
    "cloudhubNodePort": 10000,
    "cloudhubQuicNodePort": 10001,
    "cloudhubHttpsNodePort": 10002,
    "cloudstreamNodePort": 10003,
    "tunnelNodePort": 10004,
}
_ADDRESSES = ("modules.edgeHub.websocket.server", "modules.edgeHub.httpServer")


def node_ports(sources: Sequence[Source], objects: Sequence[ObjectInFile]) -> dict[str, frozenset[int]]:
    """Map each node port that values or Services name to the ports of cloudcore behind it."""
    found: dict[str, set[int]] = {}
    for port, behind in (*_of_values(sources), *_of_services(objects)):
        found.setdefault(port, set()).add(behind)
    return {port: frozenset(behind) for port, behind in found.items()}


def all_in_use(ports: Mapping[str, frozenset[int]], sources: Sequence[Source]) -> bool:
    """Return whether every edgecore.yaml connects to node ports only, and there is at least one."""
    edges = [source.value for source in sources if source.kind == "edgecore"]
    addresses = [paths.first(edge, key) for edge in edges for key in _ADDRESSES]
    return bool(edges) and all(
        isinstance(address, str) and re.sub(r".*:", "", address).rstrip("/") in ports for address in addresses
    )


def _of_values(sources: Sequence[Source]) -> Iterator[tuple[str, int]]:
    for source in sources:
        service = paths.first(source.value, "cloudCore.service")
        if source.kind not in ("site", "cloudcore-values") or not isinstance(service, dict):
            continue
        if service.get("type", "NodePort") == "NodePort":
            yield from ((str(service[key]), port) for key, port in _OF_VALUES.items() if service.get(key))


def _of_services(objects: Sequence[ObjectInFile]) -> Iterator[tuple[str, int]]:
    for found in objects:
        ports = paths.first(found.value, "spec.ports") if found.value.get("kind") == "Service" else None
        for port in ports if isinstance(ports, list) else ():
            if isinstance(port, dict) and port.get("nodePort") and isinstance(port.get("port"), int):
                yield str(port["nodePort"]), port["port"]
