"""What `--nodes-done` waits for, and its messages if nodes or access objects are missing."""

from __future__ import annotations

import pytest

from generator.components import CHARTS
from generator.errors import ClusterError, Interrupted
from generator.helm.flags import UpgradeOptions
from generator.install import access as access_module
from generator.install import nodes as nodes_module
from generator.install.order import Order
from generator.install.plan import InstallPlan
from generator.install.reconnect import outlook, reconnect
from generator.load import load_site
from generator.render.site import render_site
from generator.secrets.masks import Masker
from tests.cli.conftest import ADDRESS
from tests.install.kubernetes import ACCESSES, NODES, PODS, SYNCS, Cluster, access, cloudcore, node, sync

BEFORE, START, AFTER = (f"2026-11-28T10:0{minute}:00Z" for minute in (0, 5, 6))
NO_WAIT = UpgradeOptions(1, wait=False)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again without a pause."""
    monkeypatch.setattr(access_module, "_POLL_SECONDS", 0.0)
    monkeypatch.setattr(nodes_module, "_POLL_SECONDS", 0.0)


def plan_of(profile: str, version: str, *nodes: str) -> InstallPlan:
    """Return a plan without steps for a site with some edge nodes."""
    site = load_site(profile=profile, set=(ADDRESS,), set_string=(f"kubeedgeVersion={version}",))
    rendering = render_site(site)
    return InstallPlan(rendering, Order(CHARTS), [], list(nodes), [], Masker([]), tls=profile != "plain")


def cluster_of(*, heartbeat: str = AFTER, version: str = "0") -> Cluster:
    """Return a cluster with one edge node and one access object for it."""
    found = Cluster()
    found.lists[NODES], found.lists[PODS] = [node("edge-1", heartbeat=heartbeat)], [cloudcore(START)]
    found.lists[ACCESSES], found.lists[SYNCS] = (
        [access("agent", "u1", "edge-1")],
        [sync("edge-1", "u1", version)],
    )
    found.patched = lambda _: found.lists.update({SYNCS: [sync("edge-1", "u1", "9")]})
    return found


def lines_of(plan: InstallPlan, cluster: Cluster, wish: UpgradeOptions = NO_WAIT) -> list[str]:
    """Run `reconnect` and return its lines."""
    lines: list[str] = []
    reconnect(plan, cluster, wish, lines.append)
    return lines


@pytest.mark.parametrize(
    ("profile", "version", "last"),
    [
        ("plain", "v1.23.1", "edge nodes: 1 node must be connected"),
        ("one-way", "v1.13.5", "edge nodes: 1 node must be connected"),
        ("one-way", "v1.23.1", "1 access object: 1 sent again, acknowledged by every node"),
        ("one-way", "v1.17.0", "1 access object: 1 sent again, acknowledged by every node"),
    ],
)
def test_objects_are_sent_again_if_tls_is_on_and_the_node_checks_tokens(
    profile: str, version: str, last: str
) -> None:
    assert lines_of(plan_of(profile, version, "edge-1"), cluster_of())[-1] == last


@pytest.mark.parametrize(
    ("profile", "version", "text"),
    [
        ("plain", "v1.23.1", "wait for 1 edge node to connect"),
        ("one-way", "v1.23.1", "then send 1 of 1 access object again"),
        ("one-way", "v1.16.6", "then wait until nodes acknowledge 1 of 1 access object"),
    ],
)
def test_dry_run_shows_what_would_be_sent_again(profile: str, version: str, text: str) -> None:
    cluster = cluster_of()
    assert outlook(plan_of(profile, version, "edge-1"), cluster).endswith(text)
    assert not cluster.patches


def test_disconnected_node_ends_the_run_before_objects_are_sent() -> None:
    cluster = cluster_of(heartbeat=BEFORE)
    with pytest.raises(
        ClusterError,
        match="edge-1: not connected: not Ready, or no heartbeat since cloudcore started; waited 0 s",
    ):
        lines_of(plan_of("one-way", "v1.23.1", "edge-1"), cluster, UpgradeOptions(0))
    assert not cluster.patches


def test_disconnected_node_is_a_warning_without_waiting() -> None:
    cluster = cluster_of(heartbeat=BEFORE)
    warnings = [
        line for line in lines_of(plan_of("one-way", "v1.23.1", "edge-1"), cluster) if "warning" in line
    ]
    assert len(warnings) == 1
    assert warnings[0].startswith(
        "warning: edge-1: not connected: not Ready, or no heartbeat since cloudcore started; run the same"
    )
    assert not cluster.patches


def test_unacknowledged_object_ends_the_run() -> None:
    cluster = cluster_of()
    cluster.patched = lambda _: None
    with pytest.raises(ClusterError) as caught:
        lines_of(plan_of("one-way", "v1.23.1", "edge-1"), cluster, UpgradeOptions(0))
    assert caught.value.exit_code == 3
    assert "serviceaccountaccess kubeedge/agent: edge-1 did not acknowledge it; pods of these" in str(
        caught.value
    )


def test_interrupt_reports_that_no_release_was_changed() -> None:
    cluster = cluster_of()

    def stop(_: str) -> None:
        raise KeyboardInterrupt

    cluster.on_read = stop
    with pytest.raises(Interrupted, match="while waiting for the edge nodes; no release was changed"):
        lines_of(plan_of("one-way", "v1.23.1", "edge-1"), cluster)
