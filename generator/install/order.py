"""Which chart before which, and where the edge nodes come in, so that no edge application is cut off.

Seen with the programs (METASERVER_TLS, a.5, a.6, b):

- An agent that cannot reach the endpoint, or is refused by it, keeps what it knows; one that starts then
  knows nothing. EdgeMesh, whose pods restart, therefore follows the nodes, in both directions.
- From 1.14 on the cloud must have its gate on for as long as any node has: it delivers the access rules
  and, from 1.17 on, approves the certificates without which edgecore dies. Alone it changes nothing.
- 1.12 and 1.13 check callers in the cloud. With its gate on, whoever shows no token gets an empty list at
  once, which is believed: Services vanish. There the gate goes on last and off first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator import paths
from generator.components import CHARTS, COMPONENTS
from generator.diff.content import Side
from generator.kube.objects import Object
from generator.upstream import Release

# Whether TLS is on in a chart's part, by chart; a chart without a config is left out.
Gates = Mapping[str, bool]


@dataclass(frozen=True)
class Order:
    """The charts to install before the nodes are seen to, and those after; `switch` is on, off, over or "".

    `over` is TLS before and after, with endpoints that another authority signs for.

    `switched` are the charts in which TLS is not yet as it will be.
    """

    before: tuple[str, ...]
    after: tuple[str, ...] = ()
    switch: str = ""
    switched: tuple[str, ...] = ()

    @property
    def charts(self) -> tuple[str, ...]:
        """Return all charts in their order."""
        return (*self.before, *self.after)


def gates(objects: Iterable[Object]) -> dict[str, bool]:
    """Read from the configs in some objects whether TLS is on."""
    side = Side(list(objects))
    found: dict[str, bool] = {}
    for one in side.objects:
        for config in side.configs(one).values():
            row = COMPONENTS[config.component]
            on = paths.first(config.data or {}, row.tls) is True
            # Of several node groups one is enough: the cloud must be ready for it.
            found[row.chart] = found.get(row.chart, False) or on
    return found


def moves(live: Iterable[Release], wanted: Release) -> bool:
    """Say whether the endpoints of `wanted` are signed by others: files up to 1.16, then the cluster."""
    signed = {"from": "1.17"}
    return any(release.within(signed) is not wanted.within(signed) for release in live)


def order(
    charts: Sequence[str], live: Gates, wanted: Gates, kubeedge: Release, *, over: bool = False
) -> Order:
    """Return the order for some charts; TLS in their parts is as in `live`, and will be as in `wanted`.

    `over` says that TLS stays and another authority signs for the endpoints.
    """
    chosen = tuple(chart for chart in CHARTS if chart in charts)
    switched = tuple(chart for chart in chosen if chart in live and live[chart] != wanted.get(chart, False))
    if not switched and over and "edgemesh" in chosen:
        # An agent that runs keeps what it knows; one that starts must trust the nodes as they are then.
        return Order(tuple(chart for chart in chosen if chart != "edgemesh"), ("edgemesh",), "over")
    return _switching(chosen, switched, kubeedge, on=any(wanted.values())) if switched else Order(chosen)


def _switching(chosen: tuple[str, ...], switched: tuple[str, ...], kubeedge: Release, *, on: bool) -> Order:
    """Return the order for a run that switches TLS on or off."""
    # The cloud before the nodes, or after all.
    cloud_first = on is kubeedge.within({"from": "1.14"})
    late = ("edgemesh",) if cloud_first else ("edgemesh", "cloudcore")
    return Order(
        tuple(chart for chart in chosen if chart not in late),
        tuple(chart for chart in late if chart in chosen),
        "on" if on else "off",
        switched,
    )
