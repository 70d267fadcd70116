"""Checks of what the endpoint's clients need: access objects, token issuer, TLS of the agents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from generator.catalogue.message import Message, say
from generator.certs.live import expired, signed, trusts
from generator.doctor.accounts import edge_accounts, is_older, settled
from generator.doctor.cluster import Json, name_of
from generator.doctor.permissions import Account, granted, role_objects
from generator.doctor.programs import Program, Programs, endpoint_clients
from generator.doctor.report import Check, names
from generator.errors import count
from generator.install.access import Access, accesses_in, exist, heal, renew_command, with_missing
from generator.install.waiting import has_condition
from generator.kube.pods import as_list, as_map, containers, pod_of
from generator.language import translated

_CATEGORY = "endpoint"
_ISSUER = "https://kubernetes.default.svc.cluster.local"
_SECURITY = "kubeAPIConfig.metaServer.security"
_BINDINGS = ("accessRoleBinding", "accessClusterRoleBinding")
# From here on the CA of the cluster signs the certificate of the endpoint.
_CLUSTER_CA = {"from": "1.17"}
_WORDS = {True: "on", False: "off"}


def checks(programs: Programs, now: datetime) -> Iterator[Check]:
    """Yield the checks of the category endpoint."""
    if not programs.cluster.edge_nodes:
        return
    if programs.cloud is not None and programs.cloud.gate and exist(programs.kubeedge):
        yield from _accesses(programs, now)
        yield _issuer(programs)
    if programs.agents:
        yield _gate(programs)
    for agent in programs.agents:
        if agent.config is not None and agent.config.gate and programs.kubeedge.within(_CLUSTER_CA):
            yield _agent_files(programs, agent, now)


def _accesses(programs: Programs, now: datetime) -> Iterator[Check]:
    """Yield the checks of the access objects of all service accounts on edge nodes."""
    check = Check(_CATEGORY, "nodes have an access object for each service account")
    cluster = programs.cluster
    if not cluster.has("serviceaccountaccesses", "objectsyncs", "pods"):
        check.skipped = "this account may not read serviceaccountaccesses, objectsyncs or pods"
        yield check
        return
    objects = cluster.lists["serviceaccountaccesses"]
    found = with_missing(accesses_in(objects, cluster.edge_nodes), cluster.lists["objectsyncs"])
    by_account = {_account(one): one for one in objects}
    by_name = {(one.namespace, one.name): one for one in found}
    accounts = edge_accounts(programs)
    check.detail = count(len(accounts), "service account")
    for account, pods in accounts.items():
        one = by_account.get(account)
        access = by_name[one["metadata"]["namespace"], name_of(one)] if one else None
        ready = [pod for pod in pods if settled(pod, now) and _is_ready(programs, pod)]
        _named(check, account, access, ready)
    new = {one["metadata"]["uid"] for one in objects if not is_older(one, now)}
    for access in found:
        if access.uid not in new:
            _delivered(check, programs, access)
    yield check
    yield _rules(programs, by_account)


def _account(access: Json) -> Account:
    """Return the service account of an access object; the object has the name of the account."""
    account = as_map(as_map(access.get("spec")).get("serviceAccount"))
    return access["metadata"]["namespace"], str(
        as_map(account.get("metadata")).get("name") or name_of(access)
    )


def _is_ready(programs: Programs, pod: Json) -> bool:
    return has_condition(programs.cluster.edge_nodes[pod["spec"]["nodeName"]], "Ready")


def _named(check: Check, account: Account, access: Access | None, pods: list[Json]) -> None:
    """Add a finding if the access object does not exist, or lacks a node with pods of the account."""
    named = access.nodes if access else ()
    lacking = [pod for pod in pods if pod["spec"]["nodeName"] not in named]
    if lacking:
        nodes = names(sorted({pod["spec"]["nodeName"] for pod in lacking}))
        fields = {"nodes": nodes, "namespace": account[0], "pod": name_of(lacking[0])}
        check.add(f"service account {account[0]}/{account[1]}", say("access-missing", **fields))


def _delivered(check: Check, programs: Programs, access: Access) -> None:
    """Add a finding if Ready nodes have not acknowledged an access object."""
    nodes = programs.cluster.edge_nodes
    missing = [node for node in access.missing if has_condition(nodes[node], "Ready")]
    if missing:
        heals = heal(programs.kubeedge)
        command = "" if heals else renew_command(access.namespace, access.name)
        check.add(access.title, say("access-not-acknowledged", nodes=names(missing), command=command))


def _rules(programs: Programs, by_account: Mapping[Account, Json]) -> Check:
    check = Check(_CATEGORY, "access objects have the rules of their accounts")
    if not programs.cluster.has("clusterroles", "clusterrolebindings", "roles", "rolebindings"):
        check.skipped = "this account may not read roles and bindings"
        return check
    objects = role_objects(programs.cluster)
    for account, access in by_account.items():
        wanted = granted(objects, account)
        # cloudcore reads the RoleBindings in the namespace of the account, and no others.
        wanted = {namespace: wanted[namespace] for namespace in ("", account[0]) if namespace in wanted}
        spec = as_map(access.get("spec"))
        has = any(as_list(as_map(one).get("rules")) for name in _BINDINGS for one in as_list(spec.get(name)))
        if any(wanted.values()) and not has:
            title = f"serviceaccountaccess {account[0]}/{name_of(access)}"
            check.add(title, say("access-without-rules", namespace=account[0], name=name_of(access)))
    return check


def _issuer(programs: Programs) -> Check:
    check = Check(_CATEGORY, "edgecore accepts the issuer of the cluster's tokens")
    issuer = programs.cluster.issuer
    if not issuer or not programs.node_configs:
        what = "the edgecore.yaml of the nodes" if issuer else "the issuer of the API server"
        check.skipped = f"{what} is unknown"
        return check
    check.detail = issuer
    for one in programs.node_configs:
        accepted = as_list(one.config.at("modules.metaManager.metaServer.serviceAccountIssuers")) or [_ISSUER]
        if one.nodes and one.config.gate and issuer not in accepted:
            fields = {"issuer": issuer, "accepted": [*map(str, accepted)], "nodes": names(one.nodes)}
            check.add(one.config.where, say("issuer-differs", **fields))
    return check


def _gate(programs: Programs) -> Check:
    check = Check(_CATEGORY, "requireAuthorization is the same in edgemesh-agent and on the nodes")
    configs = [one.config for one in endpoint_clients(programs) if one.config]
    if not configs or not programs.node_configs:
        what = "edgemesh-agent" if not configs else "the nodes"
        check.skipped = f"the configuration of {what} is unknown; use --file, or --node NAME --probe"
        return check
    for config in configs:
        for one in programs.node_configs:
            if one.nodes and one.config.gate != config.gate:
                fields = {"agent": _WORDS[config.gate], "edge": _WORDS[one.config.gate]}
                check.add(config.where, say("agent-gate-differs", **fields, nodes=names(one.nodes)))
    return check


def _agent_files(programs: Programs, agent: Program, now: datetime) -> Check:
    """Check the CA and the client certificate that an agent has from a Secret, against the cluster's CA."""
    title = translated("doctor", "the TLS files of {agent} fit the endpoint")
    check = Check(_CATEGORY, title.format(agent=name_of(agent.workload.data)))
    security: Mapping[str, Any] = as_map(agent.config.at(_SECURITY)) if agent.config else {}
    root = programs.cluster.get("ConfigMap", agent.workload.namespace, "kube-root-ca.crt")
    ca = str(as_map((root or {}).get("data")).get("ca.crt") or "")
    if security.get("insecureSkipTLSVerify") is True:
        check.detail = "it verifies nothing (insecureSkipTLSVerify)"
        return check
    if not ca:
        check.skipped = "the ConfigMap kube-root-ca.crt has no CA that this account may read"
        return check
    for field in ("tlsCaFile", "tlsCertFile"):
        path = str(security.get(field) or "")
        place = secret_of(agent, path)
        secret = programs.cluster.get("Secret", agent.workload.namespace, place[0]) if place else None
        fault = _file_fault(secret, place[1], ca, now, field) if place and secret else None
        if place and fault:
            check.add(f"secret {agent.workload.namespace}/{place[0]}", fault)
    return check


def _file_fault(secret: Json, key: str, ca: str, now: datetime, field: str) -> Message | None:
    """Return what is wrong with a file of an agent, None if it fits the CA of the cluster."""
    if field == "tlsCaFile":
        return None if trusts(secret, key, ca) else say("endpoint-ca-unknown", "secret", file=key)
    ended = expired(secret, key, now)
    if ended:
        return say("client-certificate-rejected", "expired", date=f"{ended:%F}", file=key)
    return None if signed(secret, key, ca) else say("client-certificate-rejected", "secret", file=key)


def secret_of(program: Program, path: str) -> tuple[str, str] | None:
    """Return the Secret and the key that a path in the containers of a program is, None for other files."""
    pod = pod_of(program.workload)
    volumes = {one["name"]: as_map(one.get("secret")) for one in as_list(pod.get("volumes"))}
    for container in containers(pod):
        for mount in as_list(container.get("volumeMounts")):
            secret = volumes.get(mount["name"], {})
            folder, _, file = path.rpartition("/")
            if not secret.get("secretName"):
                continue
            if mount.get("subPath") and mount["mountPath"] == path:
                return str(secret["secretName"]), _key(secret, str(mount["subPath"]))
            if mount["mountPath"].rstrip("/") == folder:
                return str(secret["secretName"]), _key(secret, file)
    return None


def _key(secret: Json, file: str) -> str:
    """Return the key of a file in the volume of a Secret."""
    return next((str(one["key"]) for one in as_list(secret.get("items")) if one["path"] == file), file)
