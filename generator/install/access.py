"""ServiceAccountAccess objects: which edge nodes have not acknowledged them, and how to send them again.

cloudcore sends each edge node an object for each service account, with what the account may do. Without it
the node answers the tokens of the account with 401. From KubeEdge 1.17 on, cloudcore does not send an object
again if it made the object while the node was away. Up to 1.16 it does (METASERVER_TLS, k).
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from generator.errors import count
from generator.install.node_names import names
from generator.install.recover import Say
from generator.io.kubectl import Kubectl
from generator.upstream import Release

_ACCESSES = "/apis/policy.kubeedge.io/v1alpha1/serviceaccountaccesses"
_SYNCS = "/apis/reliablesyncs.kubeedge.io/v1alpha1/namespaces/{}/objectsyncs"
# cloudcore fills the empty list again, and sends the object to each node that it adds.
_EMPTIED = '{"status":{"nodeList":[]}}'
_POLL_SECONDS = 2.0
# A node acknowledges an object within 2 s.
_AGAIN_SECONDS = 15.0


@dataclass(frozen=True)
class Access:
    """An access object; `nodes` must have it, `missing` are those that have not acknowledged it."""

    namespace: str
    name: str
    uid: str
    nodes: tuple[str, ...]
    missing: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Return the name of the object for messages."""
        return f"serviceaccountaccess {self.namespace}/{self.name}"


@dataclass
class Delivery:
    """How many access objects there are, which were sent again, and which are not acknowledged."""

    total: int = 0
    renewed: set[str] = field(default_factory=set)
    left: list[Access] = field(default_factory=list)


def exist(kubeedge: Release) -> bool:
    """Return whether a release of KubeEdge has access objects."""
    return kubeedge.within({"from": "1.14"})


def heal(kubeedge: Release) -> bool:
    """Return whether cloudcore sends an access object again by itself."""
    return kubeedge.within({"to": "1.16"})


def renew_arguments(namespace: str, name: str) -> list[str]:
    """Return the arguments of kubectl that make cloudcore send an access object again."""
    patch = ["--subresource=status", "--type=merge", "--patch", _EMPTIED]
    return ["--namespace", namespace, "patch", "serviceaccountaccess", name, *patch]


def renew_command(namespace: str = "NAMESPACE", name: str = "NAME") -> str:
    """Return the command that makes cloudcore send an access object again."""
    return shlex.join(["kubectl", *renew_arguments(namespace, name)])


def read_accesses(kubectl: Kubectl, nodes: Collection[str]) -> list[Access]:
    """Return all access objects, each with the existing nodes that have not acknowledged it."""
    found = accesses_in(kubectl.pages(_ACCESSES), nodes)
    namespaces = sorted({one.namespace for one in found if one.nodes})
    syncs = (sync for namespace in namespaces for sync in kubectl.pages(_SYNCS.format(namespace)))
    return with_missing(found, syncs)


def accesses_in(objects: Iterable[Mapping[str, Any]], nodes: Collection[str]) -> list[Access]:
    """Return access objects with those of their nodes that exist."""
    existing, found = set(nodes), []
    for one in objects:
        meta = one["metadata"]
        listed = (one.get("status") or {}).get("nodeList") or ()
        named = tuple(node for node in listed if node in existing)
        found.append(Access(meta["namespace"], meta["name"], meta["uid"], named))
    return found


def with_missing(found: Iterable[Access], syncs: Iterable[Mapping[str, Any]]) -> list[Access]:
    """Return access objects with the nodes that have not acknowledged them, by the ObjectSyncs."""
    found = list(found)
    uids = {one.uid for one in found}
    # The name of an ObjectSync is NODE.UID.
    acknowledged = {
        name
        for sync in syncs
        for name in [sync["metadata"]["name"]]
        if name.rpartition(".")[2] in uids
        and (sync.get("status") or {}).get("objectResourceVersion") not in (None, "", "0")
    }
    return [
        replace(one, missing=tuple(node for node in one.nodes if f"{node}.{one.uid}" not in acknowledged))
        for one in found
    ]


def deliver(
    kubectl: Kubectl, nodes: Collection[str], seconds: float, say: Say, *, heals: bool = False
) -> Delivery:
    """Wait until connected nodes have acknowledged every access object; return those that are left.

    An object that is not acknowledged is sent again, every 15 s. If cloudcore `heals`, this only waits.
    With 0 seconds, each object is sent at most once and nothing waits.
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
            what = "waiting for cloudcore to send them" if heals else "sending them again"
            say(f"access objects: {len(done.left)} of {done.total} not acknowledged; {what}")
            _renew([] if heals else done.left, kubectl, done.renewed)
        time.sleep(_POLL_SECONDS)


def _renew(found: Collection[Access], kubectl: Kubectl, renewed: set[str]) -> None:
    for one in found:
        kubectl.run(*renew_arguments(one.namespace, one.name))
        renewed.add(one.uid)


def undelivered_text(left: Collection[Access]) -> str:
    """Name access objects and the nodes that have not acknowledged them."""
    return "; ".join(
        f"{one.title}: {names(one.missing)} did not acknowledge it"
        if one.missing
        else f"{one.title}: cloudcore has not filled its node list"
        for one in left
    )


def delivery_text(done: Delivery) -> str:
    """Return how many access objects were sent again and how many are not acknowledged."""
    if not done.total:
        return "access objects: none; cloudcore makes one for each service account of pods on edge nodes"
    renewed = f"{len(done.renewed)} sent again, " if done.renewed else ""
    left = f"{len(done.left)} not acknowledged" if done.left else "acknowledged by every node"
    return f"{count(done.total, 'access object')}: {renewed}{left}"


def _pending(one: Access, renewed: Collection[str]) -> bool:
    """Return whether a node has not acknowledged an object, or cloudcore has not filled its node list yet."""
    return bool(one.missing) or (one.uid in renewed and not one.nodes)
