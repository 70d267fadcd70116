"""`generator status` of a rollout to 10 000 nodes in 20 groups, with the lists of a real API server."""

from __future__ import annotations

import copy
import json
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.api import Api, Object
from tests.cluster.command import Generator
from tests.cluster.control_plane import binary
from tests.cluster.edge_nodes import failed_status
from tests.cluster.fleet import Store, first_node, renamed
from tests.cluster.helm import Helm
from tests.cluster.kubelet import READY
from tests.cluster.rollouts import LINE

NODES, GROUPS = 10_000, 20
# How many times the CPU of kubectl and a JSON parser that only read the same lists.
MOST_TIMES = 3
VALUES = {
    "profile": "plain",
    "cloudCore": {"modules": {"cloudHub": {"advertiseAddress": ["192.0.2.10"]}}},
    "edgeCore": {
        "rollout": {"enable": True, "maxUnavailable": "10%"},
        "nodeGroups": {f"line-{number}": {"nodeSelector": {LINE: f"l{number}"}} for number in range(GROUPS)},
    },
}


class Logged(Generator):
    """The command with a kubectl that writes its arguments to a file."""

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment with the kubectl that logs."""
        return {**super().environment, "KUBECTL": str(self.folder / "kubectl")}

    def calls(self) -> list[str]:
        """Return the arguments of each call."""
        return (self.folder / "calls").read_text("utf-8").splitlines()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Start an API server."""
    started = Store(tmp_path_factory.mktemp("scale"))
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def generator(store: Store, home: Path, tmp_path: Path) -> Iterator[Logged]:
    """Return the command, and the edgecore chart installed with 20 groups."""
    # Helm 4 reads every pod of a release for `helm status`, which takes 10 s more.
    helm = Helm("helm-4.3", str(store.kubeconfig), home)
    helm.install("edgecore", values=VALUES)
    script = tmp_path / "kubectl"
    script.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/calls\nexec {binary("kubectl")} "$@"\n', "utf-8")
    script.chmod(0o755)
    found = Logged(helm, tmp_path)
    yield found
    found.stop()


def test_status_of_10000_nodes_takes_little_more_cpu_than_their_lists(
    generator: Logged, store: Store
) -> None:
    fill(store, Api.of(str(store.kubeconfig)))
    start = cpu_seconds()
    found = generator("status", "--format", "json", code=1)
    taken = cpu_seconds() - start
    report = json.loads(found.out)
    assert len(report["rollouts"]) == GROUPS
    counts = {
        (len(one["updated"]), len(one["pending"]), len(one["failed"]), len(one["offline"]))
        for one in report["rollouts"]
    }
    assert counts == {(440, 25, 25, 10)}
    assert report["nodesOfNoGroup"] == []
    pages = [call for call in generator.calls() if "limit=1000" in call]
    # A busy machine counts more CPU for the same work, so the lists are read here too, by the same kubectl.
    start = cpu_seconds()
    for page in (one for one in pages if "/nodes?" in one or "/pods?" in one):
        read = subprocess.run(
            [binary("kubectl"), *page.split()], env=generator.environment, capture_output=True, check=True
        )
        assert json.loads(read.stdout)["items"]
    lists = cpu_seconds() - start
    assert taken < MOST_TIMES * lists, f"status: {taken:.1f} s of CPU, its lists alone: {lists:.1f} s"
    assert [sum(f"/{kind}?" in call for call in pages) for kind in ("nodes", "pods")] == [10, 10]
    # The pods of helm test and of other workloads of the release; here none.
    (others,) = (call for call in generator.calls() if call.startswith("get pods "))
    assert "kubeedge!=edgecore-rollout" in others


def cpu_seconds() -> float:
    """Return the CPU time of this process and of the processes that it started and that have ended."""
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def fill(store: Store, api: Api) -> None:
    """Write the nodes, and for each node a pod of its group: updated, pending, failed or offline."""
    node, pods = first_node(api), first_pods(api)
    places = [(number, number // (NODES // GROUPS), number % (NODES // GROUPS)) for number in range(NODES)]

    def nodes() -> Iterator[tuple[str, Object]]:
        for number, group, place in places:
            made = renamed(node, f"edge-{number:05}")
            made["metadata"]["labels"][LINE] = f"l{group}"
            made["status"]["conditions"][0]["status"] = "Unknown" if place < 10 else "True"
            yield f"minions/edge-{number:05}", made

    def all_pods() -> Iterator[tuple[str, Object]]:
        for number, group, place in places:
            kind = "old" if place < 35 else "failed" if place < 60 else "updated"
            name = f"edgecore-rollout-line-{group}-{number:05}"
            made = renamed(pods[group, kind], name)
            made["spec"]["nodeName"] = f"edge-{number:05}"
            yield f"pods/kubeedge/{name}", made

    store.put(nodes())
    store.put(all_pods())
    assert len(api.all("v1", "Node")) == NODES


def first_pods(api: Api) -> dict[tuple[int, str], Object]:
    """Return a pod of each group in each state, as the API server stores it."""
    found = {}
    for group in range(GROUPS):
        daemonset = api.get("apps/v1", "DaemonSet", f"edgecore-rollout-line-{group}", "kubeedge")
        assert daemonset
        for state in ("old", "failed", "updated"):
            found[group, state] = first_pod(api, daemonset, state)
    return found


def first_pod(api: Api, daemonset: Object, state: str) -> Object:
    """Create a pod of a DaemonSet, report its state, and return it."""
    template = copy.deepcopy(daemonset["spec"]["template"])
    owner = {key: daemonset["metadata"][key] for key in ("name", "uid")}
    meta = {
        **template["metadata"],
        "name": "first",
        "namespace": "kubeedge",
        "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "controller": True, **owner}],
    }
    if state == "old":
        meta["annotations"]["checksum/edgecore"] = "old"
    made = api.create({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": template["spec"]})
    conditions = [{"type": one, "status": "True"} for one in READY]
    status = failed_status(made) if state == "failed" else {"phase": "Running", "conditions": conditions}
    api.do("PATCH", f"{api.place(made)}/status", {"status": status}, "merge")
    found: Object = api.do("GET", api.place(made))
    api.delete("v1", "Pod", "first", "kubeedge", gracePeriodSeconds="0")
    return found
