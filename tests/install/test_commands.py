"""`generator install --nodes-done` and `status` from end to end, with stand-ins for helm and kubectl."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any

import pytest

from generator.cli import install as install_module
from generator.cli import status as status_module
from generator.helm.releases import LiveRelease
from generator.install import access as access_module
from generator.install import nodes as nodes_module
from generator.install import status as reading
from generator.install.prerequisites import OWN_SECRETS, reference
from generator.load import load_site
from generator.render.site import Rendering, render_site
from tests.cli.conftest import ADDRESS, Run, run
from tests.install.kubernetes import ACCESSES, NODES, PODS, SYNCS, Cluster, access, cloudcore, node, sync

__all__ = ["run"]

SITE = ("--profile", "one-way-verified", "--set", ADDRESS)
START, AFTER = "2026-11-28T10:05:00Z", "2026-11-28T10:06:00Z"


class Installed:
    """The releases of a site, all deployed as they are rendered."""

    helm, namespace = (3, 22), "kubeedge"

    def __init__(self, rendering: Rendering) -> None:
        self._rendering = rendering

    def find(self, name: str) -> LiveRelease | None:
        """Return a release."""
        texts = (one.text for one in self._rendering.documents if one.chart == name)
        values = self._rendering.site.user
        return LiveRelease(name, "kubeedge", name, 1, "deployed", "---\n".join(texts), values=values)


class Objects(Cluster):
    """A cluster that has all objects of a rendering, and some Secrets."""

    def __init__(self, rendering: Rendering) -> None:
        super().__init__()
        secrets = [reference("kubeedge", name) for name in OWN_SECRETS]
        psk = {**reference("kubeedge", "edgemesh-psk"), "data": {"psk": "eA=="}}
        self.objects_there = [*(copy.deepcopy(one.data) for one in rendering.documents), *secrets, psk]

    def objects(self, wanted: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        asked = {_identity(one) for one in wanted}
        return [one for one in self.objects_there if _identity(one) in asked]

    def listed(self, *_: str) -> list[dict[str, Any]]:
        return []


def _identity(found: dict[str, Any]) -> tuple[str, str, str]:
    return found["kind"], found["metadata"].get("namespace", ""), found["metadata"]["name"]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Objects:
    """Give an installation with TLS and a connected node that has not acknowledged an access object."""
    rendering = render_site(load_site(profile="one-way-verified", set=(ADDRESS,)))
    found = Objects(rendering)
    found.lists = {
        NODES: [node("edge-1", heartbeat=AFTER)],
        PODS: [cloudcore(START)],
        ACCESSES: [access("edgemesh-agent", "u1", "edge-1")],
        SYNCS: [sync("edge-1", "u1", "0")],
    }
    found.patched = lambda _: found.lists.update({SYNCS: [sync("edge-1", "u1", "9")]})
    for module in (install_module, status_module):
        monkeypatch.setattr(module, "open_cluster", lambda *_: (Installed(rendering), found))
    for module, name in ((access_module, "_POLL_SECONDS"), (nodes_module, "_POLL_SECONDS")):
        monkeypatch.setattr(module, name, 0.0)
    monkeypatch.setattr(reading, "SETTLE_SECONDS", 0.0)
    return found


def test_nodes_done_sends_access_objects_again_without_a_release_change(run: Run, cluster: Objects) -> None:
    done = run("install", *SITE, "--yes", "--nodes-done")
    assert (done.exit_code, done.stdout.count("nothing to do (revision 1)")) == (0, 3)
    assert "access objects: 1 of 1 not acknowledged; sending them again\n" in done.stderr
    assert "1 access object: 1 sent again, acknowledged by every node\n" in done.stderr
    assert len(cluster.patches) == 1


def test_nothing_is_sent_again_without_nodes_done(run: Run, cluster: Objects) -> None:
    done = run("install", *SITE, "--yes")
    assert done.exit_code == 0
    assert not cluster.patches


def test_dry_run_shows_what_would_be_sent_again(run: Run, cluster: Objects) -> None:
    done = run("install", *SITE, "--nodes-done", "--dry-run")
    assert done.exit_code == 0
    assert "then send 1 of 1 access object again" in done.stdout
    assert not cluster.patches


def test_status_exits_1_if_an_access_object_is_not_acknowledged(run: Run, cluster: Objects) -> None:
    done = run("status")
    assert done.exit_code == 1, done.output
    assert "serviceaccountaccess kubeedge/edgemesh-agent: edge-1 did not acknowledge it" in done.stdout
    reported = json.loads(run("status", "--format", "json").stdout)["findings"]
    codes = [one["ruleId"] for one in reported]
    assert "access-not-acknowledged" in codes
    cluster.patched(())
    reported = json.loads(run("status", "--format", "json").stdout)["findings"]
    assert [one["ruleId"] for one in reported] == [
        code for code in codes if code != "access-not-acknowledged"
    ]


def test_status_reports_workloads_that_no_controller_has_seen(run: Run, cluster: Objects) -> None:
    for found in cluster.objects_there:
        if found["kind"] in ("Deployment", "DaemonSet"):
            found["metadata"]["generation"] = 1
    done = run("status")
    assert (
        "release cloudcore: Deployment kubeedge/cloudcore: its controller has not seen the last"
        in done.stdout
    )
    assert "release edgemesh: DaemonSet kubeedge/edgemesh-agent: its controller has not seen" in done.stdout


def test_status_exits_0_without_findings(run: Run, cluster: Objects) -> None:
    cluster.patched(())
    for found in cluster.objects_there:
        if found["kind"] == "Deployment":
            found["status"] = {"updatedReplicas": 9, "availableReplicas": 9}
    done = run("status")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "no findings"), done.output


@pytest.mark.parametrize("name", OWN_SECRETS)
def test_status_reports_a_missing_secret_of_cloudcore(run: Run, cluster: Objects, name: str) -> None:
    cluster.objects_there = [one for one in cluster.objects_there if one["metadata"]["name"] != name]
    done = run("status")
    assert done.exit_code == 1
    assert f"secret kubeedge/{name}: does not exist; " in done.stdout
