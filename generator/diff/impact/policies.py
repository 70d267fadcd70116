"""The connections that one form of a network policy allows and another does not.

A policy allows flows: a peer and ports. A flow is new if the flows of the other form do not cover it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from generator.diff.impact.selectors import covers, selection
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# By direction: the field of the policy, and the field of the peers in a rule.
DIRECTIONS = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}
_MOST = 65535


@dataclass(frozen=True)
class Ports:
    """Ports of one protocol, from `first` to `last`, or the port with a `name`."""

    protocol: str
    first: int = 1
    last: int = _MOST
    name: str = ""

    def __str__(self) -> str:
        if self.name or self.first == self.last:
            return f"{self.name or self.first}/{self.protocol}"
        every = (self.first, self.last) == (1, _MOST)
        return f"any port of {self.protocol}" if every else f"{self.first}-{self.last}/{self.protocol}"


@dataclass(frozen=True, eq=False)
class Flow:
    """One peer of a rule (None: anybody) and its ports (None: all)."""

    peer: dict[str, Any] | None
    ports: Ports | None

    def __str__(self) -> str:
        peer = "anybody" if self.peer is None else _peer_text(self.peer)
        return f"{peer} at {self.ports}" if self.ports else peer


def flows(found: Object, direction: str) -> list[Flow]:
    """Return what a policy allows in a direction: everything if the direction is not in its types."""
    spec = as_map(found.data.get("spec"))
    if direction not in _types(spec):
        return [Flow(None, None)]
    field, name = DIRECTIONS[direction]
    allowed: list[Flow] = []
    for rule in map(as_map, as_list(spec.get(field))):
        # A rule without peers allows anybody, a rule without ports all ports.
        peers: list[dict[str, Any] | None] = [*map(as_map, as_list(rule.get(name)))] or [None]
        ports: list[Ports | None] = [*map(_ports, map(as_map, as_list(rule.get("ports"))))] or [None]
        allowed += [Flow(peer, port) for peer in peers for port in ports]
    return allowed


def _types(spec: dict[str, Any]) -> list[str]:
    """Return the directions of a policy; without policyTypes Egress counts only if it has rules."""
    return as_list(spec.get("policyTypes")) or ["Ingress", *(["Egress"] if spec.get("egress") else [])]


def _ports(entry: dict[str, Any]) -> Ports:
    protocol, port, end = str(entry.get("protocol") or "TCP"), entry.get("port"), entry.get("endPort")
    if isinstance(port, str) and not port.isdigit():
        return Ports(protocol, 0, 0, port)
    if port is None:
        return Ports(protocol)
    first = int(port) if isinstance(port, int | str) else 0
    return Ports(protocol, first, end if type(end) is int else first)


def beyond(wanted: list[Flow], had: list[Flow]) -> list[str]:
    """Return the flows of one list that the other does not cover, as text."""
    return list(dict.fromkeys(str(flow) for flow in wanted if not _is_covered(flow, had)))


def _is_covered(flow: Flow, had: list[Flow]) -> bool:
    """Return whether other flows allow all of a flow: one of them, or several by addresses or ports."""
    at_ports = [one for one in had if _covers_ports(one.ports, flow.ports)]
    if any(_covers_peer(one.peer, flow.peer) for one in at_ports):
        return True
    if _is_block(flow.peer) and _within(flow.peer, [one.peer for one in at_ports]):
        return True
    of_peer = [one.ports for one in had if one.ports and _covers_peer(one.peer, flow.peer)]
    return flow.ports is not None and not flow.ports.name and _joined(flow.ports, of_peer)


# --- ports -----------------------------------------------------------------------------------


def _covers_ports(one: Ports | None, other: Ports | None) -> bool:
    if one is None or other is None:
        return one is None
    if one.protocol != other.protocol:
        return False
    whole = (one.first, one.last) == (1, _MOST) and not one.name
    if one.name or other.name:
        return whole or one.name == other.name
    return one.first <= other.first and other.last <= one.last


def _joined(wanted: Ports, allowed: list[Ports]) -> bool:
    """Return whether ranges of ports together cover another range."""
    reached = wanted.first
    for one in sorted(allowed, key=_first):
        if one.protocol == wanted.protocol and not one.name and one.first <= reached:
            reached = max(reached, one.last + 1)
    return reached > wanted.last


def _first(ports: Ports) -> int:
    return ports.first


# --- peers -----------------------------------------------------------------------------------


def _is_block(peer: dict[str, Any] | None) -> bool:
    return peer is not None and "ipBlock" in peer


def _covers_peer(one: dict[str, Any] | None, other: dict[str, Any] | None) -> bool:
    """Return whether one peer includes another."""
    if one is None or other is None:
        return one is None
    if _is_block(one) or _is_block(other):
        return _is_block(one) and _is_block(other) and _within(other, [one])
    spaces, others = one.get("namespaceSelector"), other.get("namespaceSelector")
    # Without namespaceSelector the peer is in the namespace of the policy.
    here = covers(as_map(spaces), as_map(others)) if others is not None else not as_map(spaces)
    if spaces is None:
        here = others is None
    return here and covers(as_map(one.get("podSelector")), as_map(other.get("podSelector")))


def _within(block: dict[str, Any] | None, peers: list[dict[str, Any] | None]) -> bool:
    """Return whether other peers cover all addresses of a block."""
    wanted = _addresses(block)
    for peer in filter(_is_block, peers):
        for network in _addresses(peer):
            wanted = [rest for one in wanted for rest in _without(one, network)]
    return not wanted


def _addresses(peer: dict[str, Any] | None) -> list[Network]:
    """Return the networks of a block."""
    block = as_map(as_map(peer).get("ipBlock"))
    found = list(_networks([block.get("cidr")]))
    for gone in _networks(as_list(block.get("except"))):
        found = [rest for one in found for rest in _without(one, gone)]
    return found


def _networks(texts: list[Any]) -> Iterator[Network]:
    for text in texts:
        try:
            yield ipaddress.ip_network(str(text), strict=False)
        except ValueError:
            # The API server rejects it.
            continue


def _without(one: Network, gone: Network) -> list[Network]:
    """Return what is left of a network without another."""
    if isinstance(one, ipaddress.IPv4Network) and isinstance(gone, ipaddress.IPv4Network):
        return [] if one.subnet_of(gone) else [*one.address_exclude(gone)] if gone.subnet_of(one) else [one]
    if isinstance(one, ipaddress.IPv6Network) and isinstance(gone, ipaddress.IPv6Network):
        return [] if one.subnet_of(gone) else [*one.address_exclude(gone)] if gone.subnet_of(one) else [one]
    return [one]


def _peer_text(peer: dict[str, Any]) -> str:
    block = as_map(peer.get("ipBlock"))
    if block:
        gone = ", ".join(map(str, as_list(block.get("except"))))
        return f"{block.get('cidr')}{f' without {gone}' if gone else ''}"
    pods = selection("pods", as_map(peer.get("podSelector")))
    spaces = peer.get("namespaceSelector")
    return (
        f"{pods} in its namespace"
        if spaces is None
        else f"{pods} in {selection('namespaces', as_map(spaces))}"
    )
