"""Addresses and ports of cloudcore that joined edge nodes connect to, and that a change removes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator import paths
from generator.catalogue.message import say
from generator.diff.configs import ProgramConfig
from generator.diff.content import Side
from generator.diff.files import CONFIG_FILE
from generator.diff.impact.classes import Impact, impact
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, pod_of

# The selector of cloudcore's Service, in our charts and upstream; its port `cloudstream` is for the API
# server, not for nodes.
_SELECTOR = ("kubeedge", "cloudcore")
_NOT_OF_NODES = ("cloudstream",)
_ADVERTISED = "modules.cloudHub.advertiseAddress"
# The listeners that nodes connect to, and the key of their port.
_LISTENERS = {
    "modules.cloudHub.websocket": "port",
    "modules.cloudHub.quic": "port",
    "modules.cloudHub.https": "port",
    "modules.cloudStream": "tunnelPort",
}


def cut_off(
    before: Object, after: Object, changes: Sequence[Change], old: Side, new: Side
) -> Iterator[Impact]:
    """Yield the addresses and ports of cloudcore that joined nodes use and a change removes."""
    if after.kind == "Service":
        gone = [each for each in _reachable(before) if each not in _reachable(after)]
        if gone:
            yield impact(say("nodes-cut-off", gone=gone), after, changes)
        return
    yield from _by_config(old.configs(before), after, changes, new)


def _reachable(service: Object) -> list[str]:
    """Return the addresses and ports of cloudcore's Service that can be reached from outside the cluster."""
    spec = as_map(service.data.get("spec"))
    name, value = _SELECTOR
    kind = spec.get("type", "ClusterIP")
    if as_map(spec.get("selector")).get(name) != value:
        return []
    ports = [one for one in map(as_map, as_list(spec.get("ports"))) if one.get("name") not in _NOT_OF_NODES]
    found = [
        f"address {each}" for each in (spec.get("loadBalancerIP"), *as_list(spec.get("externalIPs"))) if each
    ]
    if kind in ("NodePort", "LoadBalancer"):
        found += [f"node port {one['nodePort']} of {_named(one)}" for one in ports if one.get("nodePort")]
    if kind == "LoadBalancer" or spec.get("externalIPs"):
        found += [f"port {one.get('port')} of {_named(one)}" for one in ports]
    return found


def _named(port: Mapping[str, Any]) -> str:
    return str(port.get("name") or port.get("port"))


def _by_config(
    was: Mapping[str, ProgramConfig], after: Object, changes: Sequence[Change], new: Side
) -> Iterator[Impact]:
    for name, config in new.configs(after).items():
        old = was.get(name)
        if old is None or config.component != "cloudcore" or None in (old.data, config.data):
            continue
        gone = [*_addresses(old, config), *(_ports(old, config) if _of_node(after, new) else ())]
        related = [one for one in changes if one.file == name and set(one.path) & {"cloudHub", "cloudStream"}]
        if gone:
            yield impact(say("nodes-cut-off", gone=gone), after, related)


def _addresses(old: ProgramConfig, new: ProgramConfig) -> list[str]:
    """Return the advertised addresses that are removed."""
    had, has = (as_list(paths.first(one.effective, _ADVERTISED)) for one in (old, new))
    return [f"address {each}" for each in had if each and each not in has]


def _ports(old: ProgramConfig, new: ProgramConfig) -> list[str]:
    """Return the ports of listeners that are removed."""
    return [
        f"port {had} of {listener.removeprefix('modules.')}"
        for listener, port in _LISTENERS.items()
        if (had := _listens(old, listener, port)) and had != _listens(new, listener, port)
    ]


def _listens(config: ProgramConfig, listener: str, port: str) -> Any:
    on = paths.first(config.effective, f"{listener}.enable") is True
    return paths.first(config.effective, f"{listener}.{port}") if on else None


def _of_node(found: Object, side: Side) -> bool:
    """Return whether edge nodes connect to the listeners directly: cloudcore uses the network of its node."""
    readers = side.readers(found)
    return found.kind == CONFIG_FILE or any(pod_of(one).get("hostNetwork") is True for one in readers)
