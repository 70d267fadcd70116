"""Faults that operators make, and what must report each: the code of doctor, and words of other commands.

A fault is a generator: it makes the fault, yields, and repairs it. `generator install` with the same values
repairs what changed in the cluster; the node's file is put back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.cluster.api import Object
from tests.edge.edge_node import CONFIG
from tests.edge.joined import Joined
from tests.edge.machine import EDGE_NODE
from tests.edge.waiting import until
from tests.edge.world import NAMESPACE

ENDPOINT_FILES = Path("/etc/kubeedge/pki/metaserver")


@dataclass(frozen=True)
class Fault:
    """A fault, the profiles that can have it, and what must report it.

    `doctor` is the cause that `generator doctor` must name first, one of several where two say the same.
    The pod of `helm test` must print the code `script`, of the answer or of a cause; status and check must
    print their words. `away` says that the node gets no pods, so that doctor looks from the cloud only.
    """

    name: str
    make: Callable[[Joined], Iterator[None]]
    doctor: tuple[str, ...]
    script: str
    status: str
    check: str
    profiles: tuple[str, ...]
    away: bool = False


def dynamic_controller_off(joined: Joined) -> Iterator[None]:
    """Switch dynamicController off in cloudcore's ConfigMap and restart cloudcore."""

    def edit(config: Object) -> None:
        config["modules"]["dynamicController"]["enable"] = False

    edit_cloudcore(joined, edit)
    yield
    joined.repair()


def cloudcore_stopped(joined: Joined) -> Iterator[None]:
    """Stop cloudcore."""
    joined.world.cloud.stop_cloudcore()
    until(lambda: not joined.ask().from_cloud, "the node notices it")
    yield
    joined.world.cloud.start_cloudcore()


def gate_in_cloudcore_only(joined: Joined) -> Iterator[None]:
    """Give the node the file of the profile plain."""
    with _node_file(joined, joined.world.render("plain") / "edgecore.yaml"):
        yield
    joined.restart_pods()
    joined.restart_agent()


def gate_in_edgecore_only(joined: Joined) -> Iterator[None]:
    """Switch the gate off in cloudcore before the node has its certificate."""

    def edit(config: Object) -> None:
        config["featureGates"]["requireAuthorization"] = False

    edit_cloudcore(joined, edit)
    joined.world.edge.systemctl("stop")
    shutil.rmtree(ENDPOINT_FILES)
    joined.world.kubectl("delete", "csr", f"metaserver-csr-{EDGE_NODE}")
    joined.world.edge.systemctl("start")
    joined.world.wait_until_ready()
    yield
    joined.repair()
    joined.install("--nodes-done")
    joined.restart_pods()
    joined.restart_agent()


def right_removed(joined: Joined) -> Iterator[None]:
    """Take the permission to list Services from cloudcore."""
    path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/cloudcore-endpoint"
    role = joined.world.api.do("GET", path)
    for rule in role["rules"]:
        rule["resources"] = [one for one in rule["resources"] if one != "services"]
    joined.world.api.do("PUT", path, role)
    until(lambda: not joined.ask().from_cloud, "cloudcore is refused")
    yield
    joined.install()


def another_ca(joined: Joined) -> Iterator[None]:
    """Give the agent certificates of another CA."""
    name = "metaserver-certs"
    path = f"/api/v1/namespaces/{NAMESPACE}/secrets/{name}"
    own = joined.world.api.do("GET", path)
    joined.world.kubectl("delete", "secret", name)
    joined.world.add_secret(name, joined.foreign_files())
    joined.restart_tester()
    yield
    joined.world.kubectl("delete", "secret", name)
    joined.world.api.create({**own, "metadata": {"name": name, "namespace": NAMESPACE}})
    joined.restart_tester()
    joined.restart_agent()


FAULTS = [
    Fault(
        "dynamicController off",
        dynamic_controller_off,
        ("dynamic-controller-off",),
        "dynamic-controller-off",
        "drift",
        "dynamicController",
        ("plain",),
    ),
    Fault(
        "cloudcore stopped",
        cloudcore_stopped,
        ("cloudcore-not-ready",),
        "cloudcore-not-ready",
        "0 available",
        "",
        ("mtls",),
        away=True,
    ),
    Fault(
        "cloudcore may not list Services",
        right_removed,
        ("cloudcore-permission-missing",),
        "answer-local",
        "drift",
        "",
        ("one-way-verified",),
    ),
    Fault(
        "gate in cloudcore only",
        gate_in_cloudcore_only,
        ("gate-differs", "gate-on-node-differs"),
        "answer-uses-http",
        "",
        "requireAuthorization",
        ("one-way", "mtls"),
    ),
    Fault(
        "gate in edgecore only",
        gate_in_edgecore_only,
        ("gate-differs",),
        "answer-refused",
        "drift",
        "requireAuthorization",
        ("one-way-verified",),
    ),
    Fault(
        "certificates of another CA",
        another_ca,
        ("endpoint-ca-unknown",),
        "answer-tls-error",
        "",
        "",
        ("mtls",),
    ),
]


def edit_cloudcore(joined: Joined, edit: Callable[[Object], None]) -> None:
    """Change cloudcore's config by hand and restart it, as people do."""
    path = f"/api/v1/namespaces/{NAMESPACE}/configmaps/cloudcore"
    found = joined.world.api.do("GET", path)
    config = yaml.safe_load(found["data"]["cloudcore.yaml"])
    edit(config)
    data = {"cloudcore.yaml": yaml.safe_dump(config)}
    joined.world.api.do("PATCH", path, {"data": data}, "merge")
    before = joined.world.connections()
    joined.world.kubectl("rollout", "restart", "deployment/cloudcore")
    joined.world.wait_until_connected(before)


@contextmanager
def _node_file(joined: Joined, file: Path) -> Iterator[None]:
    """Run edgecore with another file, with the node's own name."""
    kept = CONFIG.read_text("utf-8")
    joined.write_node_file(file)
    try:
        yield
    finally:
        CONFIG.write_text(kept, "utf-8")
        joined.restart_edgecore()
