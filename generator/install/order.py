"""The order of charts and edge nodes that keeps edge applications connected while TLS is switched.

Seen with the programs (METASERVER_TLS, a.5, a.6, b):

- A running agent that cannot reach the endpoint, or is rejected by it, keeps the Services it knows. An agent
  that starts then knows none. EdgeMesh's pods restart, so EdgeMesh follows the nodes, in both directions.
- From 1.14 on, requireAuthorization must be on in cloudcore as long as it is on in any node: cloudcore sends
  the access rules and, from 1.17 on, approves the certificates without which edgecore exits. In cloudcore
  alone it changes nothing.
- In 1.12 and 1.13, cloudcore checks the clients. With requireAuthorization on in cloudcore, a client without
  a token gets an empty list and drops its Services. There it is switched on last in cloudcore, and off first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator import paths
from generator.components import CHARTS, COMPONENTS
from generator.diff.content import Side
from generator.kube.objects import Object
from generator.upstream import Release

# Whether TLS is on in the component of a chart, by chart; charts without a config are left out.
Gates = Mapping[str, bool]


@dataclass(frozen=True)
class Order:
    """The charts to install before the edge nodes change, and those after.

    `switch` is "on", "off", "ca" if TLS stays on and another CA signs the endpoints' certificates, or "".
    `switched` are the charts in which TLS changes.
    """

    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    switch: str = ""
    switched: tuple[str, ...] = ()

    @property
    def charts(self) -> tuple[str, ...]:
        """Return all charts in order."""
        return (*self.before, *self.after)

    @property
    def steps(self) -> tuple[str, ...]:
        """Return all charts in order, with the edge nodes between them."""
        return (*self.before, "edge nodes", *self.after)


def gates(objects: Iterable[Object]) -> dict[str, bool]:
    """Return whether TLS is on in each chart, from the configs in some objects."""
    side = Side(list(objects))
    found: dict[str, bool] = {}
    for one in side.objects:
        for config in side.configs(one).values():
            row = COMPONENTS[config.component]
            on = paths.first(config.data or {}, row.tls) is True
            # One node group with TLS is enough: cloudcore must be ready for it.
            found[row.chart] = found.get(row.chart, False) or on
    return found


def ca_changes(live: Iterable[Release], wanted: Release) -> bool:
    """Return whether another CA signs the endpoints of `wanted`: yours up to 1.16, then the cluster's."""
    signed = {"from": "1.17"}
    return any(release.within(signed) is not wanted.within(signed) for release in live)


def order(
    charts: Sequence[str], live: Gates, wanted: Gates, kubeedge: Release, *, other_ca: bool = False
) -> Order:
    """Return the order for some charts, from TLS as in `live` to TLS as in `wanted`.

    With `other_ca`, TLS stays on and another CA signs the endpoints' certificates.
    """
    chosen = tuple(chart for chart in CHARTS if chart in charts)
    switched = tuple(chart for chart in chosen if chart in live and live[chart] != wanted.get(chart, False))
    if not switched and other_ca and "edgemesh" in chosen:
        # A running agent keeps the Services it knows; one that starts must trust the new certificates.
        return Order(tuple(chart for chart in chosen if chart != "edgemesh"), ("edgemesh",), "ca")
    return _switching(chosen, switched, kubeedge, on=any(wanted.values())) if switched else Order(chosen)


def _switching(chosen: tuple[str, ...], switched: tuple[str, ...], kubeedge: Release, *, on: bool) -> Order:
    """Return the order that switches TLS on or off."""
    # cloudcore before the nodes, or after everything else.
    cloud_first = on is kubeedge.within({"from": "1.14"})
    late = ("edgemesh",) if cloud_first else ("edgemesh", "cloudcore")
    return Order(
        tuple(chart for chart in chosen if chart not in late),
        tuple(chart for chart in late if chart in chosen),
        "on" if on else "off",
        switched,
    )
