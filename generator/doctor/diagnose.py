"""Runs all checks against a cluster."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timezone

from generator.doctor import cloud, edgemesh, endpoint, nodes, streams
from generator.doctor.cluster import LiveCluster, read_cluster
from generator.doctor.probe import probe
from generator.doctor.programs import Programs, read_programs
from generator.doctor.report import Check, Report
from generator.errors import ClusterError
from generator.io.kubectl import Kubectl
from generator.render.site import Rendering


def diagnose(
    kubectl: Kubectl,
    *,
    site: Rendering | None = None,
    only: Collection[str] = (),
    probed: bool = False,
    image: str = "",
    now: datetime | None = None,
) -> Report:
    """Check an installation; raise ClusterError if the cluster does not answer.

    `site` is what should run. `only` are the edge nodes to check, all if empty. `probed` runs doctor.sh on
    these nodes, in a pod with this image (default: that of the rollout) that is removed afterwards.
    """
    cluster = read_cluster(kubectl)
    _choose(cluster, only)
    programs = read_programs(cluster, site)
    found = list(_checks(programs, now or datetime.now(timezone.utc)))
    if probed:
        found += probe(programs, list(cluster.edge_nodes), image)
    return Report(found, cluster.unreadable)


def _checks(programs: Programs, now: datetime) -> Iterator[Check]:
    yield from cloud.checks(programs, now)
    yield from nodes.checks(programs, now)
    yield from endpoint.checks(programs, now)
    yield from edgemesh.checks(programs, now)
    yield from streams.checks(programs, now)


def _choose(cluster: LiveCluster, only: Collection[str]) -> None:
    """Leave out the other edge nodes; raise ClusterError for a name that is none."""
    if not only:
        return
    edge = cluster.edge_nodes
    unknown = [name for name in only if name not in edge]
    if unknown:
        known = f"edge nodes: {', '.join(list(edge)[:10])}" if edge else "the cluster has no edge node"
        raise ClusterError(f"no edge node {', '.join(unknown)}", known)
    cluster.left_out = {name: node for name, node in edge.items() if name not in only}
    cluster.nodes = {name: node for name, node in cluster.nodes.items() if name not in cluster.left_out}
