"""Checks of kubectl logs and exec: both ends of the tunnel, its ports, and the log of one edge pod."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime

from generator.catalogue.message import Message, say
from generator.doctor.accounts import settled
from generator.doctor.cluster import Json, labels, name_of, runs
from generator.doctor.programs import Program, Programs
from generator.doctor.report import Check, names
from generator.errors import ClusterError
from generator.install.prerequisites import OWN_NAMESPACE
from generator.install.waiting import has_condition
from generator.io.api_server import StreamFailure, stream_failure
from generator.kube.pods import as_list, as_map, pod_of

_CATEGORY = "streams"
_RECORD = "tunnelportrecord.kubeedge.io"
_KEYS = ("streamCA.crt", "stream.crt", "stream.key")
_CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")
_SECONDS = 15


def checks(programs: Programs, now: datetime) -> Iterator[Check]:
    """Yield the checks of the category streams."""
    cloud, edge = _cloud(programs), _edge(programs)
    both = Check(_CATEGORY, "cloudStream and edgeStream are both on or both off")
    if cloud is None:
        both.skipped = "the configuration of cloudcore is unknown"
        yield both
        return
    if not cloud and not any(edge.values()):
        both.skipped = (
            "both are off, so kubectl logs and exec do not work on edge nodes (streams.enable: true)"
        )
        yield both
        return
    differing = sorted(node for node, on in edge.items() if on != cloud)
    if differing:
        code = "edge-stream-off" if cloud else "cloud-stream-off"
        both.add("", say(code, nodes=names(differing)))
    yield both
    if cloud:
        yield _certificate(programs)
        yield _ports(programs)
        yield _rules(programs)
        yield _tunnels(programs, edge)
        yield _log(programs, edge, now)


def _cloud(programs: Programs) -> bool | None:
    return None if programs.cloud is None else programs.cloud.at("modules.cloudStream.enable") is True


def _edge(programs: Programs) -> dict[str, bool]:
    """Return whether edgeStream is on, by node; nodes with an unknown edgecore.yaml are left out."""
    return {
        node: one.config.at("modules.edgeStream.enable") is True
        for one in programs.node_configs
        for node in one.nodes
    }


def _certificate(programs: Programs) -> Check:
    check = Check(_CATEGORY, "cloudcore has a stream certificate")
    check.skipped = "cloudcore mounts no Secret with a stream certificate"
    for one in programs.cloudcore:
        for name, keys in _stream_secrets(one):
            title = f"secret {one.workload.namespace}/{name}"
            secret = programs.cluster.get("Secret", one.workload.namespace, name)
            lacking = [key for key in keys if key not in as_map((secret or {}).get("data"))]
            check.skipped, check.detail = "", title
            if title in programs.cluster.unreadable:
                check.skipped = f"this account may not read {title}"
            elif secret is None:
                check.add(one.title, say("stream-certificate-missing", secret=name))
            elif lacking:
                check.add(one.title, say("stream-certificate-missing", "keys", secret=name, keys=lacking))
    return check


def _stream_secrets(cloudcore: Program) -> Iterator[tuple[str, list[str]]]:
    """Yield each Secret with a stream certificate that cloudcore mounts, and the keys that it reads."""
    for volume in as_list(pod_of(cloudcore.workload).get("volumes")):
        source = as_map(volume.get("secret"))
        items = [str(one["key"]) for one in as_list(source.get("items"))]
        files = {str(one["path"]).rpartition("/")[2] for one in as_list(source.get("items"))}
        if source.get("secretName") and ("stream" in volume["name"] or files & set(_KEYS)):
            yield str(source["secretName"]), items or list(_KEYS)


def _ports(programs: Programs) -> Check:
    check = Check(_CATEGORY, "each cloudcore has a tunnel port")
    known = _record(programs)
    if f"configmap {OWN_NAMESPACE}/tunnelport" in programs.cluster.unreadable:
        check.skipped = "this account may not read the ConfigMap tunnelport"
    elif not known:
        check.add("", say("tunnel-port-missing", namespace=programs.namespace))
    else:
        addresses = [str(as_map(pod.get("status")).get("podIP") or "") for pod in programs.cloud_pods]
        lacking = sorted(one for one in addresses if one and one not in known)
        check.detail = ", ".join(f"{ip} {port}" for ip, port in sorted(known.items()))
        # With the host's network cloudcore may record another address of its host.
        if lacking and not set(addresses) & known.keys() and len(known) < len(addresses):
            check.add("", say("tunnel-port-missing", "pods", addresses=lacking, namespace=programs.namespace))
    return check


def _record(programs: Programs) -> dict[str, int]:
    """Return the tunnel port of each cloudcore by its address, {} without a record."""
    found = programs.cluster.get("ConfigMap", OWN_NAMESPACE, "tunnelport")
    text = as_map(as_map((found or {}).get("metadata")).get("annotations")).get(_RECORD)
    try:
        ports = as_map(json.loads(text or "{}")).get("ipTunnelPort")
    except ValueError:
        return {}
    return {str(ip): int(port) for ip, port in as_map(ports).items()}


def _rules(programs: Programs) -> Check:
    check = Check(_CATEGORY, "an iptables manager runs where the API server runs")
    nodes = [
        name for name, node in programs.cluster.nodes.items() if set(_CONTROL_PLANE) & labels(node).keys()
    ]
    managers = [one for one in programs.cluster.workloads if runs(one, "iptables-manager")]
    if not programs.cluster.has("pods", "nodes"):
        check.skipped = "this account may not read pods and nodes"
    elif not nodes:
        check.skipped = "no node has the label of a control plane; the request below shows it"
    elif not managers:
        check.skipped = "no separate iptables manager; the request below shows whether the rules exist"
    else:
        running = {pod["spec"].get("nodeName") for one in managers for pod in programs.cluster.pods_of(one)}
        lacking = sorted(set(nodes) - running)
        if lacking:
            check.add("", say("stream-rule-missing", "nowhere", nodes=names(lacking)))
    return check


def _tunnels(programs: Programs, edge: dict[str, bool]) -> Check:
    check = Check(_CATEGORY, "edge nodes have a tunnel to cloudcore")
    ports, nodes = set(_record(programs).values()), [node for node, on in edge.items() if on]
    if not ports:
        check.skipped = "the ports of the tunnel are unknown"
    elif not nodes:
        check.skipped = (
            "edgeStream is off on all known nodes" if edge else "the edgecore.yaml of the nodes is unknown"
        )
    if check.skipped:
        return check
    others: dict[int, list[str]] = {}
    for node in nodes:
        found = programs.cluster.edge_nodes[node]
        endpoint = as_map(as_map(as_map(found.get("status")).get("daemonEndpoints")).get("kubeletEndpoint"))
        port = int(endpoint.get("Port") or 0)
        if port not in ports and has_condition(found, "Ready"):
            others.setdefault(port, []).append(node)
    for port, several in sorted(others.items()):
        fields = {"nodes": names(several), "port": port, "ports": ", ".join(map(str, sorted(ports)))}
        check.add("", say("tunnel-session-missing", **fields))
    return check


def _log(programs: Programs, edge: dict[str, bool], now: datetime) -> Check:
    """Read one line of the log of a pod on an edge node through the API server."""
    check = Check(_CATEGORY, "the log of a pod on an edge node can be read")
    nodes = programs.cluster.edge_nodes
    pods = [
        pod
        for pod in programs.cluster.pods
        if pod["spec"].get("nodeName") in nodes
        and has_condition(nodes[pod["spec"]["nodeName"]], "Ready")
        and edge.get(pod["spec"]["nodeName"], True)
        and settled(pod, now)
        and has_condition(pod, "Ready")
    ]
    if not pods:
        check.skipped = "no pod older than a minute is ready on a Ready edge node with edgeStream"
        return check
    pod = min(pods, key=name_of)
    title, node = f"{pod['metadata']['namespace']}/{name_of(pod)}", str(pod["spec"]["nodeName"])
    begin = time.monotonic()
    try:
        programs.cluster.kubectl.run("get", "--raw", _path(pod), "--request-timeout", f"{_SECONDS}s")
    except ClusterError as error:
        seconds = time.monotonic() - begin
        failure = stream_failure(error.stderr)
        if failure.denied:
            check.skipped = "this account may not read logs of pods"
        else:
            reason = error.stderr.strip() or error.what
            check.add("", _message(failure, title, node, f"{seconds:.1f}", reason))
        return check
    check.detail = f"{title} on {node}, {time.monotonic() - begin:.1f} s"
    return check


def _path(pod: Json) -> str:
    metadata, container = pod["metadata"], pod["spec"]["containers"][0]["name"]
    place = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
    return f"{place}/log?container={container}&tailLines=1"


def _message(failure: StreamFailure, pod: str, node: str, seconds: str, error: str) -> Message:
    """Return the cause of a failed log request."""
    if failure.session:
        return say("tunnel-session-missing", "session", node=node)
    if failure.kubelet_ca:
        return say("stream-kubelet-ca", address=failure.kubelet_ca)
    if failure.refused:
        return say("stream-rule-missing", port=failure.refused, node=node)
    return say("log-request-failed", pod=pod, node=node, seconds=seconds, error=error)
