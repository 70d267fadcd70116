"""What edge nodes that have joined dial, and no longer find there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator import paths
from generator.diff.configs import ProgramConfig
from generator.diff.content import Side
from generator.diff.files import CONFIG_FILE
from generator.diff.impact.classes import Impact, impact
from generator.kube.compare import Change
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, pod_of

CUT_OFF = "nodes-cut-off"
_FIX = (
    "joined nodes dial it and lose cloudcore: keep it until edgecore.yaml on every node names another one"
    " (edgeHub, edgeStream) and edgecore is restarted there"
)
# The selector of cloudcore, upstream's and ours; of its ports the API server dials the stream, and no node.
_SELECTOR = ("kubeedge", "cloudcore")
_NOT_OF_NODES = ("cloudstream",)
_ADVERTISED = "modules.cloudHub.advertiseAddress"
# The listeners that nodes dial: their switches, and their ports.
_LISTENERS = {
    "modules.cloudHub.websocket": "port",
    "modules.cloudHub.quic": "port",
    "modules.cloudHub.https": "port",
    "modules.cloudStream": "tunnelPort",
}


def cut_off(
    before: Object, after: Object, changes: Sequence[Change], old: Side, new: Side
) -> Iterator[Impact]:
    """Yield the addresses and ports of cloudcore that joined nodes dial and a change takes away."""
    if after.kind == "Service":
        gone = [each for each in _dialled(before) if each not in _dialled(after)]
        if gone:
            yield impact(CUT_OFF, after, f"no longer there: {', '.join(gone)}; {_FIX}", changes)
        return
    yield from _by_config(old.configs(before), after, changes, new)


def _dialled(service: Object) -> list[str]:
    """Return what nodes outside of the cluster can dial of a Service of cloudcore."""
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
            yield impact(CUT_OFF, after, f"no longer there: {', '.join(gone)}; {_FIX}", related)


def _addresses(old: ProgramConfig, new: ProgramConfig) -> list[str]:
    """Return the advertised addresses that are gone."""
    had, has = (as_list(paths.first(one.effective, _ADVERTISED)) for one in (old, new))
    return [f"address {each}" for each in had if each and each not in has]


def _ports(old: ProgramConfig, new: ProgramConfig) -> list[str]:
    """Return the ports of listeners that are gone."""
    return [
        f"port {had} of {listener.removeprefix('modules.')}"
        for listener, port in _LISTENERS.items()
        if (had := _listens(old, listener, port)) and had != _listens(new, listener, port)
    ]


def _listens(config: ProgramConfig, listener: str, port: str) -> Any:
    on = paths.first(config.effective, f"{listener}.enable") is True
    return paths.first(config.effective, f"{listener}.{port}") if on else None


def _of_node(found: Object, side: Side) -> bool:
    """Say whether nodes dial the listeners themselves: cloudcore uses the network of its node."""
    readers = side.readers(found)
    return found.kind == CONFIG_FILE or any(pod_of(one).get("hostNetwork") is True for one in readers)
