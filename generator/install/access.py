"""ServiceAccountAccess objects: which edge nodes have not received them, and how they are sent again.

cloudcore tells each edge node by such an object what a service account may do; without it the node answers
the tokens of that account with 401. One that was made while the node was away is never sent from KubeEdge
1.17 on, however long the node is connected; up to 1.16 cloudcore sends it by itself (METASERVER_TLS, k).
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from generator.errors import count
from generator.install.nodes import names
from generator.install.recover import Say
from generator.io.kubectl import Kubectl
from generator.upstream import Release

_ACCESSES = "/apis/policy.kubeedge.io/v1alpha1/serviceaccountaccesses"
_SYNCS = "/apis/reliablesyncs.kubeedge.io/v1alpha1/namespaces/{}/objectsyncs"
# cloudcore fills the list again, and sends the object to each node that it adds.
_EMPTIED = '{"status":{"nodeList":[]}}'
_POLL_SECONDS = 2.0
# An object that is sent arrives within 2 s.
_AGAIN_SECONDS = 15.0


@dataclass(frozen=True)
class Access:
    """An access object; `nodes` are to have it, `missing` are those that have not acknowledged it."""

    namespace: str
    name: str
    uid: str
    nodes: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return how it is called in messages."""
        return f"serviceaccountaccess {self.namespace}/{self.name}"


@dataclass
class Delivery:
    """What became of all access objects: how many there are, which were renewed, which are not delivered."""

    total: int = 0
    renewed: set[str] = field(default_factory=set)
    left: list[Access] = field(default_factory=list)


def exist(kubeedge: Release) -> bool:
    """Say whether a release of KubeEdge has access objects."""
    return kubeedge.within({"from": "1.14"})


def heal(kubeedge: Release) -> bool:
    """Say whether cloudcore sends an access object again by itself."""
    return kubeedge.within({"to": "1.16"})


def renew_arguments(namespace: str, name: str) -> list[str]:
    """Return the arguments of kubectl that have an access object sent again."""
    patch = ["--subresource=status", "--type=merge", "--patch", _EMPTIED]
    return ["--namespace", namespace, "patch", "serviceaccountaccess", name, *patch]


def renew_command(namespace: str = "NAMESPACE", name: str = "NAME") -> str:
    """Return the command that has an access object sent again."""
    return shlex.join(["kubectl", *renew_arguments(namespace, name)])


def read_accesses(kubectl: Kubectl, nodes: Collection[str]) -> list[Access]:
    """Return all access objects, with those of some existing nodes that have not acknowledged each."""
    found = list(_accesses(kubectl, set(nodes)))
    acknowledged: set[str] = set()
    for namespace in sorted({one.namespace for one in found if one.nodes}):
        acknowledged |= _acknowledged(kubectl, namespace, found)
    return [
        Access(one.namespace, one.name, one.uid, one.nodes, missing)
        for one in found
        for missing in [tuple(node for node in one.nodes if f"{node}.{one.uid}" not in acknowledged)]
    ]


def deliver(
    kubectl: Kubectl, nodes: Collection[str], seconds: float, say: Say, *, heals: bool = False
) -> Delivery:
    """Have every access object delivered to some connected nodes; what is left after some seconds is told.

    Each one that is not acknowledged is renewed, again while it stays so. Where cloudcore `heals` it is only
    waited for. With 0 seconds nothing is waited for.
    """
    done, until, sent = Delivery(), time.monotonic() + seconds, float("-inf")
    while True:
        found = read_accesses(kubectl, nodes)
        done.total, done.left = len(found), [one for one in found if _pending(one, done.renewed)]
        now = time.monotonic()
        if not done.left or (now >= until and (heals or done.renewed)):
            return done
        if now - sent >= _AGAIN_SECONDS:
            sent = now
            what = "waiting for cloudcore to send them" if heals else "renewing them"
            say(f"access objects: {len(done.left)} of {done.total} not acknowledged; {what}")
            _renew([] if heals else done.left, kubectl, done.renewed)
        time.sleep(_POLL_SECONDS)


def _renew(found: Collection[Access], kubectl: Kubectl, renewed: set[str]) -> None:
    for one in found:
        kubectl.run(*renew_arguments(one.namespace, one.name))
        renewed.add(one.uid)


def undelivered_text(left: Collection[Access]) -> str:
    """Name access objects and the nodes that have not acknowledged them."""
    found = (names(one.missing) if one.missing else "cloudcore, which fills its node list" for one in left)
    return "; ".join(f"{one.title} by {nodes}" for one, nodes in zip(left, found, strict=True))


def delivery_text(done: Delivery) -> str:
    """Say what became of the access objects."""
    if not done.total:
        return "access objects: none; cloudcore makes one for each service account of pods on edge nodes"
    renewed = f"{len(done.renewed)} renewed, " if done.renewed else ""
    left = f"{len(done.left)} not acknowledged" if done.left else "acknowledged by every node"
    return f"{count(done.total, 'access object')}: {renewed}{left}"


def _pending(one: Access, renewed: Collection[str]) -> bool:
    """Say whether an access object is on no node that should have it, or not yet on its way again."""
    return bool(one.missing) or (one.uid in renewed and not one.nodes)


def _accesses(kubectl: Kubectl, existing: Collection[str]) -> Iterator[Access]:
    for found in kubectl.pages(_ACCESSES):
        meta = found["metadata"]
        listed = (found.get("status") or {}).get("nodeList") or ()
        nodes = tuple(node for node in listed if node in existing)
        yield Access(meta["namespace"], meta["name"], meta["uid"], nodes)


def _acknowledged(kubectl: Kubectl, namespace: str, wanted: Collection[Access]) -> set[str]:
    """Return the names of the ObjectSyncs, NODE.UID, of access objects that a node has acknowledged."""
    uids = {one.uid for one in wanted if one.namespace == namespace}
    return {
        name
        for found in kubectl.pages(_SYNCS.format(namespace))
        for name in [found["metadata"]["name"]]
        if name.rpartition(".")[2] in uids
        and (found.get("status") or {}).get("objectResourceVersion") not in (None, "", "0")
    }
