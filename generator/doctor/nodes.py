"""Checks of the edge nodes: Ready, releases, certificate requests, node groups, DaemonSets, the rollout."""

from __future__ import annotations

import base64
import binascii
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from fnmatch import fnmatch
from functools import partial
from typing import Any

from generator.catalogue.causes import cloud_only
from generator.catalogue.message import say
from generator.components import KUBEEDGE
from generator.doctor.cluster import EDGE, Json, labels, name_of
from generator.doctor.programs import Programs, edge_release, requests_certificates
from generator.doctor.report import Check, names
from generator.errors import ClusterError, count
from generator.install.findings import of_rollouts
from generator.install.nodes import edge_node, moment
from generator.install.prerequisites import OWN_NAMESPACE
from generator.install.requests import NOT_ISSUED, SINCE, rejected, sort_requests
from generator.install.rollout import progress, read_rollouts
from generator.install.waiting import has_condition
from generator.kube.objects import Object
from generator.kube.pods import as_list, as_map, pod_of
from generator.kube.rollout import daemonsets
from generator.kube.selectors import node_terms
from generator.upstream.named import known_release

_CATEGORY = "nodes"
_MOST_NODES = 20
# cloudcore approves a request within seconds.
_APPROVED_IN = timedelta(seconds=60)
# The taints that every pod of a DaemonSet tolerates.
_ALWAYS = "node.kubernetes.io/"
_NO_EDGE = {"key": "node-role.kubernetes.io/edge", "operator": "DoesNotExist"}


def checks(programs: Programs, now: datetime) -> Iterator[Check]:
    """Yield the checks of the category nodes."""
    if not programs.cluster.edge_nodes:
        check = Check(_CATEGORY, "edge nodes are Ready")
        known = programs.cluster.has("nodes")
        check.skipped = "no edge node has joined" if known else "this account may not read nodes"
        yield check
        yield _token(programs, now)
        return
    yield _ready(programs)
    yield _releases(programs)
    if requests_certificates(programs):
        yield _requests(programs, now)
    yield _daemonsets(programs)
    yield _taints(programs)
    yield from _rollout(programs)
    yield _token(programs, now)


def _ready(programs: Programs) -> Check:
    nodes = programs.cluster.edge_nodes
    check = Check(_CATEGORY, "edge nodes are Ready")
    late = [name for name, node in nodes.items() if not has_condition(node, "Ready")]
    check.detail = f"{len(nodes) - len(late)} of {len(nodes)}"
    # In a fleet some nodes are always away.
    code = "node-not-ready" if len(late) == len(nodes) else "some-nodes-not-ready"
    for name in late[:_MOST_NODES]:
        ready: Json = next((one for one in _conditions(nodes[name]) if one.get("type") == "Ready"), {})
        since = moment(ready.get("lastTransitionTime"))
        time = f"{since:%F %T} UTC" if since else "its registration"
        reason = ready.get("message") or ready.get("reason") or "no status yet"
        check.add(f"node {name}", say(code, time=time, reason=reason))
    if len(late) > _MOST_NODES:
        rest = late[_MOST_NODES:]
        check.add("", say(code, "more", number=count(len(rest), "more node"), nodes=names(rest)))
    return check


def _conditions(found: Json) -> list[Any]:
    return as_list(as_map(found.get("status")).get("conditions"))


def _releases(programs: Programs) -> Check:
    check = Check(_CATEGORY, "edge nodes have the release of cloudcore")
    cloud = next((one.release for one in programs.cloudcore if one.release), None)
    if cloud is None:
        check.skipped = "the release of cloudcore is unknown"
        return check
    others: dict[str, list[str]] = defaultdict(list)
    for name, node in programs.cluster.edge_nodes.items():
        tag = edge_release(node)
        release = known_release(KUBEEDGE, tag)
        if release is not None and release.minor != cloud.minor:
            others[tag].append(name)
    for tag, found in sorted(others.items()):
        check.add("", say("version-skew", edge=tag, nodes=names(found), cloud=cloud.tag))
    return check


def _requests(programs: Programs, now: datetime) -> Check:
    check = Check(_CATEGORY, "the endpoint of each node has its certificate")
    if not programs.cluster.has("csr"):
        check.skipped = "this account may not read certificate requests"
        return check
    requests = programs.cluster.lists["csr"]
    created = {name_of(one): moment(one["metadata"]["creationTimestamp"]) for one in requests}
    blocked, issued = sort_requests(requests, programs.cluster.edge_nodes)
    if issued and programs.cloud_pods:
        blocked += rejected(_log(programs, check), issued)
    for one in blocked:
        time = created[one.request]
        # A request that is not issued is a finding about kube-controller-manager.
        if one.code != NOT_ISSUED and (time is None or now - time > _APPROVED_IN):
            check.add(f"csr {one.request}", say(one.code, node=one.node, request=one.request))
    return check


def _log(programs: Programs, check: Check) -> str:
    """Return the last minutes of cloudcore's log, each line with its time, "" if it cannot be read."""
    found = []
    for pod in programs.cloud_pods:
        metadata = pod["metadata"]
        command = ("logs", "--namespace", metadata["namespace"], metadata["name"], *SINCE)
        try:
            found.append(programs.cluster.kubectl.run(*command))
        except ClusterError:
            check.detail = "without the log of cloudcore, which cannot be read"
    return "\n".join(found)


def _daemonsets(programs: Programs) -> Check:
    check = Check(_CATEGORY, "only DaemonSets for edge nodes run on edge nodes")
    if not programs.cluster.has("pods"):
        check.skipped = "this account may not read pods"
    edge, found = programs.cluster.edge_nodes, defaultdict(list)
    for pod in programs.cluster.pods:
        for owner in pod["metadata"].get("ownerReferences") or ():
            name = str(owner["name"])
            known = any(fnmatch(name, pattern) for pattern in cloud_only())
            known = known and not _for_edge(programs, pod["metadata"]["namespace"], name)
            if owner["kind"] == "DaemonSet" and known and pod["spec"].get("nodeName") in edge:
                found[pod["metadata"]["namespace"], name].append(str(pod["spec"]["nodeName"]))
    for (namespace, name), nodes in sorted(found.items()):
        title = f"daemonset {namespace}/{name}"
        fields = {"daemonset": title, "nodes": names(sorted(nodes)), "namespace": namespace, "name": name}
        check.add("", say("daemonset-on-edge", **fields, patch=_patch()))
    return check


def _for_edge(programs: Programs, namespace: str, name: str) -> bool:
    """Return whether a DaemonSet selects edge nodes only, so that somebody has adapted it to them."""
    cluster = programs.cluster
    others = [labels(node) for name, node in cluster.nodes.items() if name not in cluster.edge_nodes]
    # A managed control plane has no nodes in the cluster.
    others += [{k: v for k, v in labels(node).items() if k != EDGE} for node in cluster.edge_nodes.values()]
    return any(
        not any(map(node_terms(one.data).match, others))
        for one in cluster.workloads
        if (one.kind, one.namespace, one.name) == ("DaemonSet", namespace, name)
    )


def _patch() -> str:
    """Return the patch that keeps a DaemonSet off edge nodes."""
    terms = {"nodeSelectorTerms": [{"matchExpressions": [_NO_EDGE]}]}
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}
    patch = {"spec": {"template": {"spec": {"affinity": affinity}}}}
    return json.dumps(patch, separators=(",", ":"))


def _taints(programs: Programs) -> Check:
    check = Check(_CATEGORY, "no taint keeps EdgeMesh and the rollout away from edge nodes")
    ours = [one.workload for one in programs.agents] + daemonsets(programs.cluster.workloads)
    for workload in ours:
        found = defaultdict(list)
        for name, node in programs.cluster.edge_nodes.items():
            if node_terms(workload.data).match(labels(node)):
                for taint in untolerated(workload, node):
                    found[taint].append(name)
        for taint, nodes in sorted(found.items()):
            title = f"{workload.kind.lower()} {workload.namespace}/{workload.name}"
            check.add("", say("node-tainted", daemonset=title, taint=taint, nodes=names(nodes)))
    return check


def untolerated(workload: Object, node: Json) -> list[str]:
    """Return the taints of a node that keep the pods of a DaemonSet away, as `key=value:effect`."""
    tolerations = as_list(pod_of(workload).get("tolerations"))
    return [
        f"{taint['key']}{'=' + taint['value'] if taint.get('value') else ''}:{taint['effect']}"
        for taint in as_list(as_map(node.get("spec")).get("taints"))
        if taint.get("effect") != "PreferNoSchedule"
        and not taint["key"].startswith(_ALWAYS)
        and not any(_tolerates(one, taint) for one in tolerations)
    ]


def _tolerates(toleration: Json, taint: Json) -> bool:
    if toleration.get("effect") not in (None, "", taint["effect"]):
        return False
    if toleration.get("operator") == "Exists":
        return toleration.get("key") in (None, "", taint["key"])
    return toleration.get("key") == taint["key"] and (toleration.get("value") or "") == (
        taint.get("value") or ""
    )


def _rollout(programs: Programs) -> Iterator[Check]:
    found = daemonsets(programs.cluster.workloads)
    if not found:
        return
    nodes = {name: edge_node(node) for name, node in programs.cluster.edge_nodes.items()}
    check = Check(_CATEGORY, "every node has the edgecore.yaml of its group")
    read = partial(read_rollouts, programs.cluster.kubectl, found, nodes)
    rollouts = programs.cluster.attempt("pods", read, None)
    if rollouts is None:
        check.skipped = "this account may not read pods"
    else:
        check.detail = "; ".join(map(progress, rollouts.groups))
        check.findings += of_rollouts(rollouts, found[0].namespace)
    yield check


def _token(programs: Programs, now: datetime) -> Check:
    check = Check(_CATEGORY, "the token for joining is valid")
    secret = programs.cluster.get("Secret", OWN_NAMESPACE, "tokensecret")
    ends = _expiry(str(as_map((secret or {}).get("data")).get("tokendata") or ""))
    if ends is None:
        check.skipped = "the Secret tokensecret does not exist, or this account may not read it"
    elif ends < now:
        message = say("join-token-expired", time=f"{ends:%F %T} UTC", namespace=programs.namespace)
        check.add(f"secret {OWN_NAMESPACE}/tokensecret", message)
    else:
        check.detail = f"until {ends:%F %T} UTC"
    return check


def _expiry(data: str) -> datetime | None:
    """Return when a join token expires; it is a hash and a JSON web token, joined by a dot."""
    try:
        payload = base64.b64decode(data).decode().split(".")[2]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(int(claims["exp"]), timezone.utc)
    except (binascii.Error, ValueError, IndexError, KeyError, TypeError):
        return None
