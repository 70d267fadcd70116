"""Checks of cloudcore: its pods, its configuration, its certificates and its permissions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from generator import paths
from generator.catalogue.message import say
from generator.certs.expiry import expiries
from generator.certs.live import uncovered
from generator.doctor import cloud_permissions
from generator.doctor.cluster import Json, name_of
from generator.doctor.programs import (
    Config,
    Programs,
    config_changed,
    endpoint_clients,
    requests_certificates,
)
from generator.doctor.report import Check, names
from generator.errors import count
from generator.install.findings import expiry
from generator.install.nodes import moment
from generator.install.prerequisites import OWN_NAMESPACE
from generator.install.requests import NOT_ISSUED, sort_requests
from generator.install.waiting import container_statuses, has_condition, unready
from generator.kube.pods import as_list, as_map, pod_of

_CATEGORY = "cloud"
_DAYS = 30
_RECENT = timedelta(hours=1)
# Two clocks, and the second in which a pod is created.
_SLACK = timedelta(seconds=2)
# kube-controller-manager signs within seconds.
_SIGNED_IN = timedelta(seconds=60)
_GATE_CODES = {True: "cloud-only", False: "edge-only"}


def checks(programs: Programs, now: datetime) -> Iterator[Check]:
    """Yield the checks of the category cloud."""
    if not programs.cloudcore:
        yield _no_cloudcore(programs)
        return
    yield _ready(programs)
    yield _restarts(programs, now)
    yield _config(programs)
    yield _restarted(programs)
    yield _dynamic_controller(programs)
    yield _gate(programs)
    yield _certificates(programs, now)
    yield _names(programs)
    yield _replicas(programs)
    yield from cloud_permissions.checks(programs)
    if requests_certificates(programs):
        yield _signer(programs, now)


def _no_cloudcore(programs: Programs) -> Check:
    check = Check(_CATEGORY, "cloudcore runs")
    if not programs.cluster.has("nodes", "pods", "deployments"):
        check.skipped = "this account may not read nodes, pods and deployments"
    elif not programs.cluster.edge_nodes and not programs.agents:
        check.skipped = "the cluster has no edge node and no pod of cloudcore"
    elif any(
        has_condition(node, "Ready")
        for node in (*programs.cluster.edge_nodes.values(), *programs.cluster.left_out.values())
    ):
        # It is there, as edge nodes are Ready, but as a process outside the cluster.
        check.skipped = "no pod of cloudcore; it runs outside the cluster, where this command cannot look"
    else:
        check.add("", say("cloudcore-not-ready", "missing", namespace=programs.namespace))
    return check


def _ready(programs: Programs) -> Check:
    check = Check(_CATEGORY, "cloudcore is ready")
    tags = []
    for one in programs.cloudcore:
        if not programs.cluster.has("pods"):
            check.skipped = "this account may not read pods"
            continue
        pods = programs.cluster.pods_of(one.workload)
        wanted = int(as_map(one.workload.data["spec"]).get("replicas", 1))
        ready = sum(has_condition(pod, "Ready") for pod in pods)
        tags.append(f"{one.release.tag if one.release else 'unknown release'}, {count(ready, 'pod')}")
        if ready < wanted or not wanted:
            reasons = list(unready(pods)) or ["no pod" if wanted else "its replicas are 0"]
            fields = {"ready": ready, "wanted": wanted, "reason": reasons[0], "namespace": programs.namespace}
            check.add(one.title, say("cloudcore-not-ready", **fields))
    check.detail = "; ".join(tags)
    return check


def _restarts(programs: Programs, now: datetime) -> Check:
    check = Check(_CATEGORY, "cloudcore did not restart in the last hour")
    if not programs.cluster.has("pods"):
        check.skipped = "this account may not read pods"
    for pod in programs.cloud_pods:
        for one in container_statuses(as_map(pod.get("status"))):
            ended = as_map(as_map(one.get("lastState")).get("terminated"))
            time = moment(ended.get("finishedAt"))
            if one.get("restartCount") and time and now - time < _RECENT:
                reason = f"{ended.get('reason') or 'ended'}, exit code {ended.get('exitCode')}"
                check.add(
                    "",
                    say(
                        "cloudcore-restarts",
                        pod=name_of(pod),
                        number=count(int(one["restartCount"]), "time"),
                        time=f"{time:%H:%M:%S} UTC",
                        reason=reason,
                        namespace=programs.namespace,
                    ),
                )
    return check


def _config(programs: Programs) -> Check:
    check = Check(_CATEGORY, "cloudcore's configuration is readable")
    for one in programs.cloudcore:
        if one.config is None:
            check.skipped = f"{one.title} mounts no ConfigMap with cloudcore.yaml that this account may read"
        elif one.config.reason:
            check.add(one.config.where, say("cloudcore-config-unreadable", reason=one.config.reason))
        else:
            check.detail = one.config.where
    return check


def _restarted(programs: Programs) -> Check:
    check = Check(_CATEGORY, "cloudcore runs with this configuration")
    for one in programs.cloudcore:
        configmap = one.config.configmap if one.config else None
        changed = config_changed(configmap) if configmap else None
        if changed is None:
            check.skipped = "the time of the last change is unknown"
            continue
        for pod in programs.cluster.pods_of(one.workload):
            created = moment(pod["metadata"]["creationTimestamp"])
            if created and changed > created + _SLACK and not (one.config and _has(pod, one.config)):
                fields = {"changed": f"{changed:%F %T} UTC", "created": f"{created:%F %T} UTC"}
                fields |= {"pod": name_of(pod), "namespace": programs.namespace}
                check.add(str(one.config and one.config.where), say("cloudcore-not-restarted", **fields))
    return check


def _has(pod: Json, config: Config) -> bool:
    """Return whether a pod started with this text: charts/cloudcore writes its checksum to the pod."""
    checksum = as_map(pod["metadata"].get("annotations")).get("checksum/config")
    return checksum == hashlib.sha256(config.text.rstrip("\n").encode()).hexdigest()


def _dynamic_controller(programs: Programs) -> Check:
    check = Check(_CATEGORY, "dynamicController is on in cloudcore")
    if programs.cloud is None:
        check.skipped = "the configuration of cloudcore is unknown"
    elif programs.cloud.at("modules.dynamicController.enable") is not True:
        used = [one.config.at("modules.metaManager.metaServer.enable") for one in programs.node_configs]
        if used and not any(used):
            check.skipped = "it is off, and so is metaServer on the nodes"
        elif not used and not endpoint_clients(programs):
            # The default of upstream's chart, where nothing uses the endpoint.
            check.skipped = "it is off, and no program is known that uses the endpoint"
        else:
            check.add(programs.cloud.where, say("dynamic-controller-off"))
    return check


def _gate(programs: Programs) -> Check:
    check = Check(_CATEGORY, "requireAuthorization is the same in cloudcore and on the nodes")
    cloud = programs.cloud
    if cloud is None or not programs.node_configs:
        what = "cloudcore" if cloud is None else "the nodes"
        check.skipped = f"the configuration of {what} is unknown; use --file, or --node NAME --probe"
        return check
    check.detail = "on" if cloud.gate else "off"
    for one in programs.node_configs:
        if one.nodes and one.config.gate != cloud.gate:
            variant = _GATE_CODES[cloud.gate]
            check.add(one.config.where, say("gate-differs", variant, nodes=names(one.nodes)))
    return check


def _certificates(programs: Programs, now: datetime) -> Check:
    check = Check(_CATEGORY, "cloudcore's certificates are valid")
    found = []
    places = [(OWN_NAMESPACE, "casecret"), (OWN_NAMESPACE, "cloudcoresecret"), *_mounted_secrets(programs)]
    for place in dict.fromkeys(places):
        secret = programs.cluster.get("Secret", *place)
        found += list(expiries(secret)) if secret else []
    for end in found:
        if end.due(now, _DAYS):
            check.add(f"secret {end.secret}: {end.key}", expiry(end, now))
    if not found:
        check.skipped = (
            "no certificate in the Secrets casecret and cloudcoresecret that this account may read"
        )
    else:
        check.detail = f"the first one ends {min(one.ends for one in found):%Y-%m-%d}"
    return check


def _mounted_secrets(programs: Programs) -> list[tuple[str, str]]:
    volumes = [
        (one.workload.namespace, as_map(volume.get("secret")).get("secretName"))
        for one in programs.cloudcore
        for volume in as_list(pod_of(one.workload).get("volumes"))
    ]
    return [(namespace, str(name)) for namespace, name in volumes if name]


def _names(programs: Programs) -> Check:
    check = Check(_CATEGORY, "cloudcore's certificate contains its addresses")
    secret = programs.cluster.get("Secret", OWN_NAMESPACE, "cloudcoresecret")
    if secret is None or programs.cloud is None:
        check.skipped = "the Secret cloudcoresecret or the configuration of cloudcore is unknown"
        return check
    hub = as_map(programs.cloud.at("modules.cloudHub"))
    wanted = [str(one) for name in ("advertiseAddress", "dnsNames") for one in as_list(hub.get(name)) if one]
    for one in programs.node_configs:
        # Without an address in the file, the default is 127.0.0.1, which no node uses.
        wanted += [_host(str(paths.first(one.config.own, "modules.edgeHub.websocket.server") or ""))]
    missing = uncovered(secret, dict.fromkeys(filter(None, wanted)))
    if missing:
        message = say("cloudcore-certificate-names", names=missing, namespace=OWN_NAMESPACE)
        check.add(f"secret {OWN_NAMESPACE}/cloudcoresecret", message)
    return check


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")


def _replicas(programs: Programs) -> Check:
    check = Check(_CATEGORY, "all replicas of cloudcore have one CA")
    for one in programs.cloudcore:
        replicas = int(as_map(one.workload.data["spec"]).get("replicas", 1))
        title = f"secret {OWN_NAMESPACE}/casecret"
        if replicas > 1 and programs.cluster.get("Secret", OWN_NAMESPACE, "casecret") is None:
            if title in programs.cluster.unreadable:
                check.skipped = "this account may not read the Secret casecret"
            else:
                message = say("replicas-without-ca", replicas=replicas, namespace=programs.namespace)
                check.add(one.title, message)
    return check


def _signer(programs: Programs, now: datetime) -> Check:
    check = Check(_CATEGORY, "kube-controller-manager signs certificates")
    if not programs.cluster.has("csr"):
        check.skipped = "this account may not read certificate requests"
    requests = programs.cluster.lists["csr"]
    created = {name_of(one): moment(one["metadata"]["creationTimestamp"]) for one in requests}
    for one in sort_requests(requests, programs.cluster.edge_nodes)[0]:
        time = created[one.request]
        if one.code == NOT_ISSUED and (time is None or now - time > _SIGNED_IN):
            check.add(f"csr {one.request}", say(one.code, node=one.node))
    return check
