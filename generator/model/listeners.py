"""Ports that must differ: the tables `distinct` of the rules, such as the listeners of a program.

The charts compare the same ports (common.twice in charts/common/templates/_rules.tpl).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from generator import paths
from generator.model import conditions
from generator.model.conditions import Sees
from generator.model.hosts import host
from generator.upstream import Release

_EVERYWHERE = ("", "0.0.0.0", "::")


@dataclass(frozen=True)
class Port:
    """A port in use: its key, number, address and protocol."""

    key: str
    number: int
    host: str
    protocol: str

    def meets(self, other: Port) -> bool:
        """Return whether the two ports conflict: they cannot be in use at the same time."""
        return (
            self.key != other.key
            and (self.number, self.protocol) == (other.number, other.protocol)
            and (self.host == other.host or self.host in _EVERYWHERE or other.host in _EVERYWHERE)
        )


def rows_of(rule: dict[str, Any], kubeedge: Release, edgemesh: Release) -> list[dict[str, Any]]:
    """Return the rows of a table for two releases."""
    return [
        row
        for row in rule["ports"]
        if kubeedge.within(row.get("kubeedge")) and edgemesh.within(row.get("edgemesh"))
    ]


def keys_of(rule: dict[str, Any]) -> Iterator[str]:
    """Yield the keys of the ports."""
    yield from (row["key"] for row in rule["ports"])


def seen(row: dict[str, Any], sees: Sees) -> bool:
    """Return whether the keys of a row are known."""
    return sees(row["key"]) and all(conditions.seen(condition, sees) for condition in row.get("if", ()))


def twice(
    rule: dict[str, Any], values: dict[str, Any], context: dict[str, Any]
) -> Iterator[tuple[Port, Port]]:
    """Yield each pair of ports in a table that conflict."""
    ports = [port for row in rule["ports"] for port in _ports(row, values, context)]
    yield from ((one, other) for one, other in combinations(ports, 2) if one.meets(other))


def _ports(row: dict[str, Any], values: dict[str, Any], context: dict[str, Any]) -> Iterator[Port]:
    if not all(conditions.hits(condition, values, context) for condition in row.get("if", ())):
        return
    value = paths.first(values, row["key"])
    text = str(row.get("default", "") if value is None else value)
    # The key has a port, or an address with a port. Port 0 means no port, or any free port.
    found = re.search(r"^(.*:)?([0-9]{1,5})/?\Z", text)
    if found and int(found[2]):
        place = _host(row, values, text if found[1] else "")
        yield Port(row["key"], int(found[2]), place, row.get("protocol", "TCP"))


def _host(row: dict[str, Any], values: dict[str, Any], text: str) -> str:
    if "address" in row:
        return host(paths.first(values, row["address"]) or row.get("host", ""))
    return str(row["host"]) if "host" in row else host(text)
