"""Checks of EdgeMesh: agents on their nodes, the key of the network, relays, DNS, permissions."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from generator.catalogue.message import say
from generator.doctor.accounts import is_older
from generator.doctor.cluster import Json, LiveCluster, ended, labels, name_of
from generator.doctor.endpoint import secret_of
from generator.doctor.nodes import untolerated
from generator.doctor.permissions import denied, granted, role_text, user_of
from generator.doctor.programs import Program, Programs
from generator.doctor.report import Check, names
from generator.install.nodes import moment
from generator.install.waiting import has_condition, unready
from generator.kube.pods import as_list, as_map
from generator.kube.rbac import permission_lines
from generator.kube.selectors import node_terms
from generator.language import translated
from generator.load import load_site
from generator.render.site import render_site

_CATEGORY = "edgemesh"
_PSK = "modules.edgeTunnel.psk"
_RELAYS = "modules.edgeTunnel.relayNodes"
_DNS = ("modules.edged.tailoredKubeletConfig.clusterDNS", "modules.edged.clusterDNS")
_MOST_PODS = 5


def checks(programs: Programs, now: datetime) -> Iterator[Check]:
    """Yield the checks of the category edgemesh; none where EdgeMesh is not installed."""
    if not programs.agents:
        return
    for agent in programs.agents:
        if agent.workload.kind == "DaemonSet":
            yield _on_nodes(programs, agent, now)
    yield _keys(programs)
    yield _relays(programs)
    yield _dns(programs)
    yield _permissions(programs)
    yield _older_pods(programs)


def _on_nodes(programs: Programs, agent: Program, now: datetime) -> Check:
    name = name_of(agent.workload.data)
    check = Check(
        _CATEGORY, translated("doctor", "{name} is ready on each node that it selects").format(name=name)
    )
    if not programs.cluster.has("pods", "nodes"):
        check.skipped = "this account may not read pods and nodes"
        return check
    pods = _by_node(programs.cluster.pods_of(agent.workload))
    wanted = [node for node in programs.cluster.nodes if _selects(programs, agent, node)]
    ready = [node for node in wanted if node in pods and has_condition(pods[node], "Ready")]
    check.detail = f"{len(ready)} of {len(wanted)}{_on_cloud(programs, wanted)}"
    # A pod on a node that is away is a finding about the node.
    left = [node for node in wanted if node not in ready and _is_ready(programs, node)]
    # During an update, the old pod of a node ends before its new pod starts.
    ending = _by_node(programs.cluster.pods_of(agent.workload, deleted=True))
    missing = [node for node in left if node not in {**pods, **ending}]
    if missing:
        fields = {"nodes": names(missing), "namespace": agent.workload.namespace, "name": name}
        check.add(agent.title, say("agent-not-on-node", "missing", **fields))
    _late(check, agent, {node: pods[node] for node in left if node in pods}, now)
    return check


def _on_cloud(programs: Programs, wanted: list[str]) -> str:
    """Name the cloud nodes of an agent, where its iptables rules work beside those of kube-proxy."""
    cloud = [node for node in wanted if node not in programs.cluster.edge_nodes]
    return f", on cloud nodes too: {names(cloud)}" if cloud else ""


def _by_node(pods: Iterable[Json]) -> dict[str, Json]:
    return {str(pod["spec"].get("nodeName")): pod for pod in pods}


def _late(check: Check, agent: Program, pods: Mapping[str, Json], now: datetime) -> None:
    """Add a finding if pods that are not ready are older than a minute."""
    late = [node for node, pod in pods.items() if is_older(pod, now)]
    if late:
        pod = pods[late[0]]
        reason = next(unready([pod]), "").partition(": ")[2] or "not ready"
        fields = {"nodes": names(late), "reason": reason, "pod": name_of(pod)}
        check.add(agent.title, say("agent-not-on-node", **fields, namespace=agent.workload.namespace))


def _selects(programs: Programs, agent: Program, node: str) -> bool:
    found = programs.cluster.nodes[node]
    return node_terms(agent.workload.data).match(labels(found)) and not untolerated(agent.workload, found)


def _is_ready(programs: Programs, node: str) -> bool:
    return has_condition(programs.cluster.nodes[node], "Ready")


def _keys(programs: Programs) -> Check:
    """Compare the keys of the network by digest; they are never printed."""
    check = Check(_CATEGORY, "agents and gateways have the same PSK")
    digests: dict[str, list[str]] = defaultdict(list)
    for one in (*programs.agents, *programs.gateways):
        if one.config is not None and one.config.at(f"{_PSK}.enable") is not False:
            digest = _digest(programs.cluster, one)
            if digest:
                digests[digest].append(one.title)
    if not digests:
        check.skipped = "no Secret with a PSK that this account may read"
    elif len(digests) > 1:
        first, *others = digests.values()
        for several in others:
            check.add("", say("psk-secrets-differ", one=several[0], other=first[0]))
    return check


def _digest(cluster: LiveCluster, program: Program) -> str:
    path = str(program.config.at(f"{_PSK}.path") or "") if program.config else ""
    place = secret_of(program, path)
    secret = cluster.get("Secret", program.workload.namespace, place[0]) if place else None
    value = as_map((secret or {}).get("data")).get(place[1]) if place else None
    return hashlib.sha256(str(value).encode()).hexdigest() if value else ""


def _relays(programs: Programs) -> Check:
    check = Check(_CATEGORY, "relay nodes exist and run an agent")
    found = sorted({name for agent in programs.agents for name in _relay_names(agent)})
    if not found or not programs.cluster.has("pods", "nodes"):
        check.skipped = "this account may not read pods and nodes" if found else "no relay nodes are set"
        return check
    nodes = {**programs.cluster.nodes, **programs.cluster.left_out}
    running = {
        pod["spec"].get("nodeName")
        for one in programs.agents
        for pod in programs.cluster.pods_of(one.workload)
    }
    for name in found:
        node = nodes.get(name)
        if node is None:
            check.add("", say("relay-node-missing", node=name))
        elif name not in running and (reason := _kept_away(programs, node)):
            check.add("", say("relay-node-missing", "agent", node=name, reason=reason))
    return check


def _kept_away(programs: Programs, node: Json) -> str:
    """Return why no agent selects a node, "" if one does: its missing pod is a finding about the agent."""
    reason = ""
    for agent in programs.agents:
        taints = untolerated(agent.workload, node)
        if node_terms(agent.workload.data).match(labels(node)) and not taints:
            return ""
        reason = f"it has the taint {taints[0]}" if taints else "the agent does not select its labels"
    return reason


def _relay_names(agent: Program) -> list[str]:
    listed = as_list(agent.config.at(_RELAYS)) if agent.config else []
    return [str(one["nodeName"]) for one in map(as_map, listed) if one.get("nodeName")]


def _dns(programs: Programs) -> Check:
    check = Check(_CATEGORY, "clusterDNS of the nodes is the address of EdgeMesh")
    bridges = {
        str(one.config.at("commonConfig.bridgeDeviceIP"))
        for one in programs.agents
        if one.config is not None and one.config.at("modules.edgeDNS.enable") is True
    }
    if not bridges or not programs.node_configs:
        check.skipped = (
            "EdgeMesh answers no DNS"
            if programs.node_configs
            else "the edgecore.yaml of the nodes is unknown"
        )
        return check
    check.detail = ", ".join(sorted(bridges))
    for one in programs.node_configs:
        dns = _cluster_dns(one.config.effective)
        if one.nodes and not bridges & set(dns):
            fields = {
                "dns": ", ".join(dns) or "not set",
                "bridge": sorted(bridges),
                "nodes": names(one.nodes),
            }
            check.add(one.config.where, say("dns-address-differs", **fields))
    return check


def _cluster_dns(effective: Any) -> list[str]:
    """Return clusterDNS, a list from KubeEdge 1.12 on and a text before."""
    for path in _DNS:
        value = effective
        for name in path.split("."):
            value = as_map(value).get(name)
        if value:
            return [str(one) for one in (value if isinstance(value, list) else [value])]
    return []


def _permissions(programs: Programs) -> Check:
    check = Check(_CATEGORY, "EdgeMesh has the permissions that it needs")
    objects, manifests = _wanted_roles(programs), []
    for one in (*programs.agents, *programs.gateways):
        suffix = one.component.removeprefix("edgemesh-")
        wanted = granted(objects, ("kubeedge", f"edgemesh-{suffix}"))
        lacking = denied(programs.cluster, one.account, wanted)
        found = [p for several in lacking.values() for p in several]
        if found:
            fields = {"account": user_of(one.account), "permissions": names(permission_lines(found))}
            check.add(one.title, say("agent-permission-missing", **fields))
            name = f"{one.component}-missing"
            manifests.append(role_text(one.account, name, lacking, aggregate=False))
    check.manifest = "---\n".join(manifests)
    if not programs.cluster.has("subjectaccessreviews"):
        check.skipped = "this account may not create subjectaccessreviews"
    return check


def _wanted_roles(programs: Programs) -> list[Json]:
    """Return the roles of charts/edgemesh for this release, with a gateway if there is one."""
    release = next((one.release for one in programs.agents if one.release), None)
    chosen = [f"edgemeshVersion={release.tag}"] if release else []
    chosen += ["gateway.enable=true"] if programs.gateways else []
    site = render_site(load_site([], profile="plain", charts=("edgemesh",), set=chosen))
    return [one.data for one in site.documents if "Role" in one.data["kind"]]


def _older_pods(programs: Programs) -> Check:
    check = Check(_CATEGORY, "pods on edge nodes are newer than EdgeMesh")
    installed = [moment(one.workload.metadata.get("creationTimestamp")) for one in programs.agents]
    since = min((one for one in installed if one), default=None)
    older = [
        f"{pod['metadata']['namespace']}/{name_of(pod)}"
        for pod in programs.cluster.pods
        if pod["spec"].get("nodeName") in programs.cluster.edge_nodes and _asks_dns(pod) and not ended(pod)
        for created in [moment(pod["metadata"]["creationTimestamp"])]
        if since and created and created < since
    ]
    if older:
        check.add("", say("pods-older-than-agent", pods=names(sorted(older)[: _MOST_PODS + 1])))
    return check


def _asks_dns(pod: Json) -> bool:
    """Return whether a pod has the name server of the cluster."""
    policy = pod["spec"].get("dnsPolicy") or "ClusterFirst"
    return policy == "ClusterFirstWithHostNet" or (
        policy == "ClusterFirst" and not pod["spec"].get("hostNetwork")
    )
