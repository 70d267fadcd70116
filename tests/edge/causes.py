"""Causes that `generator doctor` must name first on the real programs, each made and repaired.

Where doctor prints a command or a manifest as the fix, the repair is exactly that.
"""

from __future__ import annotations

import base64
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from tests.certs import pki
from tests.cluster.api import Object
from tests.edge.ask import watching
from tests.edge.cloud_node import NODE as CLOUD_NODE
from tests.edge.edge_node import CONFIG
from tests.edge.faults import ENDPOINT_FILES, edit_cloudcore
from tests.edge.joined import Joined
from tests.edge.machine import EDGE_NODE
from tests.edge.pods import NAMESPACE as FACTORY
from tests.edge.pods import READS, Application
from tests.edge.waiting import until
from tests.edge.world import NAMESPACE

UNLISTED = "/apis/apps/v1/daemonsets"
Report = Object


@dataclass(frozen=True)
class Cause:
    """A cause, the profile in which it is made, and whether doctor also looks from the node.

    `make` makes the cause, yields, and repairs it.
    """

    code: str
    make: Callable[[Joined], Iterator[None]]
    profile: str
    probe: bool = True

    @property
    def profiles(self) -> tuple[str, ...]:
        """Return the profiles of the runs that make it."""
        return (self.profile,)


def finding(report: Report, code: str) -> Object:
    """Return the finding with a code."""
    return next(one for check in report["checks"] for one in check["findings"] if one["ruleId"] == code)


def blocked_watch(joined: Joined) -> Iterator[None]:
    """Watch a type that cloudcore may not list."""
    with watching(joined.way, UNLISTED):
        until(lambda: not joined.ask().from_cloud, "the watch blocks the endpoint")
        yield
    before = joined.world.connections()
    joined.world.kubectl("rollout", "restart", "deployment/cloudcore")
    joined.world.wait_until_connected(before)


def not_restarted(joined: Joined) -> Iterator[None]:
    """Change cloudcore's ConfigMap, and do not restart cloudcore."""
    path = f"/api/v1/namespaces/{NAMESPACE}/configmaps/cloudcore"
    text = joined.world.api.do("GET", path)["data"]["cloudcore.yaml"]
    config = yaml.safe_load(text)
    config["modules"]["cloudHub"]["keepaliveInterval"] = 31
    joined.world.api.do("PATCH", path, {"data": {"cloudcore.yaml": yaml.safe_dump(config)}}, "merge")
    yield
    before = joined.world.connections()
    joined.install()
    joined.world.kubectl("rollout", "restart", "deployment/cloudcore")
    joined.world.wait_until_connected(before)


def address_not_in_certificate(joined: Joined) -> Iterator[None]:
    """Advertise one more address after the first start."""

    def edit(config: Object) -> None:
        config["modules"]["cloudHub"]["advertiseAddress"].append("192.0.2.77")

    edit_cloudcore(joined, edit)
    yield
    joined.repair()


def wrong_cluster_dns(joined: Joined) -> Iterator[None]:
    """Give pods a name server that does not exist."""
    yield from _node_edit(
        joined,
        lambda config: config["modules"]["edged"]["tailoredKubeletConfig"].update(
            clusterDNS=["203.0.113.53"]
        ),
    )


def wrong_issuer(joined: Joined) -> Iterator[None]:
    """Let edgecore accept the tokens of another issuer only."""
    issuers = ["https://another.example"]
    yield from _node_edit(
        joined,
        lambda config: config["modules"]["metaManager"]["metaServer"].update(serviceAccountIssuers=issuers),
    )


def controllers_do_not_sign(joined: Joined) -> Iterator[None]:
    """Start kube-controller-manager without its key, and let the node request a new certificate."""
    plane = joined.world.plane
    plane.stop_controllers()
    plane.start_controllers(nodes=True, signs=False)
    _new_request(joined)
    yield
    plane.stop_controllers()
    plane.start_controllers(nodes=True)
    until(lambda: joined.ask().status in (200, 401), "the endpoint listens")
    joined.restart_pods()
    joined.restart_agent()


def node_joined_anew(joined: Joined) -> Iterator[None]:
    """Let the node lose its certificate, with a request of its name in the cluster."""
    joined.world.edge.systemctl("stop")
    shutil.rmtree(ENDPOINT_FILES)
    joined.world.edge.systemctl("start")
    joined.world.wait_until_ready()
    yield
    # The test has run the command that doctor prints.
    until(lambda: joined.ask().status in (200, 401), "the endpoint listens")
    joined.restart_pods()
    joined.restart_agent()


def access_never_delivered(joined: Joined) -> Iterator[None]:
    """Create a pod with a new account while the node is away."""
    joined.world.edge.systemctl("stop")
    until(lambda: not joined.world.node_ready(), "the node is not Ready")
    late = Application(joined.world.api, "late", READS, nodeName=EDGE_NODE)
    access = ("policy.kubeedge.io/v1alpha1", "ServiceAccountAccess", "late", FACTORY)
    until(lambda: joined.world.api.get(*access) is not None, "cloudcore makes the access object")
    joined.world.edge.systemctl("start")
    joined.world.wait_until_ready()
    late.wait()
    yield
    late.delete()
    joined.restart_pods()
    joined.restart_agent()


def expired_client_certificate(joined: Joined) -> Iterator[None]:
    """Give the agent a client certificate that has expired."""
    name, path = "metaserver-certs", f"/api/v1/namespaces/{NAMESPACE}/secrets/metaserver-certs"
    own = joined.world.api.do("GET", path)
    pair = pki.client(pki.make("another CA", ca=True), start=-3 * pki.DAY, end=-pki.DAY)
    files = {"server.crt": pair.cert_text, "server.key": pair.key_text}
    data = {**own["data"], **{key: base64.b64encode(text.encode()).decode() for key, text in files.items()}}
    joined.world.api.do("PATCH", path, {"data": data}, "merge")
    yield
    joined.world.kubectl("delete", "secret", name)
    joined.world.api.create({**own, "metadata": {"name": name, "namespace": NAMESPACE}})
    joined.restart_agent()


def stream_certificate_missing(joined: Joined) -> Iterator[None]:
    """Delete the Secret with the stream certificate."""
    path = f"/api/v1/namespaces/{NAMESPACE}/secrets/cloudcore-stream"
    own = joined.world.api.do("GET", path)
    joined.world.kubectl("delete", "secret", "cloudcore-stream")
    yield
    joined.world.api.create({**own, "metadata": {"name": "cloudcore-stream", "namespace": NAMESPACE}})


CAUSES = [
    Cause("cloudcore-denied", blocked_watch, "plain"),
    Cause("cloudcore-not-restarted", not_restarted, "plain", probe=False),
    Cause("cloudcore-certificate-names", address_not_in_certificate, "plain", probe=False),
    Cause("dns-address-differs", wrong_cluster_dns, "plain"),
    Cause("certificate-request-not-issued", controllers_do_not_sign, "one-way"),
    Cause("certificate-request-blocks-node", node_joined_anew, "one-way"),
    Cause("access-not-acknowledged", access_never_delivered, "one-way-verified", probe=False),
    Cause("issuer-differs", wrong_issuer, "one-way-verified"),
    Cause("client-certificate-rejected", expired_client_certificate, "mtls", probe=False),
    Cause("stream-certificate-missing", stream_certificate_missing, "mtls", probe=False),
]

# What cloudcore's account needs for tokens and devices: each verb alone (facts: METASERVER_TLS g).
PERMISSIONS = [
    ("policy.kubeedge.io", "serviceaccountaccesses", "get"),
    ("", "serviceaccounts", "get"),
    ("rbac.authorization.k8s.io", "clusterroles", "get"),
    ("rbac.authorization.k8s.io", "roles", "get"),
    ("devices.kubeedge.io", "devicestatuses", "list"),
    ("apps", "deployments", "list"),
]
# Without these, what everybody needs works.
OTHER_CODES = {"devicestatuses": "device-permission-missing", "deployments": "application-permission-missing"}


def without(joined: Joined, group: str, resource: str, verb: str) -> dict[str, Object]:
    """Take one permission from every role of cloudcore; return the roles as they were, by path."""
    base = "/apis/rbac.authorization.k8s.io/v1/clusterroles"
    kept = {}
    for role in joined.world.api.do("GET", base)["items"]:
        if not re.match("cloudcore", role["metadata"]["name"]) or "aggregationRule" in role:
            continue
        changed = [one for rule in role["rules"] for one in _split(rule, group, resource, verb)]
        if changed != role["rules"]:
            path = f"{base}/{role['metadata']['name']}"
            kept[path] = role
            joined.world.api.do("PATCH", path, {"rules": changed}, "merge")
    return kept


def _split(rule: Object, group: str, resource: str, verb: str) -> Iterator[Object]:
    if group in rule["apiGroups"] and resource in rule["resources"] and verb in rule["verbs"]:
        others = [one for one in rule["resources"] if one != resource]
        if others:
            yield {**rule, "resources": others}
        verbs = [one for one in rule["verbs"] if one != verb]
        if verbs:
            yield {**rule, "resources": [resource], "verbs": verbs}
    else:
        yield rule


def run_fix(joined: Joined, report: Report, code: str) -> None:
    """Run the command in the fix of a finding."""
    command = finding(report, code)["fix"].partition("kubectl ")[2]
    joined.world.kubectl(*shlex.split(command))


def token_for(joined: Joined, *more: str) -> str:
    """Return a token for the application's account that no pod of this node has."""
    return joined.world.kubectl("create", "token", joined.app.name, "--namespace", FACTORY, *more).strip()


def cloud_pod(joined: Joined) -> str:
    """Create a pod of the application's account on the cloud node, and return its name."""
    meta = {"name": "reader-in-cloud", "namespace": FACTORY}
    container = {"name": "app", "image": "example/none:1"}
    spec = {"nodeName": CLOUD_NODE, "serviceAccountName": joined.app.name, "containers": [container]}
    joined.world.api.create({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec})
    return meta["name"]


def _new_request(joined: Joined) -> None:
    """Let the node request its certificate again."""
    joined.world.edge.systemctl("stop")
    shutil.rmtree(ENDPOINT_FILES)
    joined.world.kubectl("delete", "csr", f"metaserver-csr-{EDGE_NODE}")
    joined.world.edge.systemctl("start")
    joined.world.wait_until_ready()


def _node_edit(joined: Joined, edit: Callable[[Object], None]) -> Iterator[None]:
    """Change edgecore.yaml on the node by hand and restart edgecore; put the old file back afterwards."""
    kept = CONFIG.read_text("utf-8")
    config = yaml.safe_load(kept)
    edit(config)
    CONFIG.write_text(yaml.safe_dump(config), "utf-8")
    joined.restart_edgecore()
    joined.world.wait_until_ready()
    yield
    CONFIG.write_text(kept, "utf-8")
    joined.restart_edgecore()
    joined.world.wait_until_ready()
    joined.restart_pods()
    joined.restart_agent()
